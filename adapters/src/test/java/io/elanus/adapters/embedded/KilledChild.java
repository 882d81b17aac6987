package io.elanus.adapters.embedded;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/// A process that says on lines of their own what it has done, until it is killed.
final class KilledChild {
  private KilledChild() {}

  /// Starts `main` with `folder` and kills it once it has said `lineCount` lines.
  ///
  /// @return the whole lines it has said
  static List<String> run(Class<?> main, Path folder, int lineCount) throws Exception {
    Path said = Files.createTempFile(folder.getParent(), "said", ".txt");
    Process child = builder(main, folder).redirectOutput(said.toFile()).start();
    while (child.isAlive() && lines(said).size() < lineCount) {
      LogFixture.RUN.sleep(Duration.ofMillis(5));
    }
    child.destroyForcibly().waitFor();
    return lines(said);
  }

  static ProcessBuilder builder(Class<?> main, Path folder) {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path"),
            main.getName(),
            folder.toString())
        .redirectError(Redirect.DISCARD);
  }

  private static List<String> lines(Path file) throws IOException {
    String text = Files.readString(file);
    return text.substring(0, text.lastIndexOf('\n') + 1).lines().toList();
  }
}
