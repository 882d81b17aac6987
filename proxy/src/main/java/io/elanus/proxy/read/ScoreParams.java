package io.elanus.proxy.read;

import io.elanus.common.model.Metric;
import io.elanus.proto.internal.ScoreRange;
import io.elanus.proxy.Invalid;
import java.util.Optional;

/// Which scores a search wants: those between `range_filter` and `radius`, and of an iterator those beyond its last
/// bound.
///
/// ```
///  distances       range_filter <= d < radius
///  similarities    radius < s <= range_filter
/// ```
final class ScoreParams {
  private ScoreParams() {}

  /// @return empty for all scores
  /// @throws io.elanus.common.error.DbException `INVALID_PARAMETER`
  static Optional<ScoreRange> of(ReadParams params, Metric metric, Optional<Float> lastBound) {
    Optional<Float> radius = params.decimal("radius");
    Optional<Float> near = params.decimal("range_filter");
    if (near.isPresent() && radius.isEmpty()) {
      throw Invalid.parameter("range_filter requires radius to be set");
    }
    if (near.isPresent() && metric.compareScores(near.get(), radius.get()) >= 0) {
      throw Invalid.parameter(
          "range_filter(%s) must be %s than radius(%s)",
          near.get(), metric.largerIsNearer() ? "greater" : "less", radius.get());
    }
    ScoreRange.Builder range = ScoreRange.newBuilder();
    radius.ifPresent(range::setUntil);
    near.ifPresent(range::setFrom);
    lastBound
        .filter(bound -> near.isEmpty() || metric.compareScores(bound, near.get()) >= 0)
        .ifPresent(bound -> range.setFrom(bound).setFromExclusive(true));
    return range.hasFrom() || range.hasUntil() ? Optional.of(range.build()) : Optional.empty();
  }
}
