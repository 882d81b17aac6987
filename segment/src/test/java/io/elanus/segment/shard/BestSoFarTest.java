package io.elanus.segment.shard;

import static org.assertj.core.api.Assertions.assertThat;

import io.elanus.common.expr.Expr;
import io.elanus.common.model.Key;
import io.elanus.common.model.Metric;
import io.elanus.common.topk.Ranking;
import io.elanus.common.topk.ScoreRange;
import io.elanus.index.ScoreLimits;
import io.elanus.index.SearchParams;
import io.elanus.segment.shard.RowAddress.RowHint;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class BestSoFarTest {
  private static SearchRequest request(Metric metric, boolean withTies) {
    return new SearchRequest(
        100,
        metric,
        new Queries.Dense(List.of(new float[2], new float[2])),
        2,
        new SearchParams.Exact(),
        Expr.ALWAYS,
        Set.of(),
        ScoreRange.ALL,
        withTies);
  }

  private static Hit hit(long key, float score) {
    RowHint hint = new RowHint(1, 0);
    return new Hit(new RowAddress(Key.of(key), 1, 0, hint), 0, score);
  }

  @Test
  void theLimitIsTheLastOfTheBestKeys() {
    BestSoFar best = new BestSoFar(2, request(Metric.L2, false));
    assertThat(best.limits().worst()).containsExactly(Float.NaN, Float.NaN);

    best.add(0, new Ranking<>(List.of(hit(1, 3)), true));
    assertThat(best.limits().worst()).containsExactly(Float.NaN, Float.NaN);
    best.add(0, new Ranking<>(List.of(hit(2, 5), hit(3, 6)), false));
    assertThat(best.limits().worst()).containsExactly(5, Float.NaN);
    best.add(0, new Ranking<>(List.of(hit(4, 4)), true));
    assertThat(best.limits().worst()).containsExactly(4, Float.NaN);
  }

  @Test
  void twoRowsOfOneKeyAreOne() {
    BestSoFar best = new BestSoFar(2, request(Metric.L2, false));
    best.add(0, new Ranking<>(List.of(hit(1, 3), hit(1, 4)), true));
    assertThat(best.limits().worst()[0]).isNaN();
    best.add(0, new Ranking<>(List.of(hit(1, 2), hit(2, 9)), true));
    assertThat(best.limits().worst()[0]).isEqualTo(9);
  }

  @Test
  void largerIsNearerForProducts() {
    BestSoFar best = new BestSoFar(2, request(Metric.IP, false));
    best.add(1, new Ranking<>(List.of(hit(1, 8), hit(2, -3)), true));
    best.add(1, new Ranking<>(List.of(hit(3, 1)), true));
    assertThat(best.limits().worst()[1]).isEqualTo(1);
  }

  @Test
  void pagesThatTakeTiesHaveNoLimit() {
    BestSoFar best = new BestSoFar(2, request(Metric.L2, true));
    best.add(0, new Ranking<>(List.of(hit(1, 3), hit(2, 4)), true));
    assertThat(best.limits()).isSameAs(ScoreLimits.NONE);
  }
}
