package io.elanus.index;

/// Picks the links of a row among candidates: a candidate is taken unless an already taken one is
/// nearer to it than the row is. So links point in different directions instead of all into the
/// nearest cluster. One thread, reused.
///
/// Source: Malkov and Yashunin, 2018, algorithm 4, without keeping rejected candidates.
final class NeighbourSelection {
  /// Taken rows are compared a few at a time, because most candidates are rejected by an early one.
  private static final int STEP = 8;

  private final Scorer scorer;
  private final int[] taken;
  private final int[] step = new int[STEP];
  private final float[] distances = new float[STEP];
  private int size;

  /// Never more than `maxLinks` are taken.
  NeighbourSelection(Distances distances, int maxLinks) {
    this.scorer = distances.fromRows();
    this.taken = new int[maxLinks];
  }

  /// Takes at most `limit` of the candidates `keys[0..count)`, which are the distances from one row,
  /// nearest first. Fewer candidates than `limit` are all taken.
  void select(long[] keys, int count, int limit) {
    size = 0;
    for (int i = 0; i < count && size < limit; i++) {
      if (count < limit || leadsElsewhere(keys[i])) {
        taken[size++] = NearKey.ordinal(keys[i]);
      }
    }
  }

  /// The links taken, valid up to [#size].
  int[] taken() {
    return taken;
  }

  int size() {
    return size;
  }

  private boolean leadsElsewhere(long key) {
    if (size == 0) {
      return true;
    }
    scorer.aim(NearKey.ordinal(key));
    float limit = NearKey.distance(key);
    for (int from = 0; from < size; from += STEP) {
      int count = Math.min(STEP, size - from);
      System.arraycopy(taken, from, step, 0, count);
      scorer.score(step, count, distances);
      for (int i = 0; i < count; i++) {
        if (distances[i] < limit) {
          return false;
        }
      }
    }
    return true;
  }
}
