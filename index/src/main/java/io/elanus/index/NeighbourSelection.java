package io.elanus.index;

/// Picks the links of a row among candidates: a candidate is taken unless an already taken one is
/// nearer to it than the row is. So links point in different directions instead of all into the
/// nearest cluster. One thread, reused.
///
/// Twins, rows equal to the row itself, would all be taken, as none is nearer to another than to
/// the row; some dozens of them would fill all lists and cut their group off from the rest. So
/// between twins the exclusive or of their ordinals serves as distance. By the rule above a row
/// then takes one twin for each length of common prefix, which is the routing table of Kademlia:
/// the logarithm of their number suffices to reach them all. Candidates come in that order too.
///
/// Source: Malkov and Yashunin, 2018, algorithm 4, without keeping rejected candidates; Maymounkov
/// and Mazieres, Kademlia, 2002, section 2.4.
final class NeighbourSelection {
  /// Taken rows are compared a few at a time, because most candidates are rejected by an early one.
  private static final int STEP = 8;

  private final AimedScorer scorer;
  private final int[] taken;
  private final int[] step = new int[STEP];
  private final float[] distances = new float[STEP];
  private int size;

  /// Never more than `maxLinks` are taken.
  NeighbourSelection(Scoring scoring, int maxLinks) {
    this.scorer = scoring.fromRows();
    this.taken = new int[maxLinks];
  }

  /// Takes at most `limit` of the candidates `keys[0..count)`, which are the distances from `row`
  /// with `ordinal ^ row`, ascending. Fewer candidates than `limit` are all taken. `self` is the
  /// distance of the row from itself, by which twins are known.
  void select(int row, float self, long[] keys, int count, int limit) {
    size = 0;
    for (int i = 0; i < count && size < limit; i++) {
      int candidate = NearKey.ordinal(keys[i]) ^ row;
      if (count < limit || leadsElsewhere(row, self, candidate, NearKey.distance(keys[i]))) {
        taken[size++] = candidate;
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

  private boolean leadsElsewhere(int row, float self, int candidate, float distance) {
    if (size == 0) {
      return true;
    }
    boolean twin = distance == self;
    scorer.aim(candidate);
    for (int from = 0; from < size; from += STEP) {
      int count = Math.min(STEP, size - from);
      System.arraycopy(taken, from, step, 0, count);
      scorer.score(step, count, distances);
      for (int i = 0; i < count; i++) {
        boolean nearer =
            distances[i] < distance
                || (twin && distances[i] == self && (step[i] ^ candidate) < (row ^ candidate));
        if (nearer) {
          return false;
        }
      }
    }
    return true;
  }
}
