package io.elanus.adapters.mysql;

import io.elanus.adapters.sql.MetaTables;
import io.elanus.adapters.sql.SqlSession;
import io.elanus.common.error.ErrorCode;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Proves before the first commit that the database is one the store can stand on, and names all that
/// it lacks at once.
final class MySqlSelfTest {
  private static final Logger log = LoggerFactory.getLogger(MySqlSelfTest.class);

  /// A commit of the most bytes, with every byte escaped, and room.
  private static final long LEAST_PACKET_BYTES = 4L << 20;

  /// "INSERT command denied to user", for a table and for a database.
  private static final List<Integer> DENIED = List.of(1142, 1044);

  private static final int NO_SUCH_TABLE = 1146;

  private static final List<String> TABLES =
      List.of("meta_state", "meta_entry", "meta_event", "meta_request", "meta_lease");

  private final SqlSession session;
  private final MySqlConfig config;
  private final List<String> problems = new ArrayList<>();

  MySqlSelfTest(SqlSession session, MySqlConfig config) {
    this.session = session;
    this.config = config;
  }

  /// Makes the tables where that is allowed, and tests.
  ///
  /// @throws SQLException when the server cannot be asked, or takes no writes
  /// @throws io.elanus.common.error.DbException `INVALID_PARAMETER` with what has to be mended
  void run() throws SQLException {
    requireWritable();
    checkServer();
    boolean usable = createTables() && mayUseTables();
    if (usable) {
      checkTables();
    }
    if (!problems.isEmpty()) {
      throw ErrorCode.INVALID_PARAMETER.because(
          "metastore %s cannot be used:%n%s", config, numbered(problems));
    }
    new MetaTables(session).migrate();
  }

  private void requireWritable() throws SQLException {
    MetaTables.requireWritable(
        session.query("SELECT {writable}", row -> row.getBoolean(1)).getFirst());
  }

  private void checkServer() throws SQLException {
    long packet = number("SELECT @@global.max_allowed_packet");
    if (packet < LEAST_PACKET_BYTES) {
      problems.add(
          "max_allowed_packet is %d bytes, needed are %d".formatted(packet, LEAST_PACKET_BYTES));
    }
    if (number("SELECT @@global.innodb_flush_log_at_trx_commit") != 1) {
      log.warn("innodb_flush_log_at_trx_commit is not 1: a crash may lose acknowledged commits");
    }
  }

  private boolean createTables() throws SQLException {
    if (!config.createTables()) {
      return true;
    }
    try {
      new MetaTables(session).create();
      new LeaseTable(session).create();
      return true;
    } catch (SQLException e) {
      if (!DENIED.contains(e.getErrorCode())) {
        throw e;
      }
      problems.add(
          "tables %s_* cannot be made (%s): grant CREATE, or make them by hand and set createTables"
              .formatted(config.rootPath(), e.getMessage()));
      return false;
    }
  }

  /// Every kind of statement the store will need, on no row.
  private boolean mayUseTables() throws SQLException {
    boolean all = true;
    for (String table : TABLES) {
      all &= may("SELECT * FROM %s WHERE 1 = 0".formatted(table));
      all &= may("INSERT INTO %s SELECT * FROM %s WHERE 1 = 0".formatted(table, table));
      all &= may("DELETE FROM %s WHERE 1 = 0".formatted(table));
    }
    all &= may("UPDATE meta_state SET revision = 0 WHERE 1 = 0");
    all &= may("UPDATE meta_lease SET counter = 0 WHERE 1 = 0");
    return all;
  }

  private boolean may(String sql) throws SQLException {
    try {
      if (sql.startsWith("SELECT")) {
        session.query(sql, row -> row);
      } else {
        session.update(sql);
      }
      return true;
    } catch (SQLException e) {
      if (!DENIED.contains(e.getErrorCode()) && e.getErrorCode() != NO_SUCH_TABLE) {
        throw e;
      }
      problems.add(e.getMessage());
      return false;
    }
  }

  private void checkTables() throws SQLException {
    List<String> foreign =
        session.query(
            "SELECT table_name FROM information_schema.tables WHERE table_schema = DATABASE()"
                + " AND table_name LIKE ? AND engine <> 'InnoDB'",
            row -> row.getString(1),
            config.rootPath() + "\\_%");
    foreign.forEach(table -> problems.add("table %s is not of InnoDB".formatted(table)));
    List<String> texts =
        session.query(
            "SELECT table_name FROM information_schema.columns WHERE table_schema = DATABASE()"
                + " AND table_name LIKE ? AND column_name = 'entry_key'"
                + " AND data_type <> 'varbinary'",
            row -> row.getString(1),
            config.rootPath() + "\\_%");
    texts.forEach(table ->
        problems.add(
            "column entry_key of table %s is not VARBINARY: keys compare by their bytes"
                .formatted(table)));
    if (number("SELECT COUNT(*) FROM meta_state") == 0) {
      problems.add("table %s_state has no row".formatted(config.rootPath()));
    }
  }

  private long number(String sql) throws SQLException {
    return session.query(sql, row -> row.getLong(1)).getFirst();
  }

  private static String numbered(List<String> problems) {
    return IntStream.range(0, problems.size())
        .mapToObj(i -> "%d. %s".formatted(i + 1, problems.get(i)))
        .collect(Collectors.joining("\n"));
  }
}
