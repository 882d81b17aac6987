package io.elanus.index;

class IvfCodesIndexTest extends VectorIndexContract {
  @Override
  VectorIndex open(DenseVectors vectors, Metric metric) {
    var params = new IndexParams.Ivf(metric, 12, Quantization.SQ4, 1);
    BuiltIndex built = IndexBuilder.build(vectors, params, BuildControl.onCallingThread());
    return VectorIndex.map(built.file(), vectors);
  }
}
