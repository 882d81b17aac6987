package io.elanus.adapters.sql;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// A connection with its prepared statements, kept for the next use. Owned by one thread at a time.
public final class SqlSession implements AutoCloseable {
  /// Makes a value of the current row.
  public interface Row<T> {
    T read(ResultSet row) throws SQLException;
  }

  /// What is done in one transaction.
  public interface Work<T> {
    T run() throws SQLException;
  }

  private final Connection connection;
  private final SqlDialect dialect;
  private final String server;
  private final Map<String, PreparedStatement> statements = new HashMap<>();

  /// @param connection closed with the session
  /// @param server the run of the server it speaks to: another after a restart
  public SqlSession(Connection connection, SqlDialect dialect, String server) {
    this.connection = connection;
    this.dialect = dialect;
    this.server = server;
  }

  SqlDialect dialect() {
    return dialect;
  }

  String server() {
    return server;
  }

  /// Runs `work` and commits: for sessions without auto-commit. When anything fails, the transaction
  /// is rolled back, as far as that goes.
  public <T> T inTransaction(Work<T> work) throws SQLException {
    try {
      T result = work.run();
      connection.commit();
      return result;
    } catch (Throwable e) {
      rollback(e);
      throw e;
    }
  }

  private void rollback(Throwable cause) {
    try {
      connection.rollback();
    } catch (SQLException e) {
      cause.addSuppressed(e);
    }
  }

  /// @return how many rows were changed
  public int update(String sql, Object... arguments) throws SQLException {
    return update(sql, List.of(arguments));
  }

  /// Runs `sql` with `rows` behind it, each in parentheses; nothing when there are none.
  void updateAll(String sql, List<List<Object>> rows) throws SQLException {
    if (!rows.isEmpty()) {
      update(sql + marks(rows), flat(rows));
    }
  }

  /// Runs `sql`, which ends with IN, with all values of `rows` behind it; nothing when there are none.
  void updateAny(String sql, List<List<Object>> rows) throws SQLException {
    if (!rows.isEmpty()) {
      update(sql + "(" + marks(rows) + ")", flat(rows));
    }
  }

  private int update(String sql, List<Object> arguments) throws SQLException {
    PreparedStatement statement = prepare(sql, arguments);
    int changed = statement.executeUpdate();
    statement.clearParameters(); // they may be large
    return changed;
  }

  public <T> List<T> query(String sql, Row<T> row, Object... arguments) throws SQLException {
    return query(prepare(sql, List.of(arguments)), row);
  }

  /// Runs `sql`, which ends with IN, with all values of `rows` behind it; empty when there are none.
  <T> List<T> queryAny(String sql, Row<T> row, List<List<Object>> rows) throws SQLException {
    return rows.isEmpty()
        ? List.of()
        : query(prepare(sql + "(" + marks(rows) + ")", flat(rows)), row);
  }

  private static <T> List<T> query(PreparedStatement statement, Row<T> row) throws SQLException {
    List<T> found = new ArrayList<>();
    try (ResultSet rows = statement.executeQuery()) {
      while (rows.next()) {
        found.add(row.read(rows));
      }
    }
    return found;
  }

  private static String marks(List<List<Object>> rows) {
    int columnCount = rows.getFirst().size();
    String row = "(" + String.join(", ", Collections.nCopies(columnCount, "?")) + ")";
    return String.join(", ", Collections.nCopies(rows.size(), row));
  }

  private static List<Object> flat(List<List<Object>> rows) {
    return rows.stream().flatMap(List::stream).toList();
  }

  private PreparedStatement prepare(String sql, List<Object> arguments) throws SQLException {
    PreparedStatement statement = statements.get(sql);
    if (statement == null) {
      statement = connection.prepareStatement(dialect.statement(sql));
      statements.put(sql, statement);
    }
    for (int i = 0; i < arguments.size(); i++) {
      bind(statement, i + 1, arguments.get(i));
    }
    return statement;
  }

  private static void bind(PreparedStatement statement, int index, Object value)
      throws SQLException {
    switch (value) {
      case Long number -> statement.setLong(index, number);
      case byte[] bytes -> statement.setBytes(index, bytes);
      case String text -> statement.setString(index, text);
      default -> throw new IllegalArgumentException("cannot bind a " + value.getClass());
    }
  }

  @Override
  public void close() throws SQLException {
    for (PreparedStatement statement : statements.values()) {
      statement.close();
    }
    connection.close();
  }
}
