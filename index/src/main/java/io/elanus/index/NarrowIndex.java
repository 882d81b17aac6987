package io.elanus.index;

import java.util.Arrays;
import java.util.List;

/// No index over vectors whose values are narrower than float32: every search widens the accepted rows, a
/// block at a time, and scores them exactly. Making one costs nothing.
public final class NarrowIndex implements VectorIndex {
  /// Of a block of widened rows: it stays in the second-level cache while all queries look at it.
  private static final int BLOCK_BYTES = 256 << 10;

  private static final int MIN_BLOCK_ROWS = 64;
  private static final int MAX_BLOCK_ROWS = 1024;

  private final NarrowVectors vectors;
  private final Metric metric;

  public NarrowIndex(NarrowVectors vectors, Metric metric) {
    this.vectors = vectors;
    this.metric = metric;
  }

  @Override
  public int count() {
    return vectors.count();
  }

  @Override
  public int dimension() {
    return vectors.dimension();
  }

  @Override
  public Metric metric() {
    return metric;
  }

  @Override
  public Neighbors search(float[] query, int k, SearchParams params, AcceptedRows accepted) {
    return searchBatch(List.of(query), k, params, accepted).getFirst();
  }

  @Override
  public List<Neighbors> searchBatch(
      List<float[]> queries, int k, SearchParams params, AcceptedRows accepted) {
    Checks.require(k >= 1, "k %d is below 1", k);
    int wanted = Math.min(k, accepted.cardinality(count()));
    if (wanted == 0) {
      return queries.stream().map(_ -> Neighbors.NONE).toList();
    }
    int fitting = BLOCK_BYTES / (4 * dimension());
    int rows = Math.clamp(fitting, MIN_BLOCK_ROWS, MAX_BLOCK_ROWS);
    float[] wide = new float[rows * dimension()];
    Distances distances = Distances.of(FloatVectors.of(wide, dimension()), metric);
    List<VectorScorer> scorers = queries.stream().map(distances::from).toList();
    NearestRows[] nearest = new NearestRows[queries.size()];
    Arrays.setAll(nearest, _ -> new NearestRows(wanted));
    scan(accepted, wide, scorers, nearest);
    return Arrays.stream(nearest).map(found -> found.nearest(wanted, metric)).toList();
  }

  private void scan(
      AcceptedRows accepted, float[] wide, List<VectorScorer> scorers, NearestRows[] nearest) {
    int[] ordinals = new int[wide.length / dimension()];
    int[] places = new int[ordinals.length];
    Arrays.setAll(places, i -> i);
    float[] scores = new float[ordinals.length];
    AcceptedCursor cursor = new AcceptedCursor(accepted, count());
    for (int size = cursor.next(ordinals); size > 0; size = cursor.next(ordinals)) {
      for (int i = 0; i < size; i++) {
        vectors.widenRow(ordinals[i], wide, i * dimension());
      }
      for (int q = 0; q < nearest.length; q++) {
        scorers.get(q).score(places, size, scores);
        nearest[q].offer(ordinals, size, scores, 0);
      }
    }
  }
}
