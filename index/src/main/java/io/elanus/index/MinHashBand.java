package io.elanus.index;

import static io.elanus.index.IndexFile.INT;
import static io.elanus.index.IndexFile.verify;

import java.lang.foreign.MemorySegment;

/// The rows of an index by their hashes in one band, where they lie in a file. Immutable once written.
///
/// @param hashes i32[count], ascending
/// @param rows i32[count]
record MinHashBand(MemorySegment hashes, MemorySegment rows, int count) {
  /// The first place with this hash or a greater one; `count` when there is none.
  int first(int hash) {
    int low = 0;
    int high = count;
    while (low < high) {
      int middle = low + high >>> 1;
      if (hash(middle) < hash) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  int hash(int place) {
    return hashes.getAtIndex(INT, place);
  }

  int row(int place) {
    return rows.getAtIndex(INT, place);
  }

  /// @param sorted a hash in the upper half of each, the row in the lower one
  void write(long[] sorted) {
    for (int place = 0; place < count; place++) {
      hashes.setAtIndex(INT, place, (int) (sorted[place] >> Integer.SIZE));
      rows.setAtIndex(INT, place, (int) sorted[place]);
    }
  }

  /// Throws IndexCorruptException unless hashes ascend, rows of the same one, too, and every row is in one place.
  void verifyWhole() {
    long[] seen = new long[Math.ceilDiv(count, Long.SIZE)];
    long above = Long.MIN_VALUE;
    for (int place = 0; place < count; place++) {
      int row = row(place);
      verify(row >= 0 && row < count, "row %d of %d in place %d", row, count, place);
      long key = (long) hash(place) << Integer.SIZE | row;
      verify(key > above, "place %d is out of order", place);
      verify((seen[row >> 6] >>> row & 1) == 0, "row %d is in two places", row);
      seen[row >> 6] |= 1L << row;
      above = key;
    }
  }
}
