package io.elanus.index;

/// The values of rows that their codes stand for: for COSINE those of length 1. One thread, reused.
final class RowValues {
  private final DenseVectors vectors;
  private final Metric metric;
  private final float[] row;

  RowValues(DenseVectors vectors, Metric metric) {
    this.vectors = vectors;
    this.metric = metric;
    this.row = new float[vectors.dimension()];
  }

  /// Valid until the next call.
  float[] of(int ordinal) {
    vectors.copyRow(ordinal, row);
    if (metric == Metric.COSINE) {
      scale(row, InverseNorms.of(row, 0, row.length));
    }
    return row;
  }

  /// The values of a query that are compared with those of rows.
  static float[] ofQuery(float[] query, Metric metric) {
    if (metric != Metric.COSINE) {
      return query;
    }
    float[] values = query.clone();
    scale(values, InverseNorms.of(values, 0, values.length));
    return values;
  }

  static void scale(float[] values, float factor) {
    for (int i = 0; i < values.length; i++) {
      values[i] *= factor;
    }
  }
}
