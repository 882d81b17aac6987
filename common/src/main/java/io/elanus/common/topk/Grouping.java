package io.elanus.common.topk;

/// Which rows of which groups answer a search. A group is as near as its nearest row.
///
/// ```
/// rows by score           a a b a b a a c a c b c      the 3 nearest groups, 2 rows of each
///   NEARER_THAN_LAST      a a b   b     c
///   FULL                  a a b   b     c   c
/// ```
///
/// @param groups how many, at most
/// @param size rows of each, at most
public record Grouping(int groups, int size, Extent extent) {
  /// Which rows of the groups.
  public enum Extent {
    /// Those before the first row of the last group, and that row.
    NEARER_THAN_LAST,
    /// The nearest of each.
    FULL
  }

  public Grouping {
    if (groups < 1 || size < 1) {
      throw new IllegalArgumentException("%d groups of %d rows".formatted(groups, size));
    }
  }
}
