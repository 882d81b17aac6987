package io.elanus.index.kernel;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/// [Kernel] in plain Java, over any memory segment: what the vector kernels must equal, and what
/// runs where the machine has no float vectors worth using.
final class ScalarKernel implements Kernel {
  private static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final MemorySegment rows;
  private final int dimension;

  ScalarKernel(MemorySegment rows, int dimension) {
    this.rows = rows;
    this.dimension = dimension;
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
    long row = 4L * dimension * ordinal;
    float sum = 0;
    for (int d = 0; d < dimension; d++) {
      float difference = query[from + d] - rows.get(FLOAT, row + 4L * d);
      sum += difference * difference;
    }
    return sum;
  }

  private float dot(float[] query, int from, int ordinal) {
    long row = 4L * dimension * ordinal;
    float sum = 0;
    for (int d = 0; d < dimension; d++) {
      sum += query[from + d] * rows.get(FLOAT, row + 4L * d);
    }
    return sum;
  }
}
