package io.elanus.index;

import static io.elanus.index.IndexFile.FLOAT;
import static io.elanus.index.IndexFile.INT;
import static io.elanus.index.IndexFile.verify;

import java.lang.foreign.MemorySegment;

/// The lists of an inverted file: which rows lie in which places. Immutable, as long as nobody changes the arrays.
///
/// ```
/// places    0  1  2 | 3  4 | | 5        ends  3 5 5 6
/// rows      1  4  9 | 0  7 | | 2
/// ```
@SuppressWarnings("ArrayRecordComponent")
record IvfLists(int[] ends, int[] rows) {
  /// The list that has a place.
  int listOf(int place) {
    int low = 0;
    int high = ends.length - 1;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (ends[middle] > place) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low;
  }

  /// Where each row lies.
  int[] places() {
    int[] places = new int[rows.length];
    for (int place = 0; place < rows.length; place++) {
      places[rows[place]] = place;
    }
    return places;
  }

  /// Sorts rows by list.
  ///
  /// @param listOf of each row
  static IvfLists of(int[] listOf, int lists) {
    int[] ends = new int[lists];
    for (int list : listOf) {
      ends[list]++;
    }
    for (int list = 1; list < lists; list++) {
      ends[list] += ends[list - 1];
    }
    int[] rows = new int[listOf.length];
    int[] next = new int[lists];
    System.arraycopy(ends, 0, next, Math.min(1, lists), Math.max(0, lists - 1));
    if (lists > 0) {
      next[0] = 0;
    }
    for (int row = 0; row < listOf.length; row++) {
      rows[next[listOf[row]]++] = row;
    }
    return new IvfLists(ends, rows);
  }

  int count() {
    return ends.length;
  }

  int start(int list) {
    return list == 0 ? 0 : ends[list - 1];
  }

  int end(int list) {
    return ends[list];
  }

  int size(int list) {
    return end(list) - start(list);
  }

  void write(IvfHeader header, MemorySegment file) {
    MemorySegment.copy(ends, 0, file, INT, header.endsStart(), ends.length);
    MemorySegment.copy(rows, 0, file, INT, header.rowsStart(), rows.length);
  }

  /// All that lies before the sums is written, and the vectors are.
  void writeSums(IvfHeader header, MemorySegment file) {
    MemorySegment vectors = header.vectors(file).data();
    long rowBytes = header.rowBytes();
    for (int list = 0; list < count(); list++) {
      MemorySegment own = vectors.asSlice(start(list) * rowBytes, size(list) * rowBytes);
      file.set(INT, header.sumsStart() + 4L * list, IndexFile.checksum(own, own.byteSize()));
    }
    long end = header.headBytes() - IndexFile.CHECKSUM_BYTES;
    file.set(INT, end, IndexFile.checksum(file, end));
  }

  /// Throws IndexCorruptException unless every row of the header's count lies in one place.
  static IvfLists read(IvfHeader header, MemorySegment file) {
    int[] ends = new int[header.lists()];
    int[] rows = new int[header.count()];
    MemorySegment.copy(file, INT, header.endsStart(), ends, 0, ends.length);
    MemorySegment.copy(file, INT, header.rowsStart(), rows, 0, rows.length);
    IvfLists lists = new IvfLists(ends, rows);
    lists.verifyWhole();
    return lists;
  }

  /// The norms by place; cosine only.
  static float[] readNorms(IvfHeader header, MemorySegment file) {
    float[] norms = new float[header.count()];
    MemorySegment.copy(file, FLOAT, header.normsStart(), norms, 0, norms.length);
    return norms;
  }

  private void verifyWhole() {
    int last = 0;
    for (int end : ends) {
      verify(end >= last && end <= rows.length, "a list ends at %d of %d", end, rows.length);
      last = end;
    }
    verify(last == rows.length, "the lists end at %d of %d", last, rows.length);
    long[] seen = new long[(rows.length + 63) / 64];
    for (int list = 0; list < ends.length; list++) {
      int above = -1;
      for (int place = start(list); place < end(list); place++) {
        int row = rows[place];
        boolean fresh = row > above && row < rows.length && (seen[row >> 6] >>> row & 1) == 0;
        verify(fresh, "row %d of %d in place %d", row, rows.length, place);
        seen[row >> 6] |= 1L << row;
        above = row;
      }
    }
  }
}
