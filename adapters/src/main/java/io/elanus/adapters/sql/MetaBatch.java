package io.elanus.adapters.sql;

import io.elanus.common.meta.MetaStore.Change;
import io.elanus.common.meta.MetaStore.CommitOutcome;
import io.elanus.common.meta.MetaStore.Condition;
import io.elanus.common.meta.MetaStore.Lease;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// Commits of the metastore inside one transaction of the database, each with a revision of its
/// own. The transaction holds the lock on the state from the making of the batch on, so that the
/// order of revisions is the order of commits.
public final class MetaBatch {
  /// What the adapter knows of leases.
  public interface Leases {
    /// The number of the lease, empty when it has ended.
    Optional<Long> find(Lease lease) throws SQLException;
  }

  private static final long NO_LEASE = 0;

  private final SqlSession session;
  private final Leases leases;
  private final MetaTables tables;
  private final MetaState before;
  private final MetaState start;
  private long revision;
  private long changedBytes;

  /// Begins a transaction's batch: locks the state.
  public MetaBatch(SqlSession session, Leases leases) throws SQLException {
    this.session = session;
    this.leases = leases;
    this.tables = new MetaTables(session);
    this.before = tables.lockState();
    this.start = before.on(session.server());
    this.revision = start.revision();
  }

  /// The newest revision, with this batch.
  public long revision() {
    return revision;
  }

  /// @return the outcome, once the transaction is committed
  public CommitOutcome commit(String requestId, List<Condition> conditions, List<Change> changes)
      throws SQLException {
    byte[] request = requestId.getBytes(StandardCharsets.US_ASCII);
    Optional<Long> before = find(MetaSql.REQUEST, request);
    if (before.isPresent()) {
      return new CommitOutcome.Committed(before.get());
    }
    Map<String, Long> revisions = revisions(conditions, changes);
    Optional<List<Long>> leaseIds = leaseIds(changes);
    if (leaseIds.isEmpty() || !conditions.stream().allMatch(c -> holds(c, revisions))) {
      return new CommitOutcome.Conflict();
    }
    if (apply(changes, leaseIds.get(), revisions)) {
      session.update(MetaSql.ADD_REQUEST, request, revision);
    }
    return new CommitOutcome.Committed(revision);
  }

  /// Of the entries that matter to the commit: missing ones have none.
  private Map<String, Long> revisions(List<Condition> conditions, List<Change> changes)
      throws SQLException {
    Stream<String> removed =
        changes.stream().filter(Change.Remove.class::isInstance).map(Change::key);
    List<List<Object>> keys =
        Stream.concat(conditions.stream().map(Condition::key), removed)
            .distinct()
            .map(key -> List.<Object>of(MetaTables.utf8(key)))
            .toList();
    Map<String, Long> found = new HashMap<>();
    session
        .queryAny(
            MetaSql.REVISIONS,
            row -> Map.entry(MetaTables.text(row.getBytes(1)), row.getLong(2)),
            keys)
        .forEach(entry -> found.put(entry.getKey(), entry.getValue()));
    return found;
  }

  private static boolean holds(Condition condition, Map<String, Long> revisions) {
    Optional<Long> found = Optional.ofNullable(revisions.get(condition.key()));
    return switch (condition) {
      case Condition.Absent _ -> found.isEmpty();
      case Condition.Present _ -> found.isPresent();
      case Condition.RevisionIs is -> found.equals(Optional.of(is.revision()));
    };
  }

  /// The lease of each change; empty when one of them has ended.
  private Optional<List<Long>> leaseIds(List<Change> changes) throws SQLException {
    List<Long> ids = new ArrayList<>();
    for (Change change : changes) {
      Optional<Long> id =
          switch (change) {
            case Change.Put _, Change.Remove _ -> Optional.of(NO_LEASE);
            case Change.PutLeased put -> leases.find(put.lease());
          };
      if (id.isEmpty()) {
        return Optional.empty();
      }
      ids.add(id.get());
    }
    return Optional.of(ids);
  }

  /// @return whether anything was changed, and so the next revision taken
  private boolean apply(List<Change> changes, List<Long> leaseIds, Map<String, Long> revisions)
      throws SQLException {
    Writes writes = new Writes(revision + 1);
    for (int i = 0; i < changes.size(); i++) {
      Change change = changes.get(i);
      switch (change) {
        case Change.Put put -> writes.put(put.key(), put.value(), leaseIds.get(i));
        case Change.PutLeased put -> writes.put(put.key(), put.value(), leaseIds.get(i));
        case Change.Remove remove when revisions.containsKey(remove.key()) ->
            writes.remove(MetaTables.utf8(remove.key()));
        case Change.Remove _ -> {}
      }
    }
    return write(writes);
  }

  /// Removes the entries of a lease that has ended.
  public void removeLeased(long lease) throws SQLException {
    removeAll(session.query(MetaSql.LEASED, row -> row.getBytes(1), lease));
  }

  /// Removes the entries of all leases.
  public void removeAllLeased() throws SQLException {
    removeAll(session.query(MetaSql.ALL_LEASED, row -> row.getBytes(1)));
  }

  private void removeAll(List<byte[]> keys) throws SQLException {
    Writes writes = new Writes(revision + 1);
    keys.forEach(writes::remove);
    write(writes);
  }

  private boolean write(Writes writes) throws SQLException {
    session.updateAll(MetaSql.PUT, writes.puts);
    session.updateAll(MetaSql.ADD_PUT, writes.putEvents);
    session.updateAny(MetaSql.REMOVE, writes.removals);
    session.updateAll(MetaSql.ADD_REMOVAL, writes.removalEvents);
    changedBytes += writes.bytes;
    revision = writes.isEmpty() ? revision : writes.revision;
    return !writes.isEmpty();
  }

  /// To be called last in the transaction.
  ///
  /// @return the state once the transaction is committed
  public MetaState finish() throws SQLException {
    MetaState after = revision > start.revision() ? start.after(revision, changedBytes) : start;
    if (!after.equals(before)) {
      tables.setState(after);
    }
    return after;
  }

  private Optional<Long> find(String sql, byte[] key) throws SQLException {
    return session.query(sql, row -> row.getLong(1), key).stream().findFirst();
  }

  /// The rows of one revision.
  private static final class Writes {
    private final long revision;
    private final List<List<Object>> puts = new ArrayList<>();
    private final List<List<Object>> putEvents = new ArrayList<>();
    private final List<List<Object>> removals = new ArrayList<>();
    private final List<List<Object>> removalEvents = new ArrayList<>();
    private long bytes;

    Writes(long revision) {
      this.revision = revision;
    }

    void put(String text, byte[] value, long lease) {
      byte[] key = MetaTables.utf8(text);
      puts.add(List.of(key, value, revision, lease));
      putEvents.add(List.of(key, value, revision));
      bytes += key.length + value.length;
    }

    void remove(byte[] key) {
      removals.add(List.of(key));
      removalEvents.add(List.of(key, revision));
      bytes += key.length;
    }

    boolean isEmpty() {
      return puts.isEmpty() && removals.isEmpty();
    }
  }
}
