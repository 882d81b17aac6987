package io.elanus.segment.column;

/// A set of rows of a block as an array of words: bit `row % 64` of word `row / 64`. Bits behind
/// the last row are 0.
public final class RowBits {
  private RowBits() {}

  public static long[] none(int rowCount) {
    return new long[(rowCount + 63) >>> 6];
  }

  public static long[] all(int rowCount) {
    return range(rowCount, 0, rowCount);
  }

  /// The rows from `from` to before `to`.
  public static long[] range(int rowCount, int from, int to) {
    long[] words = none(rowCount);
    addRange(words, from, to);
    return words;
  }

  public static void addRange(long[] words, int from, int to) {
    if (from >= to) {
      return;
    }
    int first = from >> 6;
    int last = (to - 1) >> 6;
    long head = -1L << from;
    long tail = -1L >>> -to;
    if (first == last) {
      words[first] |= head & tail;
      return;
    }
    words[first] |= head;
    for (int w = first + 1; w < last; w++) {
      words[w] = -1L;
    }
    words[last] |= tail;
  }

  public static void add(long[] words, int row) {
    words[row >> 6] |= 1L << row;
  }

  public static void remove(long[] words, int row) {
    words[row >> 6] &= ~(1L << row);
  }

  public static boolean contains(long[] words, int row) {
    return (words[row >> 6] >>> row & 1) != 0;
  }

  /// Keeps in `words` what is in `other` too.
  public static void retain(long[] words, long[] other) {
    for (int w = 0; w < words.length; w++) {
      words[w] &= other[w];
    }
  }

  public static int count(long[] words) {
    int count = 0;
    for (long word : words) {
      count += Long.bitCount(word);
    }
    return count;
  }

  /// The first row at or after `from`, or -1.
  public static int next(long[] words, int from) {
    int w = from >> 6;
    if (w >= words.length) {
      return -1;
    }
    long word = words[w] & -1L << from;
    while (word == 0) {
      if (++w == words.length) {
        return -1;
      }
      word = words[w];
    }
    return (w << 6) + Long.numberOfTrailingZeros(word);
  }

  /// All rows, ascending.
  public static int[] toArray(long[] words) {
    int[] rows = new int[count(words)];
    int at = 0;
    for (int row = next(words, 0); row >= 0; row = next(words, row + 1)) {
      rows[at++] = row;
    }
    return rows;
  }
}
