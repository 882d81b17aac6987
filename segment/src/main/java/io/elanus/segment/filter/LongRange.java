package io.elanus.segment.filter;

import io.elanus.common.expr.Expr.Comparison;
import io.elanus.common.expr.Literal;
import io.elanus.common.expr.Literal.FloatLiteral;
import io.elanus.common.expr.Literal.IntLiteral;

/// The integers for which a comparison with a constant holds: those from `min` to `max`, or all
/// others. Every comparison of a column is the same loop then.
///
/// @param inside false for all others
record LongRange(long min, long max, boolean inside) {
  private static final LongRange NONE = new LongRange(0, -1, true);
  private static final LongRange ALL = new LongRange(0, -1, false);

  /// @param right a number
  static LongRange of(Comparison comparison, Literal right) {
    return switch (right) {
      case IntLiteral i -> of(comparison, i.value());
      case FloatLiteral f -> of(comparison, f.value());
      case Literal.BoolLiteral _, Literal.TextLiteral _, Literal.ListLiteral _ ->
          throw new IllegalArgumentException("no number: " + right);
    };
  }

  private static LongRange of(Comparison comparison, long value) {
    return switch (comparison) {
      case EQUAL -> new LongRange(value, value, true);
      case NOT_EQUAL -> new LongRange(value, value, false);
      case LESS -> value == Long.MIN_VALUE ? NONE : new LongRange(Long.MIN_VALUE, value - 1, true);
      case LESS_OR_EQUAL -> new LongRange(Long.MIN_VALUE, value, true);
      case GREATER ->
          value == Long.MAX_VALUE ? NONE : new LongRange(value + 1, Long.MAX_VALUE, true);
      case GREATER_OR_EQUAL -> new LongRange(value, Long.MAX_VALUE, true);
    };
  }

  /// Between two integers the nearest one takes the place of `value`.
  private static LongRange of(Comparison comparison, double value) {
    if (Double.isNaN(value)) {
      return comparison == Comparison.NOT_EQUAL ? ALL : NONE;
    }
    if (Numbers.exactLong(value).isPresent()) {
      return of(comparison, (long) value);
    }
    if (Numbers.compare(Long.MAX_VALUE, value) < 0) {
      return beyond(comparison, Comparison.LESS, Comparison.LESS_OR_EQUAL);
    }
    if (Numbers.compare(Long.MIN_VALUE, value) > 0) {
      return beyond(comparison, Comparison.GREATER, Comparison.GREATER_OR_EQUAL);
    }
    long below = (long) Math.floor(value);
    return switch (comparison) {
      case EQUAL -> NONE;
      case NOT_EQUAL -> ALL;
      case LESS, LESS_OR_EQUAL -> of(Comparison.LESS_OR_EQUAL, below);
      case GREATER, GREATER_OR_EQUAL -> of(Comparison.GREATER, below);
    };
  }

  /// All integers lie on one side of the constant.
  private static LongRange beyond(Comparison comparison, Comparison holds, Comparison holdsToo) {
    boolean all =
        comparison == holds || comparison == holdsToo || comparison == Comparison.NOT_EQUAL;
    return all ? ALL : NONE;
  }
}
