package io.elanus.segment.shard;

import io.elanus.common.model.Key;
import io.elanus.index.Metric;
import java.util.Comparator;

/// Which of two scores is better. A score that is not a number is worse than all others.
public final class ScoreOrder {
  private ScoreOrder() {}

  /// Negative when `a` is better than `b`.
  public static int compare(Metric metric, float a, float b) {
    return switch (metric) {
      case L2 -> Float.compare(a, b);
      case INNER_PRODUCT, COSINE ->
          Float.isNaN(a) || Float.isNaN(b) ? Float.compare(a, b) : Float.compare(b, a);
    };
  }

  /// Best score first, of equal scores the smaller key, of one key the newest row.
  public static Comparator<Hit> hits(Metric metric) {
    Comparator<Hit> byScore = (a, b) -> compare(metric, a.score(), b.score());
    return byScore
        .thenComparing(Hit::key, Comparator.<Key>naturalOrder())
        .thenComparing(Hit::address, newestFirst());
  }

  /// By key, of one key the newest row first.
  static Comparator<RowAddress> keys() {
    return Comparator.comparing(RowAddress::key, Comparator.<Key>naturalOrder())
        .thenComparing(newestFirst());
  }

  private static Comparator<RowAddress> newestFirst() {
    return Comparator.comparingLong(RowAddress::version)
        .thenComparingInt(RowAddress::index)
        .reversed();
  }
}
