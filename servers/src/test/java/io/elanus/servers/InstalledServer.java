package io.elanus.servers;

import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.util.Set;

/// Servers that the operating system brings, as tests need them. Where one is not installed its tests
/// are skipped, loudly; where `ELANUS_REQUIRED_SERVERS` names it (`mariadb,etcd`; CI does), they fail.
public enum InstalledServer {
  MARIADB("mariadb", MariaDbServer.PROGRAM, MariaDbServer.DEBIAN_PACKAGE),
  ETCD("etcd", EtcdServer.PROGRAM, EtcdServer.DEBIAN_PACKAGE);

  private final String label;
  private final String program;
  private final String debianPackage;

  InstalledServer(String label, String program, String debianPackage) {
    this.label = label;
    this.program = program;
    this.debianPackage = debianPackage;
  }

  /// Goes on only where the server is installed.
  public void require() {
    if (Programs.find(program).isPresent()) {
      return;
    }
    String text = "%s is not installed: apt-get install %s".formatted(program, debianPackage);
    if (required().contains(label)) {
      fail(text + " (ELANUS_REQUIRED_SERVERS demands it)");
    }
    System.err.printf("%n*** SKIPPED: tests that need %s. %s%n%n", label, text);
    abort(text);
  }

  private static Set<String> required() {
    return Set.of(System.getenv().getOrDefault("ELANUS_REQUIRED_SERVERS", "").split(",", -1));
  }
}
