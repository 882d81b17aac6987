package io.elanus.index.kernel;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// [CodeKernel] in plain Java, over any memory segment: what the vector kernels must equal.
final class ScalarCodeKernel implements CodeKernel {
  private final MemorySegment rows;
  private final int rowBytes;
  private final int bits;

  ScalarCodeKernel(MemorySegment rows, int rowBytes, int bits) {
    this.rows = rows;
    this.rowBytes = rowBytes;
    this.bits = bits;
  }

  @Override
  public void squaredL2(byte[] query, int[] ordinals, int count, int[] out) {
    for (int i = 0; i < count; i++) {
      long row = (long) rowBytes * ordinals[i];
      out[i] = bits == BYTE_CODES ? bytes(query, row) : nibbles(query, row);
    }
  }

  private int bytes(byte[] query, long row) {
    int sum = 0;
    for (int j = 0; j < rowBytes; j++) {
      sum += square(query[j] - code(row, j));
    }
    return sum;
  }

  private int nibbles(byte[] query, long row) {
    int sum = 0;
    for (int j = 0; j < rowBytes; j++) {
      int pair = code(row, j);
      sum += square(query[j] - (pair & 0xf)) + square(query[rowBytes + j] - (pair >> 4 & 0xf));
    }
    return sum;
  }

  private int code(long row, int at) {
    return rows.get(ValueLayout.JAVA_BYTE, row + at);
  }

  private static int square(int difference) {
    return difference * difference;
  }
}
