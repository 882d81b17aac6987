package io.elanus.index;

class HnswIndexTest extends VectorIndexContract {
  @Override
  VectorIndex open(DenseVectors vectors, Metric metric) {
    IndexParams.Hnsw params = new IndexParams.Hnsw(metric, 8, 40, 1);
    BuiltIndex graph = IndexBuilder.build(vectors, params, BuildControl.onCallingThread());
    return VectorIndex.of(graph, vectors);
  }
}
