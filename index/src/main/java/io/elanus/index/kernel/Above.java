package io.elanus.index.kernel;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/// Finds the numbers above a limit, several in one step where the machine can.
public final class Above {
  private static final VectorSpecies<Integer> PLACES =
      VectorSpecies.of(int.class, Lanes.SPECIES.vectorShape());

  /// Room that [#find] needs beyond the places.
  public static final int SLACK = 16;

  private Above() {}

  /// Puts into `places`, from its start on and ascending, the `i` below `size` whose `values[i]` is above `limit` or not
  /// a number. Returns how many there are.
  ///
  /// `places` has room for `size` and [#SLACK] more: what lies beyond those returned is overwritten.
  public static int find(float[] values, int size, float limit, int[] places) {
    return Lanes.FAST
        ? findByLanes(values, size, limit, places)
        : findFrom(0, 0, values, size, limit, places);
  }

  private static int findByLanes(float[] values, int size, float limit, int[] places) {
    int bound = Lanes.SPECIES.loopBound(size);
    IntVector next = IntVector.zero(PLACES).addIndex(1);
    int found = 0;
    for (int i = 0; i < bound; i += Lanes.COUNT) {
      VectorMask<Float> above =
          FloatVector.fromArray(Lanes.SPECIES, values, i).compare(VectorOperators.LE, limit).not();
      if (above.anyTrue()) {
        next.add(i).compress(above.cast(PLACES)).intoArray(places, found);
        found += above.trueCount();
      }
    }
    return findFrom(bound, found, values, size, limit, places);
  }

  private static int findFrom(
      int from, int found, float[] values, int size, float limit, int[] places) {
    int all = found;
    for (int i = from; i < size; i++) {
      places[all] = i;
      all += values[i] <= limit ? 0 : 1;
    }
    return all;
  }
}
