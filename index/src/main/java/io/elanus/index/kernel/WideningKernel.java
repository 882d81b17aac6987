package io.elanus.index.kernel;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/// [Kernel] for rows of values narrower than float32 that lie on the heap: they become float32, some at a time.
final class WideningKernel implements Kernel {
  private static final int ROWS = 64;
  private static final int[] PLACES = new int[ROWS];

  static {
    Arrays.setAll(PLACES, place -> place);
  }

  private final MemorySegment rows;
  private final int dimension;
  private final ValueType type;

  WideningKernel(MemorySegment rows, int dimension, ValueType type) {
    this.rows = rows;
    this.dimension = dimension;
    this.type = type;
  }

  @Override
  public void squaredL2(float[] query, int[] ordinals, int count, float[] out) {
    score(ordinals, count, 1, out, (wide, size, some) -> wide.squaredL2(query, PLACES, size, some));
  }

  @Override
  public void dot(float[] query, int[] ordinals, int count, float[] out) {
    score(ordinals, count, 1, out, (wide, size, some) -> wide.dot(query, PLACES, size, some));
  }

  @Override
  public void squaredL2Block(float[] queries, int[] ordinals, int count, float[] out) {
    score(
        ordinals,
        count,
        QUERY_BLOCK,
        out,
        (wide, size, some) -> wide.squaredL2Block(queries, PLACES, size, some));
  }

  @Override
  public void dotBlock(float[] queries, int[] ordinals, int count, float[] out) {
    score(
        ordinals,
        count,
        QUERY_BLOCK,
        out,
        (wide, size, some) -> wide.dotBlock(queries, PLACES, size, some));
  }

  @FunctionalInterface
  private interface Step {
    void score(Kernel wide, int size, float[] some);
  }

  private void score(int[] ordinals, int count, int queries, float[] out, Step step) {
    float[] values = new float[Math.min(count, ROWS) * dimension];
    Kernel wide = new ArrayKernel(values, 0, dimension);
    float[] some = new float[queries * ROWS];
    for (int from = 0; from < count; from += ROWS) {
      int size = Math.min(ROWS, count - from);
      for (int i = 0; i < size; i++) {
        long row = (long) dimension * ordinals[from + i];
        type.copy(rows, row, values, i * dimension, dimension);
      }
      step.score(wide, size, some);
      for (int q = 0; q < queries; q++) {
        System.arraycopy(some, q * size, out, q * count + from, size);
      }
    }
  }
}
