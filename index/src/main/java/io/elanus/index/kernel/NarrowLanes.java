package io.elanus.index.kernel;

import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/// Vectors of narrow values, with as many lanes as [Lanes] has.
final class NarrowLanes {
  /// No vector is shorter.
  private static final int LEAST_BITS = 64;

  static final VectorSpecies<Integer> INTS =
      VectorSpecies.of(int.class, Lanes.SPECIES.vectorShape());

  private NarrowLanes() {}

  /// Whether this machine has vectors of so few bits.
  static boolean has(ValueType type) {
    return Lanes.COUNT * type.bytes() * Byte.SIZE >= LEAST_BITS;
  }

  static VectorSpecies<Short> shorts() {
    return VectorSpecies.of(short.class, shape(Short.SIZE));
  }

  static VectorSpecies<Byte> bytes() {
    return VectorSpecies.of(byte.class, shape(Byte.SIZE));
  }

  private static VectorShape shape(int bits) {
    return VectorShape.forBitSize(Lanes.COUNT * bits);
  }
}
