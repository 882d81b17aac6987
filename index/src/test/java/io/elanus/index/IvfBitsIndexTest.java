package io.elanus.index;

class IvfBitsIndexTest extends VectorIndexContract {
  @Override
  VectorIndex open(DenseVectors vectors, Metric metric) {
    var params = new IndexParams.Ivf(metric, 12, Quantization.BIT, 1);
    BuiltIndex built = IndexBuilder.build(vectors, params, BuildControl.onCallingThread());
    return VectorIndex.map(built.file(), vectors);
  }
}
