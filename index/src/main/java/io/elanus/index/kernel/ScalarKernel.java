package io.elanus.index.kernel;

import java.lang.foreign.MemorySegment;

/// [Kernel] in plain Java, over any memory segment: what the vector kernels must equal, and what
/// runs where the machine has no float vectors worth using.
final class ScalarKernel implements Kernel {
  private final MemorySegment rows;
  private final int dimension;
  private final ValueType type;
  private final long stride;

  ScalarKernel(MemorySegment rows, int dimension, ValueType type) {
    this(rows, dimension, type, (long) type.bytes() * dimension);
  }

  /// @param stride bytes from a row to the next, which begins at a whole value
  ScalarKernel(MemorySegment rows, int dimension, ValueType type, long stride) {
    this.rows = rows;
    this.dimension = dimension;
    this.type = type;
    this.stride = stride / type.bytes();
  }

  @Override
  public void squaredL2(float[] query, int[] ordinals, int count, float[] out) {
    for (int i = 0; i < count; i++) {
      out[i] = squaredL2(query, 0, ordinals[i]);
    }
  }

  @Override
  public void dot(float[] query, int[] ordinals, int count, float[] out) {
    for (int i = 0; i < count; i++) {
      out[i] = dot(query, 0, ordinals[i]);
    }
  }

  @Override
  public void squaredL2Block(float[] queries, int[] ordinals, int count, float[] out) {
    for (int i = 0; i < QUERY_BLOCK * count; i++) {
      out[i] = squaredL2(queries, i / count * dimension, ordinals[i % count]);
    }
  }

  @Override
  public void dotBlock(float[] queries, int[] ordinals, int count, float[] out) {
    for (int i = 0; i < QUERY_BLOCK * count; i++) {
      out[i] = dot(queries, i / count * dimension, ordinals[i % count]);
    }
  }

  private float squaredL2(float[] query, int from, int ordinal) {
    long row = stride * ordinal;
    float sum = 0;
    for (int d = 0; d < dimension; d++) {
      float difference = query[from + d] - type.get(rows, row + d);
      sum += difference * difference;
    }
    return sum;
  }

  private float dot(float[] query, int from, int ordinal) {
    long row = stride * ordinal;
    float sum = 0;
    for (int d = 0; d < dimension; d++) {
      sum += query[from + d] * type.get(rows, row + d);
    }
    return sum;
  }
}
