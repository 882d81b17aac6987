package io.elanus.index;

import io.elanus.index.kernel.Kernel;

/// Distances to the rows of some vectors under a metric: the one place where a metric becomes
/// arithmetic. Graphs and scans see only that smaller is nearer.
record Distances(DenseVectors vectors, Metric metric, Kernel kernel, InverseNorms inverseNorms)
    implements Scoring {

  static Distances of(DenseVectors vectors, Metric metric) {
    Kernel kernel = Kernel.of(vectors.data(), vectors.dimension(), vectors.type());
    float[] origin = new float[vectors.dimension()];
    return new Distances(vectors, metric, kernel, new InverseNorms.Computed(kernel, origin));
  }

  /// The same distances, with inverse norms read from `values` instead of computed.
  Distances withInverseNorms(float[] values) {
    return new Distances(vectors, metric, kernel, new InverseNorms.Stored(values));
  }

  /// The same distances of a copy of the rows that `other` reads.
  Distances over(Kernel other) {
    return new Distances(vectors, metric, other, inverseNorms);
  }

  int count() {
    return vectors.count();
  }

  int dimension() {
    return vectors.dimension();
  }

  @Override
  public VectorScorer from(float[] query) {
    requireDimension(query);
    return new VectorScorer(this, query, queryNorm(query));
  }

  @Override
  public VectorScorer fromRows() {
    return new VectorScorer(this, new float[dimension()], 0f);
  }

  /// Throws IllegalArgumentException unless `query` is as long as the rows.
  void requireDimension(float[] query) {
    Checks.requireDimension(query, dimension());
  }

  private float queryNorm(float[] query) {
    return metric == Metric.COSINE ? InverseNorms.of(query, 0, query.length) : 0f;
  }
}
