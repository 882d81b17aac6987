package io.elanus.adapters.sql;

/// The one row that every commit locks and writes.
///
/// History is kept in two halves. When the newer one is full, the older one is forgotten:
///
/// ```
///   forgotten | older half | newer half |
///         compacted      middle      revision
/// ```
///
/// @param revision newest
/// @param compacted events up to this revision are forgotten
/// @param newerBytes keys and values of the events after `middle`
/// @param server the run of the server that made the newest commit: changes when it starts anew
public record MetaState(
    long revision, long compacted, long middle, long newerBytes, String server) {
  /// Watchers follow within a second; this is minutes of commits.
  private static final long HALF_COMMITS = 5_000;

  private static final long HALF_BYTES = 32 << 20;

  /// More than a server can have lost when it crashed or was restored from a copy.
  private static final long LEAP = 1L << 20;

  /// The state for commits on this run of the server.
  ///
  /// Another run may have lost commits that were seen but never acknowledged: InnoDB shows a commit
  /// before its log is on the disk. So it leaves out revisions, lest one is given twice, and forgets
  /// the history, so that watchers read anew.
  MetaState on(String run) {
    if (run.equals(server)) {
      return this;
    }
    long next = revision == 0 ? 0 : revision + LEAP;
    return new MetaState(next, next, next, 0, run);
  }

  /// The state after commits up to `newRevision` that have changed `changedBytes`.
  MetaState after(long newRevision, long changedBytes) {
    long bytes = newerBytes + changedBytes;
    return newRevision - middle <= HALF_COMMITS && bytes <= HALF_BYTES
        ? new MetaState(newRevision, compacted, middle, bytes, server)
        : new MetaState(newRevision, middle, newRevision, 0, server);
  }

  /// The state without history up to `upTo`.
  MetaState without(long upTo) {
    long from = Math.min(Math.max(compacted, upTo), revision);
    return new MetaState(revision, from, Math.max(middle, from), newerBytes, server);
  }
}
