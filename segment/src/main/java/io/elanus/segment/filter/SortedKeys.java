package io.elanus.segment.filter;

import io.elanus.common.expr.Expr.Comparison;
import io.elanus.common.expr.Literal;
import io.elanus.common.expr.Literal.BoolLiteral;
import io.elanus.common.expr.Literal.FloatLiteral;
import io.elanus.common.expr.Literal.IntLiteral;
import io.elanus.common.expr.Literal.ListLiteral;
import io.elanus.common.expr.Literal.TextLiteral;
import io.elanus.common.model.Key;
import io.elanus.segment.column.ColumnView.Longs;
import io.elanus.segment.column.ColumnView.Texts;
import io.elanus.segment.column.KeyView;
import io.elanus.segment.column.RowBits;
import java.util.List;
import java.util.OptionalLong;

/// Conditions on keys that are in order: a few binary searches instead of a scan.
final class SortedKeys {
  private SortedKeys() {}

  static TernaryBits compare(KeyView keys, Comparison comparison, Literal right) {
    return switch (keys) {
      case Longs longs ->
          Numbers.isNumber(right)
              ? TernaryBits.known(rows(longs, LongRange.of(comparison, right)))
              : TernaryBits.allUnknown(keys.rowCount());
      case Texts texts ->
          right instanceof TextLiteral text
              ? TernaryBits.known(rows(texts, comparison, Key.of(text.value())))
              : TernaryBits.allUnknown(keys.rowCount());
    };
  }

  static TernaryBits in(KeyView keys, List<Literal> values) {
    long[] words = RowBits.none(keys.rowCount());
    for (Literal value : values) {
      switch (value) {
        case IntLiteral i -> addEqual(words, keys, Key.of(i.value()));
        case FloatLiteral f -> {
          OptionalLong exact = Numbers.exactLong(f.value());
          exact.ifPresent(whole -> addEqual(words, keys, Key.of(whole)));
        }
        case TextLiteral t -> addEqual(words, keys, Key.of(t.value()));
        case BoolLiteral _, ListLiteral _ -> {}
      }
    }
    return TernaryBits.known(words);
  }

  private static void addEqual(long[] words, KeyView keys, Key key) {
    RowBits.addRange(words, keys.lowerBound(key), keys.upperBound(key));
  }

  private static long[] rows(Longs keys, LongRange range) {
    long[] words = RowBits.none(keys.rowCount());
    if (range.min() <= range.max()) {
      int from = keys.lowerBound(Key.of(range.min()));
      RowBits.addRange(words, from, keys.upperBound(Key.of(range.max())));
    }
    return range.inside() ? words : complement(words, keys.rowCount());
  }

  private static long[] rows(Texts keys, Comparison comparison, Key key) {
    int count = keys.rowCount();
    int lower = keys.lowerBound(key);
    int upper = keys.upperBound(key);
    return switch (comparison) {
      case EQUAL -> RowBits.range(count, lower, upper);
      case NOT_EQUAL -> complement(RowBits.range(count, lower, upper), count);
      case LESS -> RowBits.range(count, 0, lower);
      case LESS_OR_EQUAL -> RowBits.range(count, 0, upper);
      case GREATER -> RowBits.range(count, upper, count);
      case GREATER_OR_EQUAL -> RowBits.range(count, lower, count);
    };
  }

  private static long[] complement(long[] words, int rowCount) {
    long[] others = RowBits.all(rowCount);
    for (int w = 0; w < words.length; w++) {
      others[w] &= ~words[w];
    }
    return others;
  }
}
