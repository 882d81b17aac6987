package io.elanus.index;

/// A row with its distance in one long, so that the order of longs is the order of a result: by
/// distance, then by ordinal. Candidates are sorted, searched and moved as plain longs.
///
/// ```
/// 63           32 31         1  0
/// |  distance   |  ordinal   |seen|
/// ```
/// The distance is in its order-preserving integer form, NaN last. Bit 0 belongs to
/// [CandidatePool].
final class NearKey {
  static final long SEEN = 1;

  private NearKey() {}

  static long of(float distance, int ordinal) {
    return (long) flipNegative(Float.floatToIntBits(distance)) << 32 | (long) ordinal << 1;
  }

  /// Above all keys of that distance, and no higher than that of any row that is farther.
  static long after(float distance) {
    return of(distance, 0) + (1L << 32);
  }

  static float distance(long key) {
    return Float.intBitsToFloat(flipNegative((int) (key >> 32)));
  }

  static int ordinal(long key) {
    return (int) key >>> 1;
  }

  /// Turns the bits of a float into an int of the same order, and back.
  private static int flipNegative(int bits) {
    return bits ^ (bits >> 31 & Integer.MAX_VALUE);
  }
}
