package io.elanus.index;

import java.util.Arrays;

/// Which values the codes of some vectors stand for: code `c` for `low + c * step`. One scale for all values, so that
/// differences of codes are proportional to differences of values.
///
/// @param length of a typical row
record CodeScale(Quantization quantization, float low, float step, float length) {
  /// Enough to know where the values lie.
  private static final int SAMPLE_VALUES = 1 << 20;

  /// Values outside of these quantiles get the first or last code: a few outliers would make all steps wide. Where inner
  /// products decide, the largest values matter most, and are kept.
  private static final double CUT = 0.001;

  /// A scale for `vectors`, as [RowValues] gives them.
  static CodeScale of(FloatVectors vectors, Metric metric, Quantization quantization) {
    float[] values = sample(vectors, metric);
    if (values.length == 0) {
      return new CodeScale(quantization, 0, 1, 1);
    }
    float length = typicalLength(values, vectors.dimension());
    Arrays.sort(values);
    int cut = metric == Metric.INNER_PRODUCT ? 0 : (int) (CUT * values.length);
    float low = values[cut];
    float step = (values[values.length - 1 - cut] - low) / quantization.top();
    return new CodeScale(quantization, low, step > 0 ? step : 1, length);
  }

  private static float typicalLength(float[] values, int dimension) {
    double squares = 0;
    for (float value : values) {
      squares += (double) value * value;
    }
    return (float) Math.sqrt(squares * dimension / values.length);
  }

  /// Whether distances made of it are numbers.
  boolean isSane() {
    return Float.isFinite(low) && Float.isFinite(step) && step > 0 && Float.isFinite(length);
  }

  private static float[] sample(FloatVectors vectors, Metric metric) {
    int rows = Math.min(vectors.count(), Math.max(1, SAMPLE_VALUES / vectors.dimension()));
    float[] values = new float[rows * vectors.dimension()];
    int size = 0;
    RowValues source = new RowValues(vectors, metric);
    for (int i = 0; i < rows; i++) {
      for (float value : source.of((int) ((long) vectors.count() * i / rows))) {
        if (Float.isFinite(value)) {
          values[size++] = value;
        }
      }
    }
    return Arrays.copyOf(values, size);
  }

  /// The code nearest to `value`; of what is not a number, 0.
  int code(float value) {
    return (int) Math.clamp(Math.round((value - low) / step), 0L, quantization.top());
  }
}
