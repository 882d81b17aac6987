package io.elanus.index;

/// What a search need not find: of each query, rows with worse scores than its limit, because as many rows as are wanted are known
/// to be no worse; and rows that were given before.
///
/// @param worst of each query, the worst score that is wanted; not a number where all are. Empty for no limits at all
/// @param given of all queries, the worst score of the rows that are not wanted any more; not a number where all are wanted
@SuppressWarnings("ArrayRecordComponent")
public record ScoreLimits(float[] worst, float given) {
  public static final ScoreLimits NONE = new ScoreLimits(new float[0]);

  /// Of no rows that were given before.
  public ScoreLimits(float[] worst) {
    this(worst, Float.NaN);
  }

  /// Only rows with worse scores than `given` are wanted.
  public static ScoreLimits after(float given) {
    return new ScoreLimits(new float[0], given);
  }

  /// Keys from this one on are not wanted by query number `query`.
  long of(int query, Metric metric) {
    if (worst.length == 0 || Float.isNaN(worst[query])) {
      return Long.MAX_VALUE;
    }
    return NearKey.of(Math.nextUp(metric.distance(worst[query])), 0);
  }

  /// Keys below this one are not wanted.
  long first(Metric metric) {
    return Float.isNaN(given) ? Long.MIN_VALUE : NearKey.after(metric.distance(given));
  }
}
