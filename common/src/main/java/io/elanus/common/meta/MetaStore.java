package io.elanus.common.meta;

import io.elanus.common.run.Deadline;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// The metastore: a revisioned key-value store. Linearizable. One contract test suite holds for the
/// embedded file, MySQL, etcd and the in-memory twin.
///
/// Keys are texts of 1 to 512 UTF-8 bytes, ordered bytewise. Every commit that changed something
/// has a revision of its own, higher than those of all commits before it in the whole store; numbers
/// may be left out. An entry carries the revision that wrote it. Writing the value that is there
/// already is a change. Byte arrays that the store hands out are not to be changed.
///
/// Errors: `STORAGE_IO_FAILED` for a read that may be tried again. A commit never throws for
/// trouble on the way: it answers [CommitOutcome.Unknown]. What breaks a limit is refused with
/// `INVALID_PARAMETER` or `PARAMETER_TOO_LARGE` before anything is done ([MetaLimits]).
public interface MetaStore extends AutoCloseable {
  /// Most conditions plus changes of one commit.
  int MAX_COMMIT_ENTRIES = 100;

  /// Most bytes of one commit: all keys and values together.
  int MAX_COMMIT_BYTES = 1 << 20;

  int MAX_KEY_BYTES = 512;

  /// How many changing commits a request id is remembered for, at least.
  int REMEMBERED_COMMITS = 10_000;

  Optional<MetaEntry> get(String key);

  /// All entries whose key begins with `prefix`, in key order, of one instant.
  MetaRange range(String prefix);

  /// Makes all changes if all conditions hold, else none. A change under a lease holds the
  /// condition that the lease is alive. No two changes are of the same key.
  ///
  /// `requestId` (1 to 64 ASCII characters) names this commit: resending the same one after an
  /// unknown outcome never applies it twice, and answers `Committed` with the same revision if it
  /// was applied before. A commit that changed nothing answers the current revision and is not
  /// remembered.
  CommitOutcome commit(String requestId, List<Condition> conditions, List<Change> changes);

  /// Every change of keys that begin with `prefix` after revision `after`, in commit order. The
  /// changes of one commit come in one list. With the revision of a [#range], nothing is missed and
  /// nothing comes twice.
  MetaWatch watch(String prefix, long after);

  /// A lease of `ttl`, positive: entries put under it vanish when it is not renewed in time or
  /// closed. An entry written again under another lease, or under none, stays.
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
    /// @return false when it has ended already: what was put under it is gone
    /// @throws io.elanus.common.error.DbException `STORAGE_IO_FAILED` when it may not have been
    ///     extended
    boolean renew();

    Duration ttl();

    /// Ends the lease now; its entries vanish. With the store out of reach, they vanish in time.
    @Override
    void close();
  }

  /// One watcher's stream of changes. Not thread-safe.
  interface MetaWatch extends AutoCloseable {
    /// Waits for at least one event, until `deadline`; then an empty list.
    ///
    /// @throws io.elanus.common.error.DbException `STORAGE_IO_FAILED` when the stream broke,
    ///     history was compacted, or `after` lies in the future of the store, from here on: read
    ///     the range again and watch from its revision
    List<MetaEvent> poll(Deadline deadline);

    @Override
    void close();
  }

  /// @param value empty when the entry was removed or its lease ended
  record MetaEvent(String key, Optional<byte[]> value, long revision) {}
}
