package io.elanus.bench.recall;

import io.elanus.bench.vectors.Npy;
import io.elanus.common.model.HalfFloats;
import io.elanus.index.DenseVectors;
import io.elanus.index.kernel.ValueType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// Rows of an array file as vectors of some type of value.
public final class ValueRows {
  /// Of bytes from 0 to 255.
  private static final float MIDDLE = 128;

  private ValueRows() {}

  /// Rows `from` to `to` of `base`, off heap.
  public static DenseVectors offHeap(Npy base, int from, int to, ValueType type) {
    int rowBytes = type.bytes() * base.columns();
    MemorySegment data = Arena.global().allocate((long) rowBytes * (to - from), 64);
    for (int row = from; row < to; row++) {
      MemorySegment encoded = encoded(base.row(row), type);
      MemorySegment.copy(encoded, 0, data, (long) rowBytes * (row - from), rowBytes);
    }
    return new DenseVectors(data, to - from, base.columns(), type);
  }

  private static MemorySegment encoded(float[] row, ValueType type) {
    return switch (type) {
      case FLOAT32 -> MemorySegment.ofArray(row);
      case FLOAT16 -> MemorySegment.ofArray(HalfFloats.toFloat16(row));
      case BFLOAT16 -> MemorySegment.ofArray(HalfFloats.toBFloat16(row));
      case INT8 -> MemorySegment.ofArray(signed(row));
    };
  }

  private static byte[] signed(float[] row) {
    byte[] bytes = new byte[row.length];
    for (int i = 0; i < row.length; i++) {
      bytes[i] = (byte) (row[i] - MIDDLE);
    }
    return bytes;
  }

  /// Queries for rows of `type`: less [#MIDDLE], where that was taken from the rows, so that no distance differs.
  static float[][] queries(float[][] queries, ValueType type) {
    if (type == ValueType.INT8) {
      for (float[] query : queries) {
        for (int i = 0; i < query.length; i++) {
          query[i] -= MIDDLE;
        }
      }
    }
    return queries;
  }
}
