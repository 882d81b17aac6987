package io.elanus.index;

/// Fills the lists of a graph with the nearest of the rows that their links lead to in two steps. Where a walk estimates a whole list at
/// once, and reads it in one piece, a place that is free costs as much as one that is not, and a walk that sees more of what is near takes
/// less steps. One thread, reused.
///
/// Source: Gou, Gao, Xu and Long, SymphonyQG, 2025, section 3.3: as many edges of each vertex as are estimated together.
final class FullLists {
  private final HnswLinks links;
  private final AimedScorer scorer;
  private final VisitedRows met;
  private final int[] list;
  private final int[] further;
  private final int[] rows;
  private final float[] distances;
  private int size;

  FullLists(HnswLinks links, Scoring scoring) {
    int degree = links.header().degree(0);
    this.links = links;
    this.scorer = scoring.fromRows();
    this.met = new VisitedRows(links.header().count());
    this.list = new int[degree];
    this.further = new int[degree];
    this.rows = new int[degree * degree];
    this.distances = new float[rows.length];
  }

  /// The links of `row` on level 0, and behind them such as fill its list; valid until the next call, up to [#size].
  int[] of(int row) {
    size = links.read(0, row, list);
    if (size < list.length) {
      fill(row);
    }
    return list;
  }

  int size() {
    return size;
  }

  private void fill(int row) {
    met.clear();
    met.add(row);
    for (int i = 0; i < size; i++) {
      met.add(list[i]);
    }
    int count = 0;
    for (int i = 0; i < size; i++) {
      int of = links.read(0, list[i], further);
      for (int j = 0; j < of; j++) {
        if (met.add(further[j])) {
          rows[count++] = further[j];
        }
      }
    }
    scorer.aim(row);
    scorer.score(rows, count, distances);
    NearestRows nearest = new NearestRows(list.length - size);
    nearest.offer(rows, count, distances, 0);
    long[] keys = new long[list.length - size];
    int taken = nearest.take(keys, 0, keys.length);
    for (int i = 0; i < taken; i++) {
      list[size++] = NearKey.ordinal(keys[i]);
    }
  }
}
