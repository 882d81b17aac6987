package io.elanus.index;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// The codes of one row after the other, and what they add up to. One thread, reused.
final class CodedRow {
  private final CodeScale scale;
  private final int dimension;

  /// A byte a code; 0 beyond the last.
  private final byte[] codes;

  private long sum;
  private long squares;

  CodedRow(CodeScale scale, int dimension) {
    this.scale = scale;
    this.dimension = dimension;
    this.codes = new byte[scale.quantization().codes(dimension)];
  }

  void take(float[] values) {
    sum = 0;
    squares = 0;
    for (int i = 0; i < dimension; i++) {
      int code = scale.code(values[i]);
      codes[i] = (byte) code;
      sum += code;
      squares += code * code;
    }
  }

  /// As a kernel wants its query; valid until the next row is taken.
  byte[] codes() {
    return codes;
  }

  /// As a row of the section, from `at` on.
  void pack(MemorySegment section, long at) {
    if (scale.quantization() == Quantization.SQ7) {
      MemorySegment.copy(codes, 0, section, ValueLayout.JAVA_BYTE, at, codes.length);
      return;
    }
    int half = codes.length / 2;
    for (int i = 0; i < half; i++) {
      section.set(ValueLayout.JAVA_BYTE, at + i, (byte) (codes[i] | codes[half + i] << 4));
    }
  }

  /// The row's part of a product of two rows of values, beyond half the squared differences of their codes:
  /// `sum(x y) = d low^2 + low step (sum(a) + sum(b)) + step^2 (sum(a^2) + sum(b^2) - S) / 2` for codes a and b.
  float productTerm() {
    double step = scale.step();
    return (float) (scale.low() * step * sum + step * step / 2 * squares);
  }

  /// [#productTerm] of the query, with what does not depend on either row.
  float queryTerm() {
    return (float) ((double) scale.low() * scale.low() * dimension) + productTerm();
  }
}
