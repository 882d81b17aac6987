package io.elanus.index;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// The codes of one row after the other, and what they add up to. One thread, reused.
final class CodedRow {
  private final int dimension;

  /// A byte a code; 0 beyond the last.
  private final byte[] codes;

  private long sum;
  private long squares;

  CodedRow(Quantization quantization, int dimension) {
    this.dimension = dimension;
    this.codes = new byte[quantization.codes(dimension)];
  }

  void take(float[] values, CodeScale scale) {
    sum = 0;
    squares = 0;
    for (int i = 0; i < dimension; i++) {
      int code = scale.code(values[i]);
      codes[i] = (byte) code;
      sum += code;
      squares += (long) code * code;
    }
  }

  /// As a kernel wants its query; valid until the next row is taken.
  byte[] codes() {
    return codes;
  }

  long sum() {
    return sum;
  }

  /// The sum of the squares.
  long squares() {
    return squares;
  }

  /// As a row of the section, from `at` on.
  void pack(MemorySegment section, long at, int rowBytes) {
    for (int i = 0; i < rowBytes; i++) {
      int upper = rowBytes + i < codes.length ? codes[rowBytes + i] << 4 : 0;
      section.set(ValueLayout.JAVA_BYTE, at + i, (byte) (codes[i] | upper));
    }
  }
}
