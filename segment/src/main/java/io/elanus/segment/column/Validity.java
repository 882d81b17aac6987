package io.elanus.segment.column;

/// Which rows of a block have a value of a field, and the way between such a row and its rank: its place among
/// the values, which lie without gaps.
///
/// ```
/// row    0 1 2 3 4 5
/// valid  1 0 0 1 1 0
/// rank   0     1 2
/// ```
///
/// Immutable; ranks take time that does not depend on the number of rows.
public final class Validity {
  private final long[] words;
  private final int rowCount;

  /// Valid rows before each word, and all of them last.
  private final int[] before;

  private Validity(long[] words, int rowCount) {
    this.words = words;
    this.rowCount = rowCount;
    this.before = new int[words.length + 1];
    for (int w = 0; w < words.length; w++) {
      before[w + 1] = before[w] + Long.bitCount(words[w]);
    }
  }

  /// @param words as in [RowBits]; not copied
  public static Validity of(long[] words, int rowCount) {
    return new Validity(words, rowCount);
  }

  public int rowCount() {
    return rowCount;
  }

  /// How many rows have a value.
  public int count() {
    return before[words.length];
  }

  public boolean has(int row) {
    return RowBits.contains(words, row);
  }

  /// How many rows before `row` have a value: the rank of `row` if it has one itself.
  public int rank(int row) {
    int w = row >> 6;
    return before[w] + Long.bitCount(words[w] & (1L << row) - 1);
  }

  /// The row with this rank, from 0 to before `count`.
  public int row(int rank) {
    int low = 0;
    int high = words.length - 1;
    while (low < high) {
      int middle = (low + high + 1) >>> 1;
      if (before[middle] <= rank) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return (low << 6)
        + Long.numberOfTrailingZeros(Long.expand(1L << (rank - before[low]), words[low]));
  }

  /// The rows with a value; not to be changed.
  public long[] words() {
    return words;
  }

  /// The ranks of those of `rows` that have a value, both as in [RowBits].
  public long[] ranks(long[] rows) {
    long[] ranks = RowBits.none(count());
    for (int w = 0; w < words.length; w++) {
      long bits = Long.compress(rows[w], words[w]);
      int at = before[w];
      if (bits != 0) {
        ranks[at >> 6] |= bits << at;
        if ((at & 63) != 0 && (at >> 6) + 1 < ranks.length) {
          ranks[(at >> 6) + 1] |= bits >>> -at;
        }
      }
    }
    return ranks;
  }

  /// The rows whose ranks are `ranks`: the way back of [#ranks].
  public long[] rows(long[] ranks) {
    long[] rows = new long[words.length];
    for (int w = 0; w < words.length; w++) {
      int at = before[w];
      if (before[w + 1] > at) {
        long bits = ranks[at >> 6] >>> at;
        if ((at & 63) != 0 && (at >> 6) + 1 < ranks.length) {
          bits |= ranks[(at >> 6) + 1] << -at;
        }
        rows[w] = Long.expand(bits, words[w]);
      }
    }
    return rows;
  }
}
