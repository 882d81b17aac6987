package io.elanus.segment.column;

import io.elanus.common.error.ErrorCode;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// Byte strings as Parquet's PLAIN encoding has them, one after the other: length (4), bytes.
///
/// @param starts where the bytes of each row begin in `data`, just behind their length; at least
///     `rowCount` of them
public record Blobs(MemorySegment data, int[] starts, int rowCount) {
  /// Finds the starts in `data`, which ends with the last value.
  ///
  /// @throws io.elanus.common.error.DbException `CORRUPT` when the lengths do not add up
  public static Blobs scan(MemorySegment data, int rowCount) {
    if (4L * rowCount > data.byteSize()) {
      throw ErrorCode.CORRUPT.because(
          "%d values in a column of %d bytes", rowCount, data.byteSize());
    }
    int[] starts = new int[rowCount];
    long at = 0;
    for (int row = 0; row < rowCount; row++) {
      if (at + 4 > data.byteSize()) {
        throw ErrorCode.CORRUPT.because("value %d starts behind the end of its column", row);
      }
      starts[row] = (int) (at + 4);
      int length = data.get(ColumnView.INT, at);
      if (length < 0) {
        throw ErrorCode.CORRUPT.because("value %d has the length %d", row, length);
      }
      at += 4L + length;
    }
    if (at != data.byteSize()) {
      throw ErrorCode.CORRUPT.because(
          "%d values take %d bytes of the %d of their column", rowCount, at, data.byteSize());
    }
    return new Blobs(data, starts, rowCount);
  }

  public int length(int row) {
    return data.get(ColumnView.INT, starts[row] - 4L);
  }

  /// A copy.
  public byte[] get(int row) {
    return slice(row).toArray(ValueLayout.JAVA_BYTE);
  }

  /// Copies the bytes of `row` into `buffer` from its start, if they fit.
  ///
  /// @return their number, whether they fit or not
  public int copy(int row, byte[] buffer) {
    int length = length(row);
    if (length <= buffer.length) {
      MemorySegment.copy(data, ValueLayout.JAVA_BYTE, starts[row], buffer, 0, length);
    }
    return length;
  }

  public MemorySegment slice(int row) {
    return data.asSlice(starts[row], length(row));
  }

  /// By unsigned bytes, which for UTF-8 is the order of the characters.
  public int compare(int row, MemorySegment other) {
    return compare(data, starts[row], length(row), other, 0, other.byteSize());
  }

  public int compareRows(int row, Blobs other, int otherRow) {
    return compare(
        data, starts[row], length(row), other.data, other.starts[otherRow], other.length(otherRow));
  }

  private static int compare(
      MemorySegment a, long aStart, long aLength, MemorySegment b, long bStart, long bLength) {
    long differs = MemorySegment.mismatch(a, aStart, aStart + aLength, b, bStart, bStart + bLength);
    if (differs < 0) {
      return 0;
    }
    if (differs == Math.min(aLength, bLength)) {
      return Long.compare(aLength, bLength);
    }
    return Byte.compareUnsigned(
        a.get(ValueLayout.JAVA_BYTE, aStart + differs),
        b.get(ValueLayout.JAVA_BYTE, bStart + differs));
  }
}
