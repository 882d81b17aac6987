package io.elanus.index;

import io.elanus.index.kernel.CodeKernel;

/// What a walk or a look through lists reads of a row. Whatever it is, the best of what was found are scored anew by
/// their vectors.
public enum Quantization {
  /// The vector itself.
  NONE(0, 1),
  /// A byte a value, of which seven bits are used: [CodeKernel#BYTE_CODES] says why not all eight.
  SQ7(CodeKernel.BYTE_CODES, 3),
  /// Half a byte a value.
  SQ4(CodeKernel.NIBBLE_CODES, 8),
  /// A bit a value: [BitCodes] in lists, [LinkedBits] in graphs, which score rows by their vectors as they go.
  BIT(1, 20);

  private final int bits;
  private final int refine;

  /// @param refine so many rows are scored anew for each one wanted, whatever is asked for: with less some of the best
  ///     would be lost that were found
  Quantization(int bits, int refine) {
    this.bits = bits;
    this.refine = refine;
  }

  /// How many rows a walk keeps at least for the `k` best: few of the best are farther back by their codes.
  ///
  /// @param asked rows to be scored anew for each one wanted
  int candidates(int k, float asked) {
    long enough = coded() ? Math.max(times(k, asked), (long) k * refine / 2) : k;
    return (int) Math.min(enough, Integer.MAX_VALUE);
  }

  /// How many rows are to be scored anew for the `k` best; `k` where rows are scored by their vectors.
  ///
  /// @param asked of them for each one wanted
  int refined(int k, float asked) {
    return coded() ? (int) Math.min(times(k, Math.max(refine, asked)), Integer.MAX_VALUE) : k;
  }

  private static long times(int k, float factor) {
    return (long) Math.ceil((double) k * factor);
  }

  boolean coded() {
    return this != NONE;
  }

  /// Of a code; 0 for none.
  int bits() {
    return bits;
  }

  /// The largest code.
  int top() {
    return (1 << bits) - 1;
  }

  /// Bytes of a row of codes, which fills whole cache lines.
  int rowBytes(int dimension) {
    return Math.ceilDiv(
            bits > CodeKernel.NIBBLE_CODES ? dimension : (dimension + 1) / 2, CodeKernel.ROW_BYTES)
        * CodeKernel.ROW_BYTES;
  }

  /// Bytes of a query: one a code, also of codes that are packed.
  int codes(int dimension) {
    return (this == SQ4 ? 2 : 1) * rowBytes(dimension);
  }

  /// Throws IndexCorruptException unless there is one of `bits`.
  static Quantization ofBits(int bits) {
    for (Quantization quantization : values()) {
      if (quantization.bits == bits) {
        return quantization;
      }
    }
    throw new IndexCorruptException("no codes have %d bits".formatted(bits));
  }
}
