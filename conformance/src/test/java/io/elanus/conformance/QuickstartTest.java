package io.elanus.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// The quick-starts of the README, as they are but for the server's address.
@ExtendWith(SharedServer.class)
class QuickstartTest {
  private static final String ADDRESS = "localhost:19530";
  private static final Path EXAMPLES = ElanusServer.root().resolve("docs/examples");

  @Test
  void theReadmeShowsThePythonQuickstartAsItIs() throws IOException {
    String readme = Files.readString(ElanusServer.root().resolve("README.md"));

    assertThat(readme).contains(Files.readString(EXAMPLES.resolve("quickstart.py")).strip());
  }

  @Test
  void pythonQuickstartRuns(ElanusServer server) throws IOException {
    Interpreter.PYTHON.prepare();
    Path script = pointed(server, "quickstart.py", Interpreter.PYTHON.folder());

    Interpreter.PYTHON.run(script.getParent(), Map.of(), script.toString());
  }

  @Test
  void nodeQuickstartRuns(ElanusServer server) throws IOException {
    Interpreter.NODE.prepare();
    Path script = pointed(server, "quickstart.mjs", Interpreter.NODE.folder());

    Interpreter.NODE.run(script.getParent(), Map.of(), script.toString());
  }

  @Test
  void javaQuickstartRuns(ElanusServer server) throws IOException, InterruptedException {
    Path folder = Files.createDirectories(Path.of("target/quickstart").toAbsolutePath());
    Path source = pointed(server, "Quickstart.java", folder);

    Process java =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                source.toString())
            .inheritIO()
            .start();

    assertThat(java.waitFor()).isZero();
  }

  @Test
  void theExampleLoadsAFolderOfVectors(ElanusServer server) throws IOException {
    Path slice = ElanusServer.root().resolve("index/src/test/resources/sift-slice");
    Path picture = Path.of("target/recall.svg").toAbsolutePath();

    Interpreter.PYTHON.run(
        EXAMPLES,
        Map.of(),
        "search_npy.py",
        slice.toString(),
        "--uri",
        server.uri(),
        "--queries",
        "50",
        "--ef",
        "64",
        "--require-recall",
        "0.95",
        "--picture",
        picture.toString());

    assertThat(picture).content().contains("recall@10");
  }

  private static Path pointed(ElanusServer server, String name, Path folder) throws IOException {
    Path copy = folder.resolve(name);
    Files.copy(EXAMPLES.resolve(name), copy, StandardCopyOption.REPLACE_EXISTING);
    String text = Files.readString(copy);
    assertThat(text).contains(ADDRESS);
    Files.writeString(copy, text.replace(ADDRESS, server.address()));
    return copy;
  }
}
