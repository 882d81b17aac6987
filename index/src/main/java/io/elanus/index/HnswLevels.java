package io.elanus.index;

/// The level of every row, drawn before the build: level l or higher has one row in `m^l`.
///
/// A level depends on the seed and the row's ordinal alone, so it does not matter which thread
/// inserts which row. The first of the rows on the highest level is inserted first and is the entry
/// for good; building needs no lock around the entry.
@SuppressWarnings("ArrayRecordComponent")
record HnswLevels(byte[] levels, int entry, int upperLists) {

  static HnswLevels draw(int count, int m, long seed) {
    byte[] levels = new byte[count];
    int entry = count == 0 ? -1 : 0;
    int upperLists = 0;
    for (int row = 0; row < count; row++) {
      levels[row] = level(row, m, seed);
      upperLists += levels[row];
      if (levels[row] > levels[entry]) {
        entry = row;
      }
    }
    return new HnswLevels(levels, entry, upperLists);
  }

  int of(int ordinal) {
    return levels[ordinal];
  }

  int top() {
    return entry < 0 ? 0 : levels[entry];
  }

  /// `floor(-ln(u) / ln(m))` with u uniform in (0, 1]: Malkov and Yashunin, 2018, algorithm 1, line
  /// 4, with their choice of 1 / ln(m) for the level factor. At most 53.
  private static byte level(int ordinal, int m, long seed) {
    double uniform = ((SplitMix.draw(seed, ordinal) >>> 11) + 1) * 0x1p-53;
    return (byte) (-StrictMath.log(uniform) / StrictMath.log(m));
  }
}
