package io.elanus.index.kernel;

import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/// The byte vector of this machine, and squares of its bytes.
final class CodeLanes {
  static final VectorSpecies<Byte> SPECIES =
      ByteVector.SPECIES_PREFERRED.length() > CodeKernel.ROW_BYTES
          ? ByteVector.SPECIES_512
          : ByteVector.SPECIES_PREFERRED;
  static final VectorSpecies<Integer> INTS = VectorSpecies.of(int.class, SPECIES.vectorShape());
  static final int COUNT = SPECIES.length();

  private CodeLanes() {}

  /// By lane of 16 bits, the squares of its two signed bytes added up.
  static ShortVector squares(ByteVector differences) {
    ShortVector pairs = differences.reinterpretAsShorts();
    ShortVector upper = pairs.lanewise(VectorOperators.ASHR, 8);
    ShortVector lower = pairs.lanewise(VectorOperators.LSHL, 8).lanewise(VectorOperators.ASHR, 8);
    return upper.mul(upper).add(lower.mul(lower));
  }

  /// Adds lanes of 16 bits without a sign.
  static IntVector addWidened(IntVector sum, ShortVector lanes) {
    IntVector pairs = lanes.reinterpretAsInts();
    return sum.add(pairs.and(0xffff)).add(pairs.lanewise(VectorOperators.LSHR, 16));
  }
}
