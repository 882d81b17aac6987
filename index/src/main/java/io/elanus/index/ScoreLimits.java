package io.elanus.index;

/// What a search need not find: of each query, rows with worse scores than its limit, because as many rows as are wanted are known
/// to be no worse.
///
/// @param worst of each query, the worst score that is wanted; not a number where all are. Empty for no limits at all
@SuppressWarnings("ArrayRecordComponent")
public record ScoreLimits(float[] worst) {
  public static final ScoreLimits NONE = new ScoreLimits(new float[0]);

  /// Keys from this one on are not wanted by query number `query`.
  long of(int query, Metric metric) {
    if (worst.length == 0 || Float.isNaN(worst[query])) {
      return Long.MAX_VALUE;
    }
    return NearKey.of(Math.nextUp(metric.distance(worst[query])), 0);
  }
}
