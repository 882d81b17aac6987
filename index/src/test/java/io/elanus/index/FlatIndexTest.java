package io.elanus.index;

class FlatIndexTest extends VectorIndexContract {
  @Override
  VectorIndex open(DenseVectors vectors, Metric metric) {
    return new FlatIndex(vectors, metric);
  }
}
