package io.elanus.index.kernel;

import static io.elanus.index.kernel.CodeLanes.SPECIES;
import static io.elanus.index.kernel.CodeLanes.addWidened;
import static io.elanus.index.kernel.CodeLanes.squares;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;

/// [CodeKernel] for codes of four bits, two a byte, off heap. As [ByteCodeKernel].
final class NibbleCodeKernel implements CodeKernel {
  private final MemorySegment rows;
  private final int rowBytes;

  NibbleCodeKernel(MemorySegment rows, int rowBytes) {
    this.rows = NativeRows.plain(rows);
    this.rowBytes = rowBytes;
  }

  @Override
  public void squaredL2(byte[] query, int[] ordinals, int count, int[] out) {
    Touch.rows(rows, rowBytes, ordinals, count);
    for (int i = 0; i < count; i++) {
      out[i] = distance(query, (long) rowBytes * ordinals[i]);
    }
  }

  private int distance(byte[] query, long row) {
    IntVector sum = IntVector.zero(CodeLanes.INTS);
    for (int i = 0; i < rowBytes; i += CodeLanes.COUNT) {
      ByteVector codes =
          ByteVector.fromMemorySegment(SPECIES, rows, row + i, ByteOrder.LITTLE_ENDIAN);
      ByteVector lower = ByteVector.fromArray(SPECIES, query, i).sub(lower(codes));
      ByteVector upper = ByteVector.fromArray(SPECIES, query, rowBytes + i).sub(upper(codes));
      ShortVector two = squares(lower).add(squares(upper));
      sum = addWidened(sum, two);
    }
    return sum.reduceLanes(VectorOperators.ADD);
  }

  private static ByteVector lower(ByteVector codes) {
    return codes.and((byte) 0xf);
  }

  private static ByteVector upper(ByteVector codes) {
    return lower(
        codes.reinterpretAsShorts().lanewise(VectorOperators.LSHR, 4).reinterpretAsBytes());
  }
}
