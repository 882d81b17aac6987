package io.elanus.index;

class HnswIndexTest extends VectorIndexContract {
  @Override
  VectorIndex open(FloatVectors vectors, Metric metric) {
    IndexParams.Hnsw params = new IndexParams.Hnsw(metric, 8, 40, 1);
    BuiltIndex graph = HnswBuilder.build(vectors, params, BuildControl.onCallingThread());
    return HnswIndex.of(graph, vectors);
  }
}
