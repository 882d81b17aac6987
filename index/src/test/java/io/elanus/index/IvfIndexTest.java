package io.elanus.index;

class IvfIndexTest extends VectorIndexContract {
  @Override
  VectorIndex open(DenseVectors vectors, Metric metric) {
    IndexParams.Ivf params = new IndexParams.Ivf(metric, 12, 1);
    BuiltIndex built = IndexBuilder.build(vectors, params, BuildControl.onCallingThread());
    return VectorIndex.map(built.file(), vectors);
  }
}
