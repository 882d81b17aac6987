package io.elanus.adapters.sql;

import io.elanus.common.error.ErrorCode;
import io.elanus.common.meta.MetaStore;
import io.elanus.common.meta.MetaStore.MetaEntry;
import io.elanus.common.meta.MetaStore.MetaEvent;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// What is read from the tables of the metastore, and their making. Every method runs inside a
/// transaction of the caller.
public final class MetaTables {
  /// @param revision newest
  /// @param compacted events up to this revision are forgotten
  public record State(long revision, long compacted) {}

  private static final long FORMAT = 1;

  /// No UTF-8 has this byte: every key is smaller.
  private static final byte[] ABOVE_ALL_KEYS = {(byte) 0xff};

  private final SqlSession session;

  public MetaTables(SqlSession session) {
    this.session = session;
  }

  /// Makes the tables where they are missing.
  ///
  /// @throws io.elanus.common.error.DbException `CORRUPT` when a newer version made them
  public void create() throws SQLException {
    for (String table : MetaSql.CREATE) {
      session.update(table);
    }
    List<Long> formats = session.query(MetaSql.STATE, row -> row.getLong(1));
    if (formats.isEmpty()) {
      for (String index : MetaSql.CREATE_INDEXES) {
        session.update(index);
      }
      session.update(MetaSql.INSERT_STATE, FORMAT);
    } else if (formats.getFirst() != FORMAT) {
      throw ErrorCode.CORRUPT.because(
          "the tables of the metastore have format %d, this version knows %d",
          formats.getFirst(), FORMAT);
    }
  }

  public State state() throws SQLException {
    return session
        .query(MetaSql.STATE, row -> new State(row.getLong(2), row.getLong(3)))
        .getFirst();
  }

  public Optional<MetaEntry> get(String key) throws SQLException {
    return session.query(MetaSql.GET, MetaTables::entry, utf8(key)).stream().findFirst();
  }

  public List<MetaEntry> range(String prefix) throws SQLException {
    return session.query(MetaSql.RANGE, MetaTables::entry, utf8(prefix), above(prefix));
  }

  /// Changes of keys that begin with `prefix`, after revision `after` and up to `upTo`.
  public List<MetaEvent> events(String prefix, long after, long upTo) throws SQLException {
    return session.query(
        MetaSql.EVENTS, MetaTables::event, after, upTo, utf8(prefix), above(prefix));
  }

  /// Forgets events up to `revision`, and requests that need not be remembered any more.
  public void compact(long revision) throws SQLException {
    session.update(MetaSql.FORGET_EVENTS, revision);
    session.update(MetaSql.SET_COMPACTED, revision);
    session.update(MetaSql.FORGET_REQUESTS, state().revision() - MetaStore.REMEMBERED_COMMITS);
  }

  private static MetaEntry entry(ResultSet row) throws SQLException {
    return new MetaEntry(text(row.getBytes(1)), bytes(row, 2), row.getLong(3));
  }

  private static MetaEvent event(ResultSet row) throws SQLException {
    Optional<byte[]> value =
        row.getObject(3) == null ? Optional.empty() : Optional.of(bytes(row, 3));
    return new MetaEvent(text(row.getBytes(2)), value, row.getLong(1));
  }

  /// Some drivers give null for an empty value.
  private static byte[] bytes(ResultSet row, int column) throws SQLException {
    byte[] bytes = row.getBytes(column);
    return bytes == null ? new byte[0] : bytes;
  }

  static byte[] utf8(String key) {
    return key.getBytes(StandardCharsets.UTF_8);
  }

  static String text(byte[] key) {
    return new String(key, StandardCharsets.UTF_8);
  }

  /// The smallest bytes above every key that begins with `prefix`.
  private static byte[] above(String prefix) {
    if (prefix.isEmpty()) {
      return ABOVE_ALL_KEYS;
    }
    byte[] bytes = utf8(prefix);
    byte[] above = Arrays.copyOf(bytes, bytes.length);
    above[above.length - 1]++;
    return above;
  }
}
