package io.elanus.segment.filter;

import io.elanus.common.expr.Expr.Comparison;
import io.elanus.common.expr.Literal;
import io.elanus.common.expr.Literal.BoolLiteral;
import io.elanus.common.expr.Literal.TextLiteral;
import io.elanus.segment.column.Blobs;
import io.elanus.segment.column.ColumnView;
import io.elanus.segment.column.ColumnView.Bools;
import io.elanus.segment.column.ColumnView.ByteStrings;
import io.elanus.segment.column.ColumnView.ByteVectors;
import io.elanus.segment.column.ColumnView.Doubles;
import io.elanus.segment.column.ColumnView.Floats;
import io.elanus.segment.column.ColumnView.Ints;
import io.elanus.segment.column.ColumnView.Lists;
import io.elanus.segment.column.ColumnView.Longs;
import io.elanus.segment.column.ColumnView.Nullables;
import io.elanus.segment.column.ColumnView.Texts;
import io.elanus.segment.column.ColumnView.Vectors;
import io.elanus.segment.column.RowBits;
import io.elanus.segment.column.Validity;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;

/// Compares a whole column with a constant. Numbers are compared for all rows, which is faster than
/// to choose; texts only for the rows asked about.
@SuppressWarnings("ShortCircuitBoolean") // loops without branches
final class ColumnScan {
  private ColumnScan() {}

  static TernaryBits compare(
      ColumnView column, Comparison comparison, Literal right, long[] asked) {
    int rowCount = column.rowCount();
    return switch (column) {
      case Nullables(ColumnView values, Validity validity) ->
          compare(values, comparison, right, validity.ranks(asked)).ofRanks(validity);
      case Ints ints when Numbers.isNumber(right) ->
          TernaryBits.known(within(ints, LongRange.of(comparison, right)));
      case Floats floats when Numbers.isNumber(right) ->
          TernaryBits.known(within(floats, DoubleRange.of(comparison, right)));
      case Longs longs when Numbers.isNumber(right) ->
          TernaryBits.known(within(longs, LongRange.of(comparison, right)));
      case Doubles doubles when Numbers.isNumber(right) ->
          TernaryBits.known(within(doubles, DoubleRange.of(comparison, right)));
      case Texts texts when right instanceof TextLiteral text ->
          compare(texts.bytes(), comparison, text.value(), asked);
      case Bools bools when right instanceof BoolLiteral bool ->
          compare(bools, comparison, bool.value());
      case Longs _, Doubles _, Texts _, Bools _, Ints _, Floats _ ->
          TernaryBits.allUnknown(rowCount);
      case ByteStrings _, Vectors _, ByteVectors _, Lists _ -> TernaryBits.allUnknown(rowCount);
    };
  }

  static TernaryBits like(Blobs texts, LikePattern pattern, long[] asked) {
    long[] yes = RowBits.none(texts.rowCount());
    byte[] buffer = new byte[1024];
    for (int row = RowBits.next(asked, 0); row >= 0; row = RowBits.next(asked, row + 1)) {
      int length = texts.copy(row, buffer);
      if (length > buffer.length) {
        buffer = new byte[Integer.highestOneBit(length) * 2];
        texts.copy(row, buffer);
      }
      if (pattern.matches(buffer, length)) {
        RowBits.add(yes, row);
      }
    }
    return TernaryBits.known(yes);
  }

  private static long[] within(Ints column, LongRange range) {
    int rowCount = column.rowCount();
    long min = range.min();
    long max = range.max();
    long[] words = RowBits.none(rowCount);
    for (int row = 0; row < rowCount; row++) {
      long value = column.get(row);
      long bit = value >= min & value <= max ? 1L : 0L;
      words[row >> 6] |= bit << row;
    }
    return range.inside() ? words : TernaryBits.known(words).not().yes();
  }

  private static long[] within(Floats column, DoubleRange range) {
    int rowCount = column.rowCount();
    double min = range.min();
    double max = range.max();
    long[] words = RowBits.none(rowCount);
    for (int row = 0; row < rowCount; row++) {
      double value = column.get(row);
      long bit = value >= min & value <= max ? 1L : 0L;
      words[row >> 6] |= bit << row;
    }
    return range.inside() ? words : TernaryBits.known(words).not().yes();
  }

  private static long[] within(Longs column, LongRange range) {
    int rowCount = column.rowCount();
    long min = range.min();
    long max = range.max();
    long[] words = RowBits.none(rowCount);
    for (int row = 0; row < rowCount; row++) {
      long value = column.get(row);
      long bit = value >= min & value <= max ? 1L : 0L;
      words[row >> 6] |= bit << row;
    }
    return range.inside() ? words : TernaryBits.known(words).not().yes();
  }

  private static long[] within(Doubles column, DoubleRange range) {
    int rowCount = column.rowCount();
    double min = range.min();
    double max = range.max();
    long[] words = RowBits.none(rowCount);
    for (int row = 0; row < rowCount; row++) {
      double value = column.get(row);
      long bit = value >= min & value <= max ? 1L : 0L;
      words[row >> 6] |= bit << row;
    }
    return range.inside() ? words : TernaryBits.known(words).not().yes();
  }

  private static TernaryBits compare(
      Blobs texts, Comparison comparison, String right, long[] asked) {
    MemorySegment utf8 = MemorySegment.ofArray(right.getBytes(StandardCharsets.UTF_8));
    long[] yes = RowBits.none(texts.rowCount());
    for (int row = RowBits.next(asked, 0); row >= 0; row = RowBits.next(asked, row + 1)) {
      if (RowValue.holds(comparison, Integer.signum(texts.compare(row, utf8)))) {
        RowBits.add(yes, row);
      }
    }
    return TernaryBits.known(yes);
  }

  private static TernaryBits compare(Bools column, Comparison comparison, boolean right) {
    TernaryBits isTrue = TernaryBits.known(column.words());
    return switch (comparison) {
      case EQUAL -> right ? isTrue : isTrue.not();
      case NOT_EQUAL -> right ? isTrue.not() : isTrue;
      case LESS, LESS_OR_EQUAL, GREATER, GREATER_OR_EQUAL ->
          TernaryBits.allUnknown(column.rowCount());
    };
  }
}
