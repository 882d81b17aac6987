package io.elanus.index;

import java.util.Arrays;

/// Which values codes stand for: code `c` for `low + c * step`. One scale for all values of some vectors, so that
/// differences of codes are proportional to differences of values.
record CodeScale(Quantization quantization, float low, float step) {
  /// Enough to know where the values lie.
  private static final int SAMPLE_VALUES = 1 << 20;

  /// Values outside of these quantiles get the first or last code: a few outliers would make all steps wide. Where inner
  /// products decide, the largest values matter most: none is cut there.
  private static final double CUT = 0.001;

  /// A scale for `vectors`, as [RowValues] gives them.
  static CodeScale of(DenseVectors vectors, Metric metric, Quantization quantization) {
    RowValues rows = new RowValues(vectors, metric);
    if (metric == Metric.INNER_PRODUCT) {
      float[] ends = {Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY};
      for (int row = 0; row < vectors.count(); row++) {
        widen(ends, rows.of(row));
      }
      return between(quantization, ends[0], ends[1]);
    }
    float[] values = sample(rows, vectors);
    Arrays.sort(values);
    int cut = (int) (CUT * values.length);
    return values.length == 0
        ? new CodeScale(quantization, 0, 1)
        : between(quantization, values[cut], values[values.length - 1 - cut]);
  }

  /// A scale that has all of `values`.
  static CodeScale covering(Quantization quantization, float[] values) {
    float[] ends = {Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY};
    widen(ends, values);
    return between(quantization, ends[0], ends[1]);
  }

  /// @param ends the least and the largest finite value so far
  private static void widen(float[] ends, float[] values) {
    for (float value : values) {
      if (Float.isFinite(value)) {
        ends[0] = Math.min(ends[0], value);
        ends[1] = Math.max(ends[1], value);
      }
    }
  }

  /// @param low above `high` when there are no values
  private static CodeScale between(Quantization quantization, float low, float high) {
    float step = (float) (((double) high - low) / quantization.top());
    return step > 0
        ? new CodeScale(quantization, low, step)
        : new CodeScale(quantization, Float.isFinite(low) ? low : 0, 1);
  }

  private static float[] sample(RowValues rows, DenseVectors vectors) {
    int count = Math.min(vectors.count(), Math.max(1, SAMPLE_VALUES / vectors.dimension()));
    float[] values = new float[count * vectors.dimension()];
    int size = 0;
    for (int i = 0; i < count; i++) {
      for (float value : rows.of((int) ((long) vectors.count() * i / count))) {
        if (Float.isFinite(value)) {
          values[size++] = value;
        }
      }
    }
    return Arrays.copyOf(values, size);
  }

  /// Whether distances made of it are numbers.
  boolean isSane() {
    return Float.isFinite(low) && Float.isFinite(step) && step > 0;
  }

  /// Whether the codes of `values` lose no more by values that lie outside than they lose by rounding.
  boolean fits(float[] values) {
    double high = low + (double) step * quantization.top();
    double outside = 0;
    for (float value : values) {
      double beyond = Math.max(0, Math.max(low - value, value - high));
      outside += beyond * beyond;
    }
    return outside <= (double) step * step * values.length / 12;
  }

  /// The code nearest to `value`; of what is not a number, 0.
  int code(float value) {
    return (int) Math.clamp(Math.round(((double) value - low) / step), 0L, quantization.top());
  }
}
