package io.elanus.adapters.mysql;

import io.elanus.adapters.sql.MetaTables;
import io.elanus.adapters.sql.SqlSession;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;

/// Leases of all processes, one row each. A renewal counts its row up, which takes no revision and
/// wakes no watcher. A lease ends when its row is removed, under the lock on the state; its entries go
/// in the same transaction.
record LeaseTable(SqlSession session) {
  /// @param counter how often the lease was renewed
  record Row(long id, Duration ttl, long counter) {}

  private static final String CREATE =
      """
      CREATE TABLE IF NOT EXISTS meta_lease (
        id BIGINT NOT NULL PRIMARY KEY,
        ttl_millis BIGINT NOT NULL,
        counter BIGINT NOT NULL) {engine}\
      """;
  private static final String ADD =
      "REPLACE INTO meta_lease (id, ttl_millis, counter) VALUES (?, ?, 0)";
  private static final String RENEW = "UPDATE meta_lease SET counter = counter + 1 WHERE id = ?";
  private static final String FIND = "SELECT 1 FROM meta_lease WHERE id = ?";
  private static final String ALL = "SELECT id, ttl_millis, counter, {writable} FROM meta_lease";
  private static final String REMOVE = "DELETE FROM meta_lease WHERE id = ?";
  private static final String REMOVE_UNRENEWED =
      "DELETE FROM meta_lease WHERE id = ? AND counter = ?";

  void create() throws SQLException {
    session.update(CREATE);
  }

  void add(long id, Duration ttl) throws SQLException {
    session.update(ADD, id, ttl.toMillis());
  }

  /// @return false when it has ended
  boolean renew(long id) throws SQLException {
    return session.update(RENEW, id) == 1;
  }

  boolean isThere(long id) throws SQLException {
    return !session.query(FIND, row -> true, id).isEmpty();
  }

  List<Row> all() throws SQLException {
    return session.query(
        ALL,
        row -> {
          MetaTables.requireWritable(row.getBoolean(4));
          return new Row(row.getLong(1), Duration.ofMillis(row.getLong(2)), row.getLong(3));
        });
  }

  /// @return false when it was not there
  boolean remove(long id) throws SQLException {
    return session.update(REMOVE, id) == 1;
  }

  /// Removes the lease unless it was renewed since it was seen.
  ///
  /// @return whether it did
  boolean remove(Row seen) throws SQLException {
    return session.update(REMOVE_UNRENEWED, seen.id, seen.counter) == 1;
  }
}
