package io.elanus.adapters.mysql;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/// Which database, as whom, and how.
///
/// @param rootPath what the names of this cluster's tables begin with: several clusters may share a
///     database. 1 to 32 lower-case letters, digits and underscores
/// @param createTables whether missing tables are made; else they must be there
public record MySqlConfig(
    Server server,
    Credentials credentials,
    Tls tls,
    String rootPath,
    boolean createTables,
    Timing timing) {
  public static final String DEFAULT_ROOT_PATH = "elanus";

  public MySqlConfig {
    if (!rootPath.matches("[a-z0-9_]{1,32}")) {
      throw new IllegalArgumentException(
          "root path '%s' is not 1 to 32 lower-case letters, digits and underscores"
              .formatted(rootPath));
    }
    if (credentials instanceof RdsToken && tls instanceof Tls.Off) {
      throw new IllegalArgumentException("a token of IAM is only sent through TLS");
    }
  }

  /// @param host for Aurora the cluster's writer endpoint
  public record Server(String host, int port, String database) {
    public Server {
      if (!database.matches("[A-Za-z0-9_$-]{1,64}")) {
        throw new IllegalArgumentException("'%s' is no name of a database".formatted(database));
      }
    }

    @Override
    public String toString() {
      return "%s:%d/%s".formatted(host, port, database);
    }
  }

  public sealed interface Tls {
    /// Everybody on the way can read.
    record Off() implements Tls {}

    /// Encrypted, but whoever answers is believed.
    record Unverified() implements Tls {}

    /// The server proves its name.
    ///
    /// @param certificates PEM file of those that may vouch for it (for RDS Amazon's bundle); without
    ///     one, those the JDK knows
    record Verified(Optional<Path> certificates) implements Tls {}
  }

  /// @param callTimeout for an answer of the server to one statement, and for connecting; at least 2 s
  /// @param pollInterval between two looks at the revision while nothing happens; 20 ms to 10 s
  public record Timing(Duration callTimeout, Duration pollInterval) {
    /// Short enough that a lease of 10 s is renewed over another connection in time.
    private static final Duration CALL_TIMEOUT = Duration.ofSeconds(5);

    /// How it was chosen: docs/results/metastore.md, "Idle".
    private static final Duration POLL_INTERVAL = Duration.ofMillis(100);

    public static final Timing DEFAULT = new Timing(CALL_TIMEOUT, POLL_INTERVAL);

    public Timing {
      require(callTimeout.compareTo(Duration.ofSeconds(2)) >= 0, "call timeout", callTimeout);
      require(
          pollInterval.compareTo(Duration.ofMillis(20)) >= 0
              && pollInterval.compareTo(Duration.ofSeconds(10)) <= 0,
          "poll interval",
          pollInterval);
    }

    private static void require(boolean holds, String what, Duration value) {
      if (!holds) {
        throw new IllegalArgumentException("%s %s is out of bounds".formatted(what, value));
      }
    }
  }

  @Override
  public String toString() {
    return "%s, tables %s_*, %s".formatted(server, rootPath, credentials);
  }
}
