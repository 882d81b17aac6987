package io.elanus.index;

import io.elanus.index.kernel.Kernel;

/// A [Scorer] of the vectors themselves.
///
/// - L2: squared distance. INNER_PRODUCT: minus the product. COSINE: minus the cosine.
/// - Differences from zero (`0 - x`) rather than negation, so that minus zero never appears and
///   equal distances are equal bits.
final class VectorScorer implements AimedScorer {
  private final Distances over;
  private final Kernel kernel;
  private final float[] query;
  private float inverseNorm;
  private float[] rowNorms = new float[1];

  /// `inverseNorm`: that of `query`; read for COSINE only.
  VectorScorer(Distances over, float[] query, float inverseNorm) {
    this.over = over;
    this.kernel = over.kernel().forOneThread();
    this.query = query;
    this.inverseNorm = inverseNorm;
  }

  @Override
  public void aim(int ordinal) {
    over.vectors().copyRow(ordinal, query);
    if (over.metric() == Metric.COSINE) {
      inverseNorm = over.inverseNorms().of(ordinal);
    }
  }

  @Override
  public void score(int[] ordinals, int count, float[] out) {
    switch (over.metric()) {
      case L2 -> kernel.squaredL2(query, ordinals, count, out);
      case INNER_PRODUCT -> {
        kernel.dot(query, ordinals, count, out);
        negate(count, out);
      }
      case COSINE -> {
        kernel.dot(query, ordinals, count, out);
        over.inverseNorms().load(ordinals, count, rowNorms(count));
        scale(out, 0, count, inverseNorm, rowNorms);
      }
    }
  }

  /// `out[i] = -out[i]`, for `i < count`.
  static void negate(int count, float[] out) {
    for (int i = 0; i < count; i++) {
      out[i] = 0f - out[i];
    }
  }

  /// Turns inner products `out[from..from + count)` into minus cosines.
  static void scale(float[] out, int from, int count, float inverseNorm, float[] rowNorms) {
    for (int i = 0; i < count; i++) {
      out[from + i] = 0f - out[from + i] * inverseNorm * rowNorms[i];
    }
  }

  private float[] rowNorms(int count) {
    if (rowNorms.length < count) {
      rowNorms = new float[count];
    }
    return rowNorms;
  }
}
