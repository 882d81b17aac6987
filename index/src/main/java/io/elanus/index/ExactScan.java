package io.elanus.index;

import io.elanus.index.kernel.Kernel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/// Scores all accepted rows, a block of rows at a time. Immutable.
record ExactScan(Distances distances, RowsAhead ahead) {
  ExactScan(Distances distances) {
    this(distances, new RowsAhead(distances.vectors()));
  }

  /// Rows are scored in blocks that stay in the second-level cache while all queries look at them.
  private static final int BLOCK_BYTES = 256 << 10;

  private static final int MIN_BLOCK_ROWS = 64;
  private static final int MAX_BLOCK_ROWS = 1024;

  /// The nearest `k` accepted rows.
  Neighbors nearest(float[] query, int k, AcceptedRows accepted, SearchWork work) {
    work.scanned(accepted.cardinality(distances.count()));
    return nearest(query, k, accepted);
  }

  /// As above.
  Neighbors nearest(float[] query, int k, AcceptedRows accepted) {
    return nearest(query, k, accepted, ScoreLimits.NONE);
  }

  private Neighbors nearest(float[] query, int k, AcceptedRows accepted, ScoreLimits limits) {
    Checks.require(k >= 1, "k %d is below 1", k);
    Scorer scorer = distances.from(query);
    int wanted = Math.min(k, accepted.cardinality(distances.count()));
    if (wanted == 0) {
      return Neighbors.NONE;
    }
    NearestRows nearest = new NearestRows(wanted);
    long first = limits.first(distances.metric());
    int[] ordinals = new int[blockRows()];
    float[] scores = new float[ordinals.length];
    AcceptedCursor rows = new AcceptedCursor(accepted, distances.count());
    for (int size = rows.next(ordinals); size > 0; size = rows.next(ordinals)) {
      scorer.score(ordinals, size, scores);
      nearest.offer(ordinals, size, scores, 0, first);
    }
    return nearest.nearest(wanted, distances.metric());
  }

  /// All accepted rows, nearest first.
  NeighborCursor cursor(float[] query, AcceptedRows accepted) {
    Scorer scorer = distances.from(query);
    Frontier scored = new Frontier(accepted.cardinality(distances.count()));
    int[] ordinals = new int[blockRows()];
    float[] scores = new float[ordinals.length];
    AcceptedCursor rows = new AcceptedCursor(accepted, distances.count());
    for (int size = rows.next(ordinals); size > 0; size = rows.next(ordinals)) {
      scorer.score(ordinals, size, scores);
      for (int i = 0; i < size; i++) {
        scored.add(NearKey.of(scores[i], ordinals[i]));
      }
    }
    return new ScanCursor(scored, distances.metric());
  }

  /// The nearest `k` of the rows that were found by codes, scored by their vectors.
  ///
  /// @param limit keys from this one on are not wanted
  Neighbors refine(float[] query, int k, Neighbors found, long limit, SearchWork work) {
    Refinement rows = new Refinement(distances.from(query), ahead, found, distances.metric());
    NearestRows nearest = new NearestRows(Math.clamp(found.size(), 1, k));
    while (rows.mayBeBelow(Math.min(limit, nearest.limit()))) {
      rows.score(nearest);
    }
    work.refined(rows.scored());
    return nearest.nearest(k, distances.metric());
  }

  /// The nearest `k` accepted rows of each query. Rows are read from memory once for all queries,
  /// and scored against [Kernel#QUERY_BLOCK] of them at a time.
  ///
  /// @param limits of which only what was given before is left out
  List<Neighbors> nearest(List<float[]> queries, int k, AcceptedRows accepted, ScoreLimits limits) {
    if (queries.size() < 2) {
      return queries.stream().map(query -> nearest(query, k, accepted, limits)).toList();
    }
    Checks.require(k >= 1, "k %d is below 1", k);
    queries.forEach(distances::requireDimension);
    int wanted = Math.min(k, accepted.cardinality(distances.count()));
    if (wanted == 0) {
      return Collections.nCopies(queries.size(), Neighbors.NONE);
    }
    List<QueryBlock> blocks = blocks(queries, wanted);
    long first = limits.first(distances.metric());
    int[] ordinals = new int[blockRows()];
    float[] rowNorms = new float[ordinals.length];
    float[] scores = new float[Kernel.QUERY_BLOCK * ordinals.length];
    AcceptedCursor rows = new AcceptedCursor(accepted, distances.count());
    for (int size = rows.next(ordinals); size > 0; size = rows.next(ordinals)) {
      if (distances.metric() == Metric.COSINE) {
        distances.inverseNorms().load(ordinals, size, rowNorms);
      }
      for (QueryBlock block : blocks) {
        block.scorer().score(ordinals, size, rowNorms, scores);
        block.offer(ordinals, size, scores, first);
      }
    }
    return results(blocks, wanted);
  }

  private List<QueryBlock> blocks(List<float[]> queries, int wanted) {
    List<QueryBlock> blocks = new ArrayList<>();
    for (int from = 0; from < queries.size(); from += Kernel.QUERY_BLOCK) {
      int to = Math.min(from + Kernel.QUERY_BLOCK, queries.size());
      BlockScorer scorer = new BlockScorer(distances, queries.subList(from, to));
      NearestRows[] nearest = new NearestRows[to - from];
      Arrays.setAll(nearest, _ -> new NearestRows(wanted));
      blocks.add(new QueryBlock(scorer, List.of(nearest)));
    }
    return blocks;
  }

  private List<Neighbors> results(List<QueryBlock> blocks, int wanted) {
    return blocks.stream()
        .flatMap(block -> block.nearest().stream())
        .map(nearest -> nearest.nearest(wanted, distances.metric()))
        .toList();
  }

  private int blockRows() {
    int fitting = BLOCK_BYTES / (4 * distances.dimension());
    return Math.clamp(fitting, MIN_BLOCK_ROWS, MAX_BLOCK_ROWS);
  }

  /// Some queries and what was found for each.
  private record QueryBlock(BlockScorer scorer, List<NearestRows> nearest) {
    void offer(int[] ordinals, int size, float[] scores, long first) {
      for (int q = 0; q < nearest.size(); q++) {
        nearest.get(q).offer(ordinals, size, scores, q * size, first);
      }
    }
  }
}
