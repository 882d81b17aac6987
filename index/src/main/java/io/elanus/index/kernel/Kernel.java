package io.elanus.index.kernel;

import java.lang.foreign.MemorySegment;

/// Distances of rows from one query or from a block of four, over row-major rows.
///
/// - `query`: `dimension` floats; `queries`: [#QUERY_BLOCK] of them, one after the other.
/// - `ordinals[0..count)`: the rows to score, each within the rows of the kernel. Not checked here:
///   callers check once per search, or read ordinals from a file whose checksum they verified.
/// - `out[i]`: the value of row `ordinals[i]`; in a block, `out[q * count + i]` is that of query
///   `q`.
///
/// A pair of query and row gets bitwise the same value in every method and position of one kernel.
/// Kernels hold no state besides their rows and may be used by any number of threads, but for those that [#forOneThread] gives.
public sealed interface Kernel
    permits ArrayKernel,
        NativeKernel,
        ScalarKernel,
        SegmentKernel,
        SingleQueryKernel,
        WideningKernel {
  /// How many queries a block has. Four queries by two rows keep eight sums, four query vectors and
  /// two row vectors in registers, which fits the sixteen of AVX2.
  int QUERY_BLOCK = 4;

  /// What kernels are in, and why; for people.
  static String description() {
    return NativeLibrary.found().description();
  }

  /// The fastest kernel for the rows at hand, chosen once, when an index is opened.
  static Kernel of(MemorySegment rows, int dimension, ValueType type) {
    boolean narrow = type != ValueType.FLOAT32;
    if (Lanes.FAST && narrow && !(rows.isNative() && NarrowLanes.has(type))) {
      return new WideningKernel(rows, dimension, type);
    }
    if (Lanes.FAST
        && rows.heapBase().orElse(null) instanceof float[] values
        && rows.address() % 4 == 0) {
      return new ArrayKernel(values, (int) (rows.address() / 4), dimension);
    }
    return of(rows, dimension, type, (long) type.bytes() * dimension);
  }

  /// For rows that do not follow each other without gaps.
  ///
  /// @param stride bytes from a row to the next, which begins at a whole value
  static Kernel of(MemorySegment rows, int dimension, ValueType type, long stride) {
    if (!Lanes.FAST || !rows.isNative()) {
      return new ScalarKernel(rows, dimension, type, stride);
    }
    if (type == ValueType.FLOAT32) {
      return NativeLibrary.found().hasFloats(Lanes.COUNT)
          ? new NativeKernel(rows, dimension, stride)
          : new SegmentKernel(rows, dimension, stride);
    }
    return NarrowLanes.has(type)
        ? SingleQueryKernel.of(rows, dimension, type, stride)
        : new ScalarKernel(rows, dimension, type, stride);
  }

  /// The same kernel, for one thread at a time: it keeps its room for sums from one call to the next.
  default Kernel forOneThread() {
    return this;
  }

  /// Squared Euclidean distances, >= 0.
  void squaredL2(float[] query, int[] ordinals, int count, float[] out);

  /// Inner products.
  void dot(float[] query, int[] ordinals, int count, float[] out);

  /// Squared Euclidean distances from [#QUERY_BLOCK] queries at once.
  void squaredL2Block(float[] queries, int[] ordinals, int count, float[] out);

  /// Inner products with [#QUERY_BLOCK] queries at once.
  void dotBlock(float[] queries, int[] ordinals, int count, float[] out);
}
