package io.elanus.servers;

import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Where the build puts the jars of servers that are Java programs: `servers/NAME/target/lib`, beside our
/// own modules and on no class path of ours, because a server runs with its own versions of everything.
///
/// The source tree is the one this process was started from: system property `elanus.home` (`./elanus`) or
/// `elanus.root` (tests), else the tree this class was built in.
public final class ServerJars {
  private ServerJars() {}

  /// @param name of the folder below `servers/` whose pom names the server
  /// @throws IllegalStateException when the jars are not there, saying how to get them
  public static Path require(String name) {
    Path lib = Path.of("servers", name, "target", "lib");
    return roots()
        .map(root -> root.resolve(lib))
        .filter(Files::isDirectory)
        .findFirst()
        .orElseThrow(() ->
            new IllegalStateException(
                "there is no %s: ./mvnw generate-resources -pl servers/%s".formatted(lib, name)));
  }

  private static Stream<Path> roots() {
    Stream<Path> told =
        Stream.of("elanus.home", "elanus.root")
            .map(System::getProperty)
            .filter(Objects::nonNull)
            .map(Path::of);
    return Stream.concat(told, Stream.iterate(here(), Objects::nonNull, ServerJars::parent));
  }

  private static Path here() {
    try {
      return Path.of(ServerJars.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private static @Nullable Path parent(Path path) {
    return path.getParent();
  }
}
