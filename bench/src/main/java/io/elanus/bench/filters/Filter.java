package io.elanus.bench.filters;

import io.elanus.index.AcceptedRows;
import java.util.ArrayList;
import java.util.List;

/// Which rows are accepted, for queries of different places.
///
/// - `accepted`: of the queries nearest to each anchor; one for all, or one an anchor.
record Filter(Kind kind, double share, List<AcceptedRows> accepted) {
  Filter {
    accepted = List.copyOf(accepted);
  }

  /// How a filter and queries go together.
  enum Kind {
    /// Not at all.
    RANDOM,
    /// The rows nearest to the query's anchor are accepted: where the answer is, all are.
    NEAR,
    /// The rows farthest from it: where a walk is led to, none is.
    FAR
  }

  /// Of the queries of `anchor`.
  AcceptedRows of(int anchor) {
    return accepted.get(Math.min(anchor, accepted.size() - 1));
  }

  /// Accepts `share` of the rows.
  ///
  /// - `shuffled`: the rows in any order. `byDistance`: for each anchor, the rows, nearest first.
  static Filter of(Kind kind, double share, int[] shuffled, List<int[]> byDistance) {
    int size = (int) Math.ceil(share * shuffled.length);
    List<AcceptedRows> accepted = new ArrayList<>();
    switch (kind) {
      case RANDOM -> accepted.add(bitmap(shuffled, 0, size));
      case NEAR -> byDistance.forEach(rows -> accepted.add(bitmap(rows, 0, size)));
      case FAR ->
          byDistance.forEach(rows -> accepted.add(bitmap(rows, rows.length - size, rows.length)));
    }
    return new Filter(kind, share, accepted);
  }

  private static AcceptedRows bitmap(int[] rows, int from, int to) {
    long[] words = new long[(rows.length + 63) / 64];
    for (int i = from; i < to; i++) {
      words[rows[i] >> 6] |= 1L << (rows[i] & 63);
    }
    return AcceptedRows.of(words);
  }
}
