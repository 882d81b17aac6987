package io.elanus.segment.filter;

import io.elanus.segment.column.RowBits;
import io.elanus.segment.column.Validity;
import java.util.function.IntFunction;

/// The truth of an expression for each row of a block: true, unknown, or else false. A row is never
/// in both.
record TernaryBits(long[] yes, long[] unknown) {
  static TernaryBits constant(int rowCount, boolean value) {
    return known(value ? RowBits.all(rowCount) : RowBits.none(rowCount));
  }

  static TernaryBits allUnknown(int rowCount) {
    return new TernaryBits(RowBits.none(rowCount), RowBits.all(rowCount));
  }

  /// Nothing is unknown.
  static TernaryBits known(long[] yes) {
    return new TernaryBits(yes, new long[yes.length]);
  }

  /// Asks `test` about each row of `asked`; the others are false.
  static TernaryBits test(int rowCount, long[] asked, IntFunction<Truth> test) {
    long[] yes = RowBits.none(rowCount);
    long[] unknown = RowBits.none(rowCount);
    for (int row = RowBits.next(asked, 0); row >= 0; row = RowBits.next(asked, row + 1)) {
      switch (test.apply(row)) {
        case TRUE -> RowBits.add(yes, row);
        case UNKNOWN -> RowBits.add(unknown, row);
        case FALSE -> {}
      }
    }
    return new TernaryBits(yes, unknown);
  }

  /// What is said of values by their ranks, said of their rows: unknown for a row without a value.
  TernaryBits ofRanks(Validity validity) {
    long[] open = validity.rows(unknown);
    for (int w = 0; w < open.length; w++) {
      open[w] |= ~validity.words()[w];
    }
    return new TernaryBits(validity.rows(yes), open);
  }

  /// Bits behind the last row become true; whoever asked masks them.
  TernaryBits not() {
    long[] no = new long[yes.length];
    for (int w = 0; w < no.length; w++) {
      no[w] = ~(yes[w] | unknown[w]);
    }
    return new TernaryBits(no, unknown);
  }

  TernaryBits and(TernaryBits other) {
    long[] bothYes = new long[yes.length];
    long[] open = new long[yes.length];
    for (int w = 0; w < bothYes.length; w++) {
      bothYes[w] = yes[w] & other.yes[w];
      open[w] = (yes[w] | unknown[w]) & (other.yes[w] | other.unknown[w]) & ~bothYes[w];
    }
    return new TernaryBits(bothYes, open);
  }

  TernaryBits or(TernaryBits other) {
    long[] anyYes = new long[yes.length];
    long[] open = new long[yes.length];
    for (int w = 0; w < anyYes.length; w++) {
      anyYes[w] = yes[w] | other.yes[w];
      open[w] = (unknown[w] | other.unknown[w]) & ~anyYes[w];
    }
    return new TernaryBits(anyYes, open);
  }

  /// The rows of `asked` that are true or unknown.
  long[] notFalse(long[] asked) {
    long[] rows = new long[yes.length];
    for (int w = 0; w < rows.length; w++) {
      rows[w] = asked[w] & (yes[w] | unknown[w]);
    }
    return rows;
  }

  /// The rows of `asked` that are false or unknown.
  long[] notTrue(long[] asked) {
    long[] rows = new long[yes.length];
    for (int w = 0; w < rows.length; w++) {
      rows[w] = asked[w] & ~yes[w];
    }
    return rows;
  }
}
