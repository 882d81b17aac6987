package io.elanus.chaos.history;

/// What must never happen.
public enum Anomaly {
  /// An acknowledged row is not there, and no delete explains it.
  LOST_WRITE,
  /// A row is older than one that was acknowledged before the read began.
  STALE_READ,
  /// A row is there whose delete was acknowledged after it was written.
  RESURRECTED_DELETE,
  /// A row is there that nobody wrote, whose write failed, or that was written later.
  PHANTOM,
  /// A key is there twice.
  DUPLICATE,
  /// A row's bytes are not those that were written.
  CORRUPT,
  /// `count(*)` is not the number of rows.
  WRONG_COUNT,
  /// A search under a filter does not return the rows that match it.
  WRONG_SEARCH,
  /// No order of the operations on a key explains what its strong reads saw.
  NOT_LINEARIZABLE,
  /// A session does not see what it wrote, or goes back in time.
  BROKEN_SESSION,
  /// A bounded read shows what was replaced longer ago than the bound.
  BEYOND_BOUND,
  /// A statement about the catalog took effect twice, or not at all.
  WRONG_CATALOG,
  /// The cluster did not do in time what it has to do by itself.
  TOO_SLOW,
  /// Requests failed that must not.
  UNAVAILABLE
}
