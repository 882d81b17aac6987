package io.elanus.adapters.mysql;

import com.mysql.cj.jdbc.Driver;
import io.elanus.adapters.sql.SqlDialect;
import io.elanus.adapters.sql.SqlSession;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Properties;

/// Connects to the server. Every connection is made as if it were the first: with fresh credentials,
/// and to the address that the host's name has now.
final class MySqlServer {
  /// A client that is paused while it holds the lock on the revision stops everybody; the server ends
  /// its session, and with it the lock, after this time without a statement.
  private static final Duration WRITER_IDLE = Duration.ofSeconds(3);

  private static final int UPTIME_TRIES = 5;

  private final MySqlConfig config;
  private final SqlDialect dialect;
  private final Properties common;

  MySqlServer(MySqlConfig config) {
    this.config = config;
    this.dialect = SqlDialect.mysql(config.rootPath() + "_");
    this.common = commonProperties(config);
  }

  /// Each statement is a transaction.
  SqlSession openReader() throws SQLException {
    return session(connect(new Properties(common)), true);
  }

  /// Statements are in one transaction until it ends.
  SqlSession openWriter() throws SQLException {
    Properties properties = new Properties(common);
    properties.setProperty(
        "sessionVariables",
        "wait_timeout=%d,innodb_lock_wait_timeout=%d"
            .formatted(WRITER_IDLE.toSeconds(), lockWait().toSeconds()));
    return session(connect(properties), false);
  }

  /// Shorter than a call may take: it is the server that says so.
  private Duration lockWait() {
    return config.timing().callTimeout().minusSeconds(1);
  }

  private SqlSession session(Connection connection, boolean autoCommit) throws SQLException {
    try {
      connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
      String run = serverRun(connection);
      connection.setAutoCommit(autoCommit);
      return new SqlSession(connection, dialect, run);
    } catch (SQLException | RuntimeException e) {
      connection.close();
      throw e;
    }
  }

  private Connection connect(Properties properties) throws SQLException {
    properties.setProperty("user", config.credentials().user());
    properties.setProperty("password", password());
    MySqlConfig.Server server = config.server();
    String address =
        "jdbc:mysql://%s:%d/%s".formatted(server.host(), server.port(), server.database());
    Connection connection = new Driver().connect(address, properties);
    if (connection == null) {
      throw new SQLException("not an address of MySQL: " + address);
    }
    return connection;
  }

  private String password() throws SQLException {
    try {
      return config.credentials().password();
    } catch (RuntimeException e) {
      throw new SQLException("no password for %s".formatted(config.credentials()), e);
    }
  }

  private static Properties commonProperties(MySqlConfig config) {
    Properties properties = new Properties();
    String timeout = Long.toString(config.timing().callTimeout().toMillis());
    properties.setProperty("connectTimeout", timeout);
    properties.setProperty("socketTimeout", timeout);
    properties.setProperty("tcpKeepAlive", "true");
    properties.setProperty("useLocalSessionState", "true");
    properties.setProperty("useServerPrepStmts", "false");
    switch (config.tls()) {
      case MySqlConfig.Tls.Off _ -> {
        properties.setProperty("sslMode", "DISABLED");
        properties.setProperty("allowPublicKeyRetrieval", "true");
      }
      case MySqlConfig.Tls.Unverified _ -> properties.setProperty("sslMode", "REQUIRED");
      case MySqlConfig.Tls.Verified verified -> {
        properties.setProperty("sslMode", "VERIFY_IDENTITY");
        verified.certificates().ifPresent(pem -> TrustStore.of(pem).addTo(properties));
      }
    }
    return properties;
  }

  /// Which run of which server this is: its name, and the second it was started in.
  private static String serverRun(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      for (int i = 0; i < UPTIME_TRIES; i++) {
        Moment before = moment(statement);
        long uptime = uptime(statement);
        if (before.equals(moment(statement))) {
          return "%s since %d".formatted(before.host, before.seconds - uptime);
        }
      }
      throw new SQLException("the server's clock jumps");
    }
  }

  private record Moment(String host, long seconds) {}

  private static Moment moment(Statement statement) throws SQLException {
    try (ResultSet rows = statement.executeQuery("SELECT @@hostname, UNIX_TIMESTAMP()")) {
      rows.next();
      return new Moment(rows.getString(1), rows.getLong(2));
    }
  }

  private static long uptime(Statement statement) throws SQLException {
    try (ResultSet rows = statement.executeQuery("SHOW GLOBAL STATUS LIKE 'Uptime'")) {
      rows.next();
      return rows.getLong(2);
    }
  }
}
