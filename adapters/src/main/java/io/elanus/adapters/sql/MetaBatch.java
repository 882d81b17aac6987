package io.elanus.adapters.sql;

import io.elanus.common.meta.MetaStore.Change;
import io.elanus.common.meta.MetaStore.CommitOutcome;
import io.elanus.common.meta.MetaStore.Condition;
import io.elanus.common.meta.MetaStore.Lease;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Commits of the metastore inside one transaction of the database, each with a revision of its own. The
/// transaction holds the lock on the revision from the making of the batch on, so that the order of
/// revisions is the order of commits.
public final class MetaBatch {
  /// What the adapter knows of leases.
  public interface Leases {
    /// The number of the lease, empty when it has ended.
    Optional<Long> find(Lease lease) throws SQLException;
  }

  private static final long NO_LEASE = 0;

  private final SqlSession session;
  private final Leases leases;
  private final long firstRevision;
  private long revision;
  private long eventBytes;

  /// @param revision newest of the store, locked
  public MetaBatch(SqlSession session, Leases leases, long revision) {
    this.session = session;
    this.leases = leases;
    this.firstRevision = revision;
    this.revision = revision;
  }

  /// The newest revision, with this batch.
  public long revision() {
    return revision;
  }

  /// Bytes of all keys and values this batch has changed.
  public long eventBytes() {
    return eventBytes;
  }

  /// @return the outcome, once the transaction is committed
  public CommitOutcome commit(String requestId, List<Condition> conditions, List<Change> changes)
      throws SQLException {
    Optional<Long> before = revisionOf(MetaSql.REQUEST, requestBytes(requestId));
    if (before.isPresent()) {
      return new CommitOutcome.Committed(before.get());
    }
    for (Condition condition : conditions) {
      if (!holds(condition)) {
        return new CommitOutcome.Conflict();
      }
    }
    Optional<List<Long>> leaseIds = leaseIds(changes);
    if (leaseIds.isEmpty()) {
      return new CommitOutcome.Conflict();
    }
    if (apply(changes, leaseIds.get())) {
      session.update(MetaSql.ADD_REQUEST, requestBytes(requestId), revision);
    }
    return new CommitOutcome.Committed(revision);
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

  private boolean holds(Condition condition) throws SQLException {
    Optional<Long> found = revisionOf(MetaSql.REVISION_OF, MetaTables.utf8(condition.key()));
    return switch (condition) {
      case Condition.Absent _ -> found.isEmpty();
      case Condition.Present _ -> found.isPresent();
      case Condition.RevisionIs is -> found.equals(Optional.of(is.revision()));
    };
  }

  /// @return whether anything was changed, and so the next revision taken
  private boolean apply(List<Change> changes, List<Long> leaseIds) throws SQLException {
    long next = revision + 1;
    boolean changed = false;
    for (int i = 0; i < changes.size(); i++) {
      changed |= apply(changes.get(i), leaseIds.get(i), next);
    }
    revision = changed ? next : revision;
    return changed;
  }

  private boolean apply(Change change, long lease, long next) throws SQLException {
    byte[] key = MetaTables.utf8(change.key());
    return switch (change) {
      case Change.Put put -> put(key, put.value(), next, lease);
      case Change.PutLeased put -> put(key, put.value(), next, lease);
      case Change.Remove _ -> remove(key, next);
    };
  }

  private boolean put(byte[] key, byte[] value, long next, long lease) throws SQLException {
    session.update(MetaSql.PUT, key, value, next, lease);
    session.update(MetaSql.ADD_PUT, next, key, value);
    eventBytes += key.length + value.length;
    return true;
  }

  private boolean remove(byte[] key, long next) throws SQLException {
    if (session.update(MetaSql.REMOVE, key) == 0) {
      return false;
    }
    session.update(MetaSql.ADD_REMOVAL, next, key);
    eventBytes += key.length;
    return true;
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
    for (byte[] key : keys) {
      remove(key, revision + 1);
    }
    revision += keys.isEmpty() ? 0 : 1;
  }

  /// To be called last in the transaction.
  public void finish() throws SQLException {
    if (revision > firstRevision) {
      session.update(MetaSql.SET_REVISION, revision);
    }
  }

  private Optional<Long> revisionOf(String sql, byte[] key) throws SQLException {
    return session.query(sql, row -> row.getLong(1), key).stream().findFirst();
  }

  private static byte[] requestBytes(String requestId) {
    return requestId.getBytes(StandardCharsets.US_ASCII);
  }
}
