package io.elanus.bench.kill;

import java.util.ArrayList;
import java.util.List;

/// The vector that a version of a key has: a row read back proves which write it came from and that no
/// byte of it changed.
final class Vectors {
  static final int DIMENSION = 8;

  private Vectors() {}

  static List<Float> of(long key, long version) {
    List<Float> vector = new ArrayList<>(DIMENSION);
    long state = key * 0x9E3779B97F4A7C15L + version * 0xC2B2AE3D27D4EB4FL;
    for (int i = 0; i < DIMENSION; i++) {
      state = mix(state + i);
      vector.add((state >>> 40) / (float) (1 << 24));
    }
    return vector;
  }

  /// The finalizer of SplitMix64 (Steele et al., 2014).
  private static long mix(long z) {
    z = (z ^ z >>> 30) * 0xBF58476D1CE4E5B9L;
    z = (z ^ z >>> 27) * 0x94D049BB133111EBL;
    return z ^ z >>> 31;
  }
}
