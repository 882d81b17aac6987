package io.elanus.index;

import java.lang.foreign.MemorySegment;

/// Which vectors belong to which row, where a row has any number of them: those of all rows lie one after the other.
///
/// ```
/// starts    0 2 2 5
/// vectors   a b c d e      rows: [a b] [] [c d e]
/// ```
///
/// @param starts `count + 1` ints, little-endian, ascending from 0: where the vectors of each row begin; borrowed
/// @param count of rows
public record VectorLists(MemorySegment starts, int count) {
  public VectorLists {
    Checks.require(
        starts.byteSize() == 4L * (count + 1),
        "%d bytes are not the starts of %d lists",
        starts.byteSize(),
        count);
  }

  /// The first vector of a row, or of the next one that has any.
  public int start(int row) {
    return starts.get(IndexFile.INT, 4L * row);
  }

  int end(int row) {
    return start(row + 1);
  }

  /// How many vectors all rows have.
  public int vectorCount() {
    return start(count);
  }

  /// The row that a vector belongs to.
  public int row(int vector) {
    int low = 0;
    int high = count - 1;
    while (low < high) {
      int middle = (low + high + 1) >>> 1;
      if (start(middle) <= vector) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return low;
  }

  /// The vectors of some rows, both as the words of an [AcceptedRows.Bitmap].
  public long[] vectorsOf(long[] rows) {
    long[] vectors = new long[(vectorCount() + 63) >>> 6];
    for (int w = 0; w < rows.length; w++) {
      for (long bits = rows[w]; bits != 0; bits &= bits - 1) {
        add(vectors, (w << 6) + Long.numberOfTrailingZeros(bits));
      }
    }
    return vectors;
  }

  AcceptedRows vectorsOf(AcceptedRows rows) {
    return switch (rows) {
      case AcceptedRows.All all -> all;
      case AcceptedRows.Bitmap(long[] words, _) -> AcceptedRows.of(vectorsOf(words));
    };
  }

  private void add(long[] vectors, int row) {
    if (row < count) {
      for (int vector = start(row); vector < end(row); vector++) {
        vectors[vector >> 6] |= 1L << vector;
      }
    }
  }
}
