package io.elanus.index.kernel;

import java.lang.foreign.MemorySegment;

/// How many elements of rows are equal to those of a query in the same place.
///
/// - A row has `rowBytes` bytes, elements of some bytes each without gaps; so has `query`.
/// - `rows[0..count)`: the rows to compare, each within those of the kernel; not checked here.
/// - `out[i]`: so many elements of row `rows[i]` are equal.
///
/// Kernels hold no state besides their rows and may be used by any number of threads.
public sealed interface ElementKernel permits ScalarElementKernel, VectorElementKernel {
  /// The fastest kernel for elements of `elementBytes` bytes, which divide `rowBytes`.
  static ElementKernel of(MemorySegment rows, int rowBytes, int elementBytes) {
    return Lanes.FAST && rows.isNative() && VectorElementKernel.has(elementBytes)
        ? new VectorElementKernel(rows, rowBytes, elementBytes)
        : new ScalarElementKernel(rows, rowBytes, elementBytes);
  }

  void count(byte[] query, int[] rows, int count, int[] out);
}
