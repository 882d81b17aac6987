package io.elanus.proxy.write;

import io.elanus.proxy.Invalid;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// The rules of a sparse vector: pairs of an unsigned index and a float, by strictly ascending index.
public final class SparseCheck {
  private static final int ENTRY_BYTES = 8;
  private static final int MAX_INDEX = -1; // unsigned

  private SparseCheck() {}

  static void check(byte[][] rows) {
    for (byte[] row : rows) {
      check(ByteBuffer.wrap(row));
    }
  }

  /// @throws io.elanus.common.error.DbException `INVALID_PARAMETER`
  public static void check(ByteBuffer row) {
    ByteBuffer entries = row.slice().order(ByteOrder.LITTLE_ENDIAN);
    if (entries.remaining() % ENTRY_BYTES != 0) {
      throw Invalid.parameter(
          "invalid data length in sparse float vector: %d", entries.remaining());
    }
    for (int at = 0; at < entries.limit(); at += ENTRY_BYTES) {
      int index = entries.getInt(at);
      if (index == MAX_INDEX) {
        throw Invalid.parameter("invalid index in sparse float vector: must be less than 2^32-1");
      }
      if (at > 0 && Integer.compareUnsigned(index, entries.getInt(at - ENTRY_BYTES)) <= 0) {
        throw Invalid.parameter("unsorted or same indices in sparse float vector");
      }
      checkValue(entries.getFloat(at + 4));
    }
  }

  private static void checkValue(float value) {
    if (!Float.isFinite(value)) {
      throw Invalid.parameter("value '%s' is not a number or infinity", value);
    }
    if (value < 0) {
      throw Invalid.parameter("negative value in sparse float vector");
    }
  }
}
