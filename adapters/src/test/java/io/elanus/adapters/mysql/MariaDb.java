package io.elanus.adapters.mysql;

import io.elanus.adapters.TestCertificates;
import io.elanus.servers.InstalledServer;
import io.elanus.servers.MariaDbServer;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// The server that all tests of this module share, each with tables of its own. Ends with the JVM.
final class MariaDb {
  static final String DATABASE = "elanus";
  static final String USER = "elanus";
  static final String PASSWORD = "secret";

  private static final AtomicInteger ROOTS = new AtomicInteger();
  private static @Nullable MariaDbServer server;
  private static @Nullable TestCertificates certificates;

  private MariaDb() {}

  /// Skips or fails the calling test where MariaDB is not installed.
  static synchronized MariaDbServer shared() {
    InstalledServer.MARIADB.require();
    if (server == null) {
      server = start(Path.of("target", "mariadb-%d".formatted(ProcessHandle.current().pid())));
    }
    return server;
  }

  private static MariaDbServer start(Path folder) {
    TestCertificates certificates = certificates();
    MariaDbServer started =
        MariaDbServer.start(
            folder.toAbsolutePath(),
            List.of("--ssl-cert=" + certificates.certificate(), "--ssl-key=" + certificates.key()));
    started.createDatabase(DATABASE, USER, PASSWORD);
    return started;
  }

  /// The server's.
  static synchronized TestCertificates certificates() {
    if (certificates == null) {
      certificates = TestCertificates.make(Path.of("target", "certificates").toAbsolutePath());
    }
    return certificates;
  }

  static String newRoot() {
    return "t" + ROOTS.incrementAndGet();
  }

  static MySqlConfig config(MariaDbServer server, String rootPath) {
    return config(new MySqlConfig.Server(server.host(), server.port(), DATABASE), rootPath);
  }

  static MySqlConfig config(MySqlConfig.Server server, String rootPath) {
    return new MySqlConfig(
        server,
        new Credentials.Password(USER, PASSWORD),
        new MySqlConfig.Tls.Off(),
        rootPath,
        true,
        MySqlConfig.Timing.DEFAULT);
  }
}
