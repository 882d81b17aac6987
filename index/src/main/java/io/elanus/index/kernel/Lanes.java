package io.elanus.index.kernel;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/// The float vector of this machine, of at most sixteen lanes, and the sum over its lanes.
final class Lanes {
  static final VectorSpecies<Float> SPECIES =
      FloatVector.SPECIES_PREFERRED.length() > 16
          ? FloatVector.SPECIES_512
          : FloatVector.SPECIES_PREFERRED;
  static final int COUNT = SPECIES.length();

  /// Whether vectors are worth using: they hold several floats, and multiply and add in one
  /// instruction. On x86 that came with 256-bit integers (AVX2); emulated it is very slow.
  static final boolean FAST = COUNT >= (System.getProperty("os.arch").equals("aarch64") ? 4 : 8);

  private static final VectorShuffle<Float> BY_8 = rotation(8);
  private static final VectorShuffle<Float> BY_4 = rotation(4);
  private static final VectorShuffle<Float> BY_2 = rotation(2);
  private static final VectorShuffle<Float> BY_1 = rotation(1);

  private Lanes() {}

  /// The lanes below `dimension` in the vector that starts at element `from`.
  static VectorMask<Float> upTo(int dimension, int from) {
    return SPECIES.indexInRange(from, dimension);
  }

  /// `sum + (query - row)^2`, lane by lane.
  static FloatVector addSquare(FloatVector sum, FloatVector query, FloatVector row) {
    FloatVector difference = query.sub(row);
    return difference.fma(difference, sum);
  }

  static FloatVector load(float[] partial, int pair) {
    return FloatVector.fromArray(SPECIES, partial, pair * COUNT);
  }

  static void store(FloatVector sums, float[] partial, int pair) {
    sums.intoArray(partial, pair * COUNT);
  }

  /// The sum of the partial sums of one pair, always added in the same order.
  ///
  /// `reduceLanes(ADD)` leaves the order open, and compiled code differs from interpreted code in
  /// the last bit; then a graph built twice from one seed could differ, and two equal rows could
  /// get different scores. Rotating and adding is as fast.
  static float sum(float[] partial, int pair) {
    FloatVector v = load(partial, pair);
    if (COUNT >= 16) {
      v = v.add(v.rearrange(BY_8));
    }
    if (COUNT >= 8) {
      v = v.add(v.rearrange(BY_4));
    }
    if (COUNT >= 4) {
      v = v.add(v.rearrange(BY_2));
    }
    return v.add(v.rearrange(BY_1)).lane(0);
  }

  private static VectorShuffle<Float> rotation(int by) {
    return VectorShuffle.fromOp(SPECIES, lane -> (lane + by) % COUNT);
  }
}
