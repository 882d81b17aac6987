package io.elanus.segment.file;

import java.io.IOException;

/// Repetition and definition levels of a column of lists of `dimension` values each, run-length
/// encoded with a bit width of 1: a run is `length << 1` as a varint, then its value in one byte.
///
/// ```
/// repetition: 0 1 1 1  0 1 1 1 ...   per row a run of one 0, a run of dimension - 1 ones
/// definition: 1 1 1 1  1 1 1 1 ...   one run
/// ```
/// Source: Encodings.md of Apache parquet-format, "RLE/bit-packing hybrid".
final class Levels {
  private Levels() {}

  static long repetitionBytes(int rowCount, int dimension) {
    return dimension == 1
        ? runBytes(rowCount)
        : rowCount * (runBytes(1) + (long) runBytes(dimension - 1L));
  }

  static void writeRepetition(ChecksummedFile out, int rowCount, int dimension) throws IOException {
    if (dimension == 1) {
      writeRun(out, rowCount, 0);
      return;
    }
    for (int row = 0; row < rowCount; row++) {
      writeRun(out, 1, 0);
      writeRun(out, dimension - 1L, 1);
    }
  }

  static long definitionBytes(long valueCount) {
    return runBytes(valueCount);
  }

  static void writeDefinition(ChecksummedFile out, long valueCount) throws IOException {
    writeRun(out, valueCount, 1);
  }

  private static int runBytes(long length) {
    int bytes = 2;
    for (long rest = (length << 1) >>> 7; rest != 0; rest >>>= 7) {
      bytes++;
    }
    return bytes;
  }

  private static void writeRun(ChecksummedFile out, long length, int value) throws IOException {
    long rest = length << 1;
    while ((rest & ~0x7fL) != 0) {
      out.writeByte((int) ((rest & 0x7f) | 0x80));
      rest >>>= 7;
    }
    out.writeByte((int) rest);
    out.writeByte(value);
  }
}
