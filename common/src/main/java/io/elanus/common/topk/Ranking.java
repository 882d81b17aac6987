package io.elanus.common.topk;

import java.util.List;

/// Hits of one source, best first, in the order of [TopK#order].
///
/// @param exhausted whether the source has no other hits; else worse ones, or further rows of the
///     same keys, may follow
public record Ranking<H extends Hit>(List<H> hits, boolean exhausted) {
  public Ranking {
    hits = List.copyOf(hits);
  }

  /// The first `k` of these; more follow if there are more.
  public Ranking<H> first(int k) {
    return hits.size() <= k ? this : new Ranking<>(hits.subList(0, k), false);
  }

  /// Whether these are the best `k`, or all there are. If not, the sources must be asked for more.
  public boolean answers(int k) {
    return hits.size() >= k || exhausted;
  }
}
