package io.elanus.index;

/// Some of the rows of an index, a bit for each. One thread.
final class RowSet {
  private final long[] words;

  /// Of none.
  RowSet(int count) {
    words = new long[(count + 63) >>> 6];
  }

  /// False if it was there already.
  boolean add(int row) {
    long bit = 1L << row;
    if ((words[row >> 6] & bit) != 0) {
      return false;
    }
    words[row >> 6] |= bit;
    return true;
  }

  void addAll(int[] rows) {
    for (int row : rows) {
      add(row);
    }
  }

  /// Those of `accepted` among the first `count` rows that are not in here.
  AcceptedRows leftOf(AcceptedRows accepted, int count) {
    long[] left = new long[words.length];
    for (int w = 0; w < left.length; w++) {
      left[w] = wordOf(accepted, w) & ~words[w];
    }
    if ((count & 63) != 0) {
      left[left.length - 1] &= (1L << count) - 1;
    }
    return AcceptedRows.of(left);
  }

  private static long wordOf(AcceptedRows accepted, int w) {
    return switch (accepted) {
      case AcceptedRows.All _ -> -1;
      case AcceptedRows.Bitmap(long[] words, int _) -> w < words.length ? words[w] : 0;
    };
  }
}
