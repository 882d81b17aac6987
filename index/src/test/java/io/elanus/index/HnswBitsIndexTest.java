package io.elanus.index;

class HnswBitsIndexTest extends VectorIndexContract {
  @Override
  VectorIndex open(DenseVectors vectors, Metric metric) {
    var params = new IndexParams.Hnsw(metric, 8, 40, Quantization.BIT, 1);
    BuiltIndex graph = IndexBuilder.build(vectors, params, BuildControl.onCallingThread());
    return VectorIndex.map(graph.file(), vectors);
  }
}
