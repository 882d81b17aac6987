package io.elanus.bench.recall;

import io.elanus.index.DenseVectors;
import io.elanus.index.kernel.ValueType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// Rows of an array file as vectors of some type of value.
final class ValueRows {
  /// Of bytes, so that they have a sign.
  private static final float MIDDLE = 128;

  private ValueRows() {}

  /// What is taken from every value, which changes no distance.
  static float shift(ValueType type) {
    return type == ValueType.INT8 ? MIDDLE : 0;
  }

  /// Rows `from` to `to` of `base`, off heap.
  static DenseVectors offHeap(Npy base, int from, int to, ValueType type) {
    long count = (long) (to - from) * base.columns();
    MemorySegment data = Arena.global().allocate(type.bytes() * count, 64);
    int first = from * base.columns();
    for (int i = 0; i < count; i++) {
      put(data, i, base.values()[first + i], type);
    }
    return new DenseVectors(data, to - from, base.columns(), type);
  }

  private static void put(MemorySegment data, long at, float value, ValueType type) {
    switch (type) {
      case FLOAT32 -> data.setAtIndex(ValueLayout.JAVA_FLOAT, at, value);
      case FLOAT16 -> data.setAtIndex(ValueLayout.JAVA_SHORT, at, Float.floatToFloat16(value));
      case BFLOAT16 ->
          data.setAtIndex(
              ValueLayout.JAVA_SHORT, at, (short) (Float.floatToRawIntBits(value) >>> 16));
      case INT8 -> data.set(ValueLayout.JAVA_BYTE, at, (byte) (value - MIDDLE));
    }
  }

  static float[][] shifted(Npy queries, float shift) {
    float[][] rows = new float[queries.rows()][];
    for (int q = 0; q < rows.length; q++) {
      rows[q] = queries.row(q).clone();
      for (int i = 0; i < rows[q].length; i++) {
        rows[q][i] -= shift;
      }
    }
    return rows;
  }
}
