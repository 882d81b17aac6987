package io.elanus.adapters.sql;

import io.elanus.common.error.ErrorCode;
import io.elanus.common.meta.MetaLimits;
import io.elanus.common.meta.MetaStore;
import io.elanus.common.meta.MetaStore.MetaEntry;
import io.elanus.common.meta.MetaStore.MetaEvent;
import io.elanus.common.meta.MetaStore.MetaRange;
import io.elanus.common.model.Utf8Order;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// The tables of the metastore: their making, what is read from them, and what is forgotten.
public final class MetaTables {
  /// Changes of a watcher's keys, and the revision up to which they are all.
  public record Slice(List<MetaEvent> events, long upTo) {}

  /// Of which revision the store was when it was read.
  record Instant(long revision, long compacted) {}

  /// What was read, with its instant.
  private record Read<T>(Instant instant, Optional<T> item) {}

  private static final long FORMAT = 2;

  /// A watcher that is behind goes on in pieces of so many commits.
  private static final long SLICE_COMMITS = 1_000;

  /// Forgotten at once: few enough that nobody waits long.
  private static final long FORGET_COMMITS = 2_000;

  /// No UTF-8 has this byte: every key is smaller.
  private static final byte[] ABOVE_ALL_KEYS = {(byte) 0xff};

  private final SqlSession session;

  public MetaTables(SqlSession session) {
    this.session = session;
  }

  /// Makes what is missing. Several processes may do that at once.
  public void create() throws SQLException {
    for (String table : MetaSql.CREATE) {
      session.update(table);
    }
    for (String index : session.dialect().createIndexes()) {
      session.update(index);
    }
    session.update(MetaSql.INSERT_STATE, FORMAT);
  }

  /// Brings tables of an older version to the format of this one.
  ///
  /// @throws io.elanus.common.error.DbException `CORRUPT` when a newer version made them
  public void migrate() throws SQLException {
    long format = session.query(MetaSql.FORMAT, row -> row.getLong(1)).getFirst();
    if (format == 1) {
      for (String step : MetaSql.FROM_FORMAT_1) {
        session.update(step);
      }
      session.update(MetaSql.SET_FORMAT, FORMAT);
    } else if (format != FORMAT) {
      throw ErrorCode.CORRUPT.because(
          "the tables of the metastore have format %d, this version knows %d", format, FORMAT);
    }
  }

  /// The newest revision.
  public long revision() throws SQLException {
    return session.query(MetaSql.INSTANT, MetaTables::instant).getFirst().revision;
  }

  public Optional<MetaEntry> get(String key) throws SQLException {
    return session
        .query(MetaSql.GET, row -> read(row, MetaTables::entry), utf8(key))
        .getFirst()
        .item;
  }

  public MetaRange range(String prefix) throws SQLException {
    List<Read<MetaEntry>> rows =
        session.query(
            MetaSql.RANGE, row -> read(row, MetaTables::entry), utf8(prefix), above(prefix));
    Comparator<MetaEntry> order = Comparator.comparing(MetaEntry::key, Utf8Order::compare);
    return new MetaRange(items(rows, order), rows.getFirst().instant.revision);
  }

  /// Changes of keys that begin with `prefix` after revision `after`, in commit order.
  ///
  /// @throws io.elanus.common.error.DbException `STORAGE_IO_FAILED` when not all of them are there
  public Slice events(String prefix, long after) throws SQLException {
    List<Read<MetaEvent>> rows =
        session.query(
            MetaSql.EVENTS,
            row -> read(row, MetaTables::event),
            after,
            after + SLICE_COMMITS,
            utf8(prefix),
            above(prefix));
    Instant instant = rows.getFirst().instant;
    if (after < instant.compacted || after > instant.revision) {
      throw MetaLimits.compacted(prefix, after, instant.compacted, instant.revision);
    }
    Comparator<MetaEvent> order =
        Comparator.comparingLong(MetaEvent::revision)
            .thenComparing(MetaEvent::key, Utf8Order::compare);
    return new Slice(items(rows, order), Math.min(instant.revision, after + SLICE_COMMITS));
  }

  /// Locks the state until the end of the transaction.
  MetaState lockState() throws SQLException {
    return session
        .query(
            MetaSql.LOCK_STATE,
            row -> {
              requireWritable(row.getBoolean(6));
              return new MetaState(
                  row.getLong(1), row.getLong(2), row.getLong(3), row.getLong(4), row.getString(5));
            })
        .getFirst();
  }

  void setState(MetaState state) throws SQLException {
    session.update(
        MetaSql.SET_STATE,
        state.revision(),
        state.compacted(),
        state.middle(),
        state.newerBytes(),
        state.server());
  }

  /// Takes history up to `upTo` away from watchers. The rows of it are then to be forgotten.
  ///
  /// @return the first revision they may have
  public long compact(long upTo) throws SQLException {
    MetaState state = lockState().without(upTo);
    setState(state);
    return state.compacted();
  }

  /// Deletes some of the events up to `compacted`, which nobody reads any more, and of the request
  /// ids that need not be remembered.
  ///
  /// @return whether there are more
  public boolean forget(long compacted) throws SQLException {
    long oldest = session.query(MetaSql.OLDEST_EVENT, row -> row.getLong(1)).getFirst();
    session.update(MetaSql.FORGET_EVENTS, Math.min(compacted, oldest + FORGET_COMMITS));
    List<Long> behind =
        session.query(
            MetaSql.REQUEST_BEHIND, row -> row.getLong(1), (long) MetaStore.REMEMBERED_COMMITS);
    if (!behind.isEmpty()) {
      session.update(MetaSql.FORGET_REQUESTS, behind.getFirst());
    }
    return oldest > 0 && oldest + FORGET_COMMITS < compacted;
  }

  /// A statement's row: the instant in its first columns, what `item` reads in those after.
  private static <T> Read<T> read(ResultSet row, SqlSession.Row<T> item) throws SQLException {
    Instant instant = instant(row);
    boolean nothing = row.getBytes(4) == null;
    return new Read<>(instant, nothing ? Optional.empty() : Optional.of(item.read(row)));
  }

  private static Instant instant(ResultSet row) throws SQLException {
    requireWritable(row.getBoolean(3));
    return new Instant(row.getLong(1), row.getLong(2));
  }

  /// What `{writable}` says of the server.
  ///
  /// @throws SQLException of the class of broken connections: another one may lead to the writer
  public static void requireWritable(boolean writable) throws SQLException {
    if (!writable) {
      throw new SQLNonTransientConnectionException(
          "the server takes no writes: it is not, or no longer, the one to ask", "08004");
    }
  }

  private static <T> List<T> items(List<Read<T>> rows, Comparator<T> order) {
    return rows.stream().map(Read::item).flatMap(Optional::stream).sorted(order).toList();
  }

  private static MetaEntry entry(ResultSet row) throws SQLException {
    return new MetaEntry(text(row.getBytes(4)), bytes(row, 5), row.getLong(6));
  }

  private static MetaEvent event(ResultSet row) throws SQLException {
    Optional<byte[]> value =
        row.getObject(5) == null ? Optional.empty() : Optional.of(bytes(row, 5));
    return new MetaEvent(text(row.getBytes(4)), value, row.getLong(6));
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
