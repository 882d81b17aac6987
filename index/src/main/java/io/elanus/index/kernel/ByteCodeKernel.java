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

/// [CodeKernel] for codes of seven bits, off heap.
///
/// Differences are squared and added up in lanes of 16 bits, which four squares of 127 just fit; only then are they
/// widened. The compiler gives up on methods with many more vectors in them than these and allocates one object each, ten
/// times slower: so rows go one by one, and the JVM is told not to inline [#squaredL2] (docker/jvm.options).
final class ByteCodeKernel implements CodeKernel {
  private final MemorySegment rows;
  private final int rowBytes;
  private final int bound;

  ByteCodeKernel(MemorySegment rows, int rowBytes) {
    this.rows = NativeRows.plain(rows);
    this.rowBytes = rowBytes;
    this.bound = rowBytes - rowBytes % (2 * CodeLanes.COUNT);
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
    int i = 0;
    for (; i < bound; i += 2 * CodeLanes.COUNT) {
      ShortVector two = squares(differences(query, row, i));
      sum = addWidened(sum, two.add(squares(differences(query, row, i + CodeLanes.COUNT))));
    }
    if (i < rowBytes) {
      sum = addWidened(sum, squares(differences(query, row, i)));
    }
    return sum.reduceLanes(VectorOperators.ADD);
  }

  private ByteVector differences(byte[] query, long row, int i) {
    ByteVector codes =
        ByteVector.fromMemorySegment(SPECIES, rows, row + i, ByteOrder.LITTLE_ENDIAN);
    return ByteVector.fromArray(SPECIES, query, i).sub(codes);
  }
}
