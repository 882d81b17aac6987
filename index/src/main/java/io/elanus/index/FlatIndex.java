package io.elanus.index;

import java.util.List;

/// No index: every search scans the accepted rows and is exact. For the tail and for segments that
/// have no graph yet. Making one costs nothing, so it may be made anew for every search.
public final class FlatIndex implements VectorIndex {
  private final ExactScan scan;

  public FlatIndex(DenseVectors vectors, Metric metric) {
    this.scan = new ExactScan(Distances.of(vectors, metric));
  }

  @Override
  public int count() {
    return scan.distances().count();
  }

  @Override
  public int dimension() {
    return scan.distances().dimension();
  }

  @Override
  public Metric metric() {
    return scan.distances().metric();
  }

  @Override
  public Neighbors search(
      float[] query, int k, SearchParams params, AcceptedRows accepted, SearchWork work) {
    return scan.nearest(query, k, accepted, work);
  }

  @Override
  public NeighborCursor cursor(float[] query, SearchParams params, AcceptedRows accepted) {
    return scan.cursor(query, accepted);
  }

  @Override
  public List<Neighbors> searchBatch(
      List<float[]> queries,
      int k,
      SearchParams params,
      AcceptedRows accepted,
      ScoreLimits limits) {
    return scan.nearest(queries, k, accepted, limits);
  }
}
