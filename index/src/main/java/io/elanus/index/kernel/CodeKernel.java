package io.elanus.index.kernel;

import java.lang.foreign.MemorySegment;

/// Squared distances of rows of codes from one query: each value is a small whole number.
///
/// - A row has a multiple of [#ROW_BYTES] bytes; values beyond the last are alike in rows and queries.
/// - `query`: a byte a code; for packed codes those that lie in the lower halves of the bytes of a row, then those in the
///   upper halves.
/// - `ordinals[0..count)`: the rows to score, each within the rows of the kernel; not checked here.
/// - `out[i]`: the sum of squared differences to row `ordinals[i]`, exactly.
///
/// Kernels hold no state besides their rows and may be used by any number of threads.
public sealed interface CodeKernel
    permits ByteCodeKernel, NativeCodeKernel, NibbleCodeKernel, ScalarCodeKernel {
  /// Bits of a code that has a byte of its own. Differences of two fit a signed byte, and the sum of four of their
  /// squares fits 16 bits.
  int BYTE_CODES = 7;

  /// Bits of a code that shares a byte with another.
  int NIBBLE_CODES = 4;

  /// Of a row, or of several: as much as the widest vectors hold.
  int ROW_BYTES = 64;

  /// The fastest kernel for rows of `rowBytes` bytes each.
  ///
  /// @param bits [#BYTE_CODES] or [#NIBBLE_CODES]
  static CodeKernel of(MemorySegment rows, int rowBytes, int bits) {
    if (rows.isNative() && NativeLibrary.found().hasCodes()) {
      return new NativeCodeKernel(rows, rowBytes, bits);
    }
    if (!Lanes.FAST || !rows.isNative()) {
      return new ScalarCodeKernel(rows, rowBytes, bits);
    }
    return bits == BYTE_CODES
        ? new ByteCodeKernel(rows, rowBytes)
        : new NibbleCodeKernel(rows, rowBytes);
  }

  void squaredL2(byte[] query, int[] ordinals, int count, int[] out);
}
