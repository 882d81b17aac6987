package io.elanus.index;

/// Which ordinals a search may return.
public sealed interface AcceptedRows {
  /// Every row.
  AcceptedRows ALL = new All();

  /// The rows whose bit is set in `words`; see [Bitmap].
  static AcceptedRows of(long[] words) {
    return new Bitmap(words, Bitmap.bitsBelow(words, Long.MAX_VALUE));
  }

  /// Whether row `ordinal` (>= 0) may be returned.
  boolean accepts(int ordinal);

  /// How many of the first `count` rows are accepted.
  int cardinality(int count);

  /// Every row.
  record All() implements AcceptedRows {
    @Override
    public boolean accepts(int ordinal) {
      return true;
    }

    @Override
    public int cardinality(int count) {
      return count;
    }
  }

  /// The rows whose bit is set: bit `i & 63` of `words[i >> 6]` is row `i`; rows past the end are
  /// not accepted. `cardinality` is the number of set bits. The array is borrowed and not changed.
  @SuppressWarnings("ArrayRecordComponent")
  record Bitmap(long[] words, int cardinality) implements AcceptedRows {
    @Override
    public boolean accepts(int ordinal) {
      int word = ordinal >> 6;
      return word < words.length && (words[word] >>> ordinal & 1) != 0;
    }

    @Override
    public int cardinality(int count) {
      return count >= 64L * words.length ? cardinality : bitsBelow(words, count);
    }

    private static int bitsBelow(long[] words, long end) {
      int whole = (int) Math.min(words.length, end >> 6);
      int bits = 0;
      for (int w = 0; w < whole; w++) {
        bits += Long.bitCount(words[w]);
      }
      if (whole < words.length && (end & 63) != 0) {
        bits += Long.bitCount(words[whole] & (1L << (end & 63)) - 1);
      }
      return bits;
    }
  }
}
