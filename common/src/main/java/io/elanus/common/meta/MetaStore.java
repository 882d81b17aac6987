package io.elanus.common.meta;

import io.elanus.common.run.Deadline;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// The metastore: a revisioned key-value store. Linearizable. One contract test suite holds for the
/// embedded file, MySQL, etcd and the in-memory twin.
///
/// Keys are texts of at most 512 bytes, ordered bytewise; values at most 1 MiB. Every commit that changed
/// something has the next revision of the whole store; an entry carries the revision that wrote it.
///
/// Errors: `STORAGE_IO_FAILED` for a read that may be tried again. A commit never throws for trouble on
/// the way: it answers [CommitOutcome.Unknown].
public interface MetaStore extends AutoCloseable {
  /// Most conditions plus changes of one commit, and its most bytes.
  int MAX_COMMIT_ENTRIES = 100;

  int MAX_COMMIT_BYTES = 1 << 20;

  Optional<MetaEntry> get(String key);

  /// All entries whose key begins with `prefix`, in key order, of one instant.
  MetaRange range(String prefix);

  /// Makes all changes if all conditions hold, else none.
  ///
  /// `requestId` names this commit: resending the same one after an unknown outcome never applies it
  /// twice, and answers `Committed` if it was applied before.
  CommitOutcome commit(String requestId, List<Condition> conditions, List<Change> changes);

  /// Every change of keys that begin with `prefix` after revision `after`, in commit order.
  MetaWatch watch(String prefix, long after);

  /// A lease of `ttl`: entries put under it vanish when it is not renewed in time or closed.
  Lease lease(Duration ttl);

  @Override
  void close();

  /// @param revision of the commit that wrote this value
  record MetaEntry(String key, byte[] value, long revision) {}

  /// @param revision of the store at the instant of the read: watch from here
  record MetaRange(List<MetaEntry> entries, long revision) {
    public MetaRange {
      entries = List.copyOf(entries);
    }
  }

  sealed interface Condition {
    String key();

    /// The entry is there and was written by `revision`.
    record RevisionIs(String key, long revision) implements Condition {}

    record Absent(String key) implements Condition {}

    record Present(String key) implements Condition {}
  }

  sealed interface Change {
    String key();

    record Put(String key, byte[] value) implements Change {}

    /// The entry lives as long as the lease.
    record PutLeased(String key, byte[] value, Lease lease) implements Change {}

    /// Removing what is not there is no error.
    record Remove(String key) implements Change {}
  }

  sealed interface CommitOutcome {
    record Committed(long revision) implements CommitOutcome {}

    /// A condition did not hold; nothing was changed.
    record Conflict() implements CommitOutcome {}

    /// It may have been applied: send the same commit again until the answer is one of the others.
    record Unknown(Throwable cause) implements CommitOutcome {}
  }

  interface Lease extends AutoCloseable {
    /// Extends the lease by its full time to live, counted from before this call.
    ///
    /// @return false when it has expired already: what was put under it is gone
    boolean renew();

    Duration ttl();

    /// Ends the lease now; its entries vanish.
    @Override
    void close();
  }

  /// One watcher's stream of changes. Not thread-safe.
  interface MetaWatch extends AutoCloseable {
    /// Waits for at least one event, until `deadline`; then an empty list.
    ///
    /// @throws io.elanus.common.error.DbException `STORAGE_IO_FAILED` when the stream broke or history was
    ///     compacted: read the range again and watch from its revision
    List<MetaEvent> poll(Deadline deadline);

    @Override
    void close();
  }

  /// @param value empty when the entry was removed
  record MetaEvent(String key, Optional<byte[]> value, long revision) {}
}
