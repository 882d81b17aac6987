package io.elanus.index;

import static io.elanus.index.IndexFile.FLOAT;
import static io.elanus.index.IndexFile.align;

import java.lang.foreign.MemorySegment;

/// What queries are taken relative to before their values are rounded: the rotated mean of all rows.
///
/// ```
/// start   f32         the length of a row, on average
/// mean    f32[size]   from byte 64 on
/// ```
@SuppressWarnings("ArrayRecordComponent")
record LinkedMean(float length, float[] values) {
  private static final int START_BYTES = 64;

  /// Of the section.
  static long bytes(int dimension) {
    return START_BYTES + align(4L * Rotation.size(dimension));
  }

  static LinkedMean read(MemorySegment section, int dimension) {
    float[] values = new float[Rotation.size(dimension)];
    MemorySegment.copy(section, FLOAT, START_BYTES, values, 0, values.length);
    return new LinkedMean(section.get(FLOAT, 0), values);
  }

  void write(MemorySegment section) {
    section.set(FLOAT, 0, length);
    MemorySegment.copy(values, 0, section, FLOAT, START_BYTES, values.length);
  }
}
