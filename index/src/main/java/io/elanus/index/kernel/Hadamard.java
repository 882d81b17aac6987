package io.elanus.index.kernel;

import static io.elanus.index.kernel.Lanes.SPECIES;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShuffle;

/// Hadamard's transform in place: `span` values, a power of two and at least 64, become sums and differences of all of them.
///
/// Source: Fino and Algazi, Unified matrix treatment of the fast Walsh-Hadamard transform, 1976.
public final class Hadamard {
  private static final VectorShuffle<Float> SWAP_1 = swap(1);
  private static final VectorShuffle<Float> SWAP_2 = swap(2);
  private static final VectorShuffle<Float> SWAP_4 = swap(4);
  private static final VectorShuffle<Float> SWAP_8 = swap(8);
  private static final FloatVector SIGNS_1 = signs(1);
  private static final FloatVector SIGNS_2 = signs(2);
  private static final FloatVector SIGNS_4 = signs(4);
  private static final FloatVector SIGNS_8 = signs(8);

  private Hadamard() {}

  /// Of `values[from..from + span)`.
  public static void transform(float[] values, int from, int span) {
    int half = 1;
    if (Lanes.FAST) {
      mixLanes(values, from, span);
      half = Lanes.COUNT;
    }
    for (; half < span; half *= 2) {
      for (int block = from; block < from + span; block += 2 * half) {
        if (Lanes.FAST) {
          mixVectors(values, block, half);
        } else {
          mixOneByOne(values, block, half);
        }
      }
    }
  }

  static void oneByOne(float[] values, int from, int span) {
    for (int half = 1; half < span; half *= 2) {
      for (int block = from; block < from + span; block += 2 * half) {
        mixOneByOne(values, block, half);
      }
    }
  }

  private static void mixOneByOne(float[] values, int block, int half) {
    for (int i = block; i < block + half; i++) {
      float a = values[i];
      float b = values[i + half];
      values[i] = a + b;
      values[i + half] = a - b;
    }
  }

  private static void mixVectors(float[] values, int block, int half) {
    for (int i = block; i < block + half; i += Lanes.COUNT) {
      FloatVector a = FloatVector.fromArray(SPECIES, values, i);
      FloatVector b = FloatVector.fromArray(SPECIES, values, i + half);
      a.add(b).intoArray(values, i);
      a.sub(b).intoArray(values, i + half);
    }
  }

  /// Those whose partners are in the same vector.
  private static void mixLanes(float[] values, int from, int span) {
    for (int i = from; i < from + span; i += Lanes.COUNT) {
      FloatVector v = FloatVector.fromArray(SPECIES, values, i);
      v = v.rearrange(SWAP_1).add(v.mul(SIGNS_1));
      v = v.rearrange(SWAP_2).add(v.mul(SIGNS_2));
      if (Lanes.COUNT >= 8) {
        v = v.rearrange(SWAP_4).add(v.mul(SIGNS_4));
      }
      if (Lanes.COUNT >= 16) {
        v = v.rearrange(SWAP_8).add(v.mul(SIGNS_8));
      }
      v.intoArray(values, i);
    }
  }

  private static VectorShuffle<Float> swap(int half) {
    return VectorShuffle.fromOp(SPECIES, lane -> (lane ^ half) % Lanes.COUNT);
  }

  private static FloatVector signs(int half) {
    float[] signs = new float[Lanes.COUNT];
    for (int lane = 0; lane < signs.length; lane++) {
      signs[lane] = (lane & half) == 0 ? 1 : -1;
    }
    return FloatVector.fromArray(SPECIES, signs, 0);
  }
}
