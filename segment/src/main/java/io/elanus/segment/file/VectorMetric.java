package io.elanus.segment.file;

import io.elanus.common.model.Metric;

/// The metric of the product as the index library calls it. Its scores are what clients see:
/// squared distance for L2, inner product and cosine as they are.
public final class VectorMetric {
  private VectorMetric() {}

  public static io.elanus.index.Metric of(Metric metric) {
    return switch (metric) {
      case L2 -> io.elanus.index.Metric.L2;
      case IP -> io.elanus.index.Metric.INNER_PRODUCT;
      case COSINE -> io.elanus.index.Metric.COSINE;
    };
  }
}
