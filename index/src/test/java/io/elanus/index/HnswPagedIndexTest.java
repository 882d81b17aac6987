package io.elanus.index;

class HnswPagedIndexTest extends VectorIndexContract {
  @Override
  VectorIndex open(DenseVectors vectors, Metric metric) {
    var params = new IndexParams.Paged(metric, 40, 40, 1);
    BuiltIndex graph = IndexBuilder.build(vectors, params, BuildControl.onCallingThread());
    return VectorIndex.map(graph.file(), vectors);
  }
}
