package io.elanus.common.topk;

import io.elanus.common.model.Metric;
import java.util.Optional;

/// The scores that hits of a range search, or of an iterator's page, may have.
///
/// ```
///  near <───────────────────────────────────────> far
///          from |■■■■■■■■■■■■■■■■■■■■| until
///               included, or not     never included
/// ```
///
/// @param from the nearest; empty for all
/// @param fromExclusive whether hits that score as `from` does are not wanted
/// @param until the farthest, which is not included; empty for all
public record ScoreRange(Optional<Float> from, boolean fromExclusive, Optional<Float> until) {
  public static final ScoreRange ALL = new ScoreRange(Optional.empty(), false, Optional.empty());

  /// Whether the score is nearer than all of these.
  public boolean startsBehind(Metric metric, float score) {
    return from.filter(near -> metric.compareScores(score, near) < (fromExclusive ? 1 : 0))
        .isPresent();
  }

  /// Whether this begins where `other` does, or farther.
  public boolean beginsIn(ScoreRange other, Metric metric) {
    if (other.from.isEmpty() || from.isEmpty()) {
      return other.from.isEmpty();
    }
    int order = metric.compareScores(from.get(), other.from.get());
    return order > 0 || order == 0 && (fromExclusive || !other.fromExclusive);
  }

  /// Whether the score is farther than all of these.
  public boolean endsBefore(Metric metric, float score) {
    return until.filter(far -> metric.compareScores(score, far) >= 0).isPresent();
  }
}
