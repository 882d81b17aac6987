package io.elanus.index;

import static io.elanus.index.IndexFile.FLOAT;
import static io.elanus.index.IndexFile.INT;
import static io.elanus.index.IndexFile.LONG;
import static io.elanus.index.IndexFile.align;

import io.elanus.index.kernel.BitKernel;
import io.elanus.index.kernel.BitRows;
import java.lang.foreign.MemorySegment;

/// Where the codes of the neighbours of a row lie, beside its links on level 0: a walk reads one record a hop, in one
/// piece, instead of a row for each neighbour.
///
/// ```
/// record   i32[degree]               links; a list ends at the first -1
///          f32[degree]               adds       see [LinkedBitsWriter]
///          f32[degree]               factors
///          f32[degree]               counts     factor times the number of set bits
///          u64[groups][words][GROUP] bits, as a [BitKernel] reads them, from the next multiple of 64 on
///          u8[vector bytes]          the row itself, where records are read page by page
/// ```
/// Source: Gou, Gao, Xu and Long, SymphonyQG: Towards symphonious integration of quantization and graph for approximate
/// nearest neighbor search, 2025. With the row in its record: Subramanya and others, DiskANN, 2019.
///
/// @param vectorBytes 0 for rows that lie elsewhere
record LinkedBits(int dimension, int degree, int vectorBytes) {
  private static final int PAGE_BYTES = 4096;

  /// The most links for which a record with its row takes no more pages than with the fewest.
  ///
  /// @param least of the links, a multiple of [BitKernel#GROUP]
  /// @param most of the links
  static int degreeForPages(int dimension, int vectorBytes, int least, int most) {
    int degree = least;
    long stride = new LinkedBits(dimension, least, vectorBytes).stride();
    for (int more = least; more <= most; more += BitKernel.GROUP) {
      if (new LinkedBits(dimension, more, vectorBytes).stride() == stride) {
        degree = more;
      }
    }
    return degree;
  }

  int size() {
    return Rotation.size(dimension);
  }

  int words() {
    return size() / Rotation.WORD;
  }

  int groups() {
    return Math.ceilDiv(degree, BitKernel.GROUP);
  }

  private long bitsStart() {
    return align(16L * degree);
  }

  /// Of a record, what a hop reads besides the row itself.
  int bytesOfWalk() {
    return (int) vectorStart();
  }

  /// Where the row itself is within its record.
  long vectorStart() {
    return bitsStart() + (long) BitKernel.groupBytes(words()) * groups();
  }

  /// Bytes from a record to the next. With rows in them, no record lies on more pages than it has to.
  long stride() {
    long bytes = vectorStart() + vectorBytes;
    if (vectorBytes == 0) {
      return bytes;
    }
    return bytes > PAGE_BYTES
        ? (bytes + PAGE_BYTES - 1) & -PAGE_BYTES
        : PAGE_BYTES / Long.highestOneBit(PAGE_BYTES / bytes);
  }

  /// Where the first record is at the earliest.
  long alignment() {
    return vectorBytes == 0 ? IndexFile.ALIGNMENT : PAGE_BYTES;
  }

  private long bitsOf(long at) {
    return at + bitsStart();
  }

  int link(MemorySegment file, long at, int number) {
    return file.get(INT, at + 4L * number);
  }

  /// Copies the links of the record at `at`.
  void loadLinks(MemorySegment file, long at, int[] links) {
    MemorySegment.copy(file, INT, at, links, 0, degree);
  }

  /// Sets `rows` on the neighbours of the record at `at`.
  BitRows rows(long at, BitRows rows) {
    return rows.at(bitsOf(at), at + 4L * degree, 4L * degree);
  }

  void store(MemorySegment file, long at, int number, float add, float factor, float count) {
    file.set(FLOAT, at + 4L * (degree + number), add);
    file.set(FLOAT, at + 4L * (2 * degree + number), factor);
    file.set(FLOAT, at + 4L * (3 * degree + number), count);
  }

  void storeBits(MemorySegment file, long at, int number, long[] code) {
    long group = (long) BitKernel.groupBytes(words()) * (number / BitKernel.GROUP);
    long first = bitsOf(at) + group + Long.BYTES * (long) (number % BitKernel.GROUP);
    for (int word = 0; word < code.length; word++) {
      file.set(LONG, first + (long) Long.BYTES * BitKernel.GROUP * word, code[word]);
    }
  }
}
