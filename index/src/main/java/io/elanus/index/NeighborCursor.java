package io.elanus.index;

/// The accepted rows of an index one after the other, nearest first, as far as somebody wants to see them: a search that goes on
/// where it stopped. One thread.
///
/// All calls together give each accepted row once. A scan gives them in their order. Lists and graphs give each time the nearest of
/// what they looked at so far: a row that comes later may be nearer than one that came earlier, as a row that a search finds may be
/// farther than one that it misses.
///
/// It keeps some 16 bytes for each row that it has looked at, and two bits for each row of the index.
public interface NeighborCursor {
  /// The next `n`, best first; fewer only when there are no more.
  ///
  /// `n` >= 1, else IllegalArgumentException.
  Neighbors next(int n);

  /// A search that cannot go on.
  @FunctionalInterface
  interface Search {
    /// The nearest `k` accepted rows; fewer only when there are no more.
    Neighbors nearest(int k, AcceptedRows accepted);
  }

  /// Begins anew for each stretch, among the rows that were not given yet. Each is twice as long as the one before, so what is given
  /// costs little more than its last stretch.
  ///
  /// @param count of the rows of the index
  /// @param order which of two scores is nearer
  static NeighborCursor repeating(Search search, AcceptedRows accepted, int count, Metric order) {
    return new RepeatedSearch(search, accepted, count, order);
  }
}
