package io.elanus.index.kernel;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/// [SegmentKernel] in C: the compiler of Java unrolls loops until the processor no longer foresees which row is next, which halves the
/// speed of a scan, and adds up what each row comes to lane by lane.
final class NativeKernel implements Kernel {
  private static final MethodHandle SQUARED_L2 = function("elanus_squared_l2_" + Lanes.COUNT);
  private static final MethodHandle DOT = function("elanus_dot_" + Lanes.COUNT);
  private static final MethodHandle SQUARED_L2_BLOCK =
      function("elanus_squared_l2_block_" + Lanes.COUNT);
  private static final MethodHandle DOT_BLOCK = function("elanus_dot_block_" + Lanes.COUNT);

  private final MemorySegment rows;
  private final long address;
  private final int dimension;
  private final long stride;

  /// @param stride bytes from a row to the next
  NativeKernel(MemorySegment rows, int dimension, long stride) {
    this.rows = rows;
    this.address = rows.address();
    this.dimension = dimension;
    this.stride = stride;
  }

  private static MethodHandle function(String name) {
    return NativeLibrary.found()
        .function(name, JAVA_LONG, JAVA_LONG, JAVA_INT, ADDRESS, ADDRESS, JAVA_INT, ADDRESS);
  }

  @Override
  public void squaredL2(float[] query, int[] ordinals, int count, float[] out) {
    call(SQUARED_L2, query, ordinals, count, out);
  }

  @Override
  public void dot(float[] query, int[] ordinals, int count, float[] out) {
    call(DOT, query, ordinals, count, out);
  }

  @Override
  public void squaredL2Block(float[] queries, int[] ordinals, int count, float[] out) {
    call(SQUARED_L2_BLOCK, queries, ordinals, count, out);
  }

  @Override
  public void dotBlock(float[] queries, int[] ordinals, int count, float[] out) {
    call(DOT_BLOCK, queries, ordinals, count, out);
  }

  /// @param function a constant to the compiler, once this is part of its caller
  private void call(
      MethodHandle function, float[] queries, int[] ordinals, int count, float[] out) {
    MemorySegment from = MemorySegment.ofArray(queries);
    MemorySegment wanted = MemorySegment.ofArray(ordinals);
    MemorySegment found = MemorySegment.ofArray(out);
    try {
      function.invokeExact(address, stride, dimension, from, wanted, count, found);
    } catch (Throwable e) {
      throw new IllegalStateException("scoring %d rows of %s failed".formatted(count, rows), e);
    }
  }
}
