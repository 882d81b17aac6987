package io.elanus.segment.shard;

import io.elanus.common.topk.Ranking;
import io.elanus.common.topk.TopK;
import io.elanus.index.ScoreLimits;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// What the parts of a snapshot that were searched have in common: for each query the best `k` keys, whose last score is the worst
/// that the other parts have to look for. So a search through many parts costs little more than one through the largest.
///
/// Source: Lucene's MultiLeafKnnCollector.
final class BestSoFar {
  private final SearchRequest request;
  private final List<Ranking<Hit>> best = new ArrayList<>();
  private final float[] worst;

  BestSoFar(int queries, SearchRequest request) {
    this.request = request;
    this.worst = new float[queries];
    Arrays.fill(worst, Float.NaN);
    for (int q = 0; q < queries; q++) {
      best.add(new Ranking<>(List.of(), true));
    }
  }

  /// What another part of those that were searched has for query number `query`.
  void add(int query, Ranking<Hit> ranking) {
    if (!request.isPlain()) {
      return;
    }
    Ranking<Hit> all = new Ranking<>(ranking.hits(), true);
    Ranking<Hit> merged = TopK.merge(List.of(best.get(query), all), request.metric(), request.k());
    best.set(query, new Ranking<>(merged.hits(), true));
    if (merged.hits().size() == request.k()) {
      worst[query] = merged.hits().getLast().score();
    }
  }

  /// None where it is not the first `k` hits that are asked for.
  ScoreLimits limits() {
    return request.isPlain() ? new ScoreLimits(worst) : ScoreLimits.NONE;
  }
}
