package io.elanus.segment.filter;

import io.elanus.common.expr.Expr.Comparison;
import io.elanus.common.expr.Literal;
import io.elanus.common.expr.Literal.FloatLiteral;
import io.elanus.common.expr.Literal.IntLiteral;

/// The doubles for which a comparison with a constant holds: those from `min` to `max`, or all
/// others. NaN is never within.
///
/// @param inside false for all others
record DoubleRange(double min, double max, boolean inside) {
  private static final DoubleRange NONE = new DoubleRange(1, 0, true);
  private static final DoubleRange ALL = new DoubleRange(1, 0, false);

  /// @param right a number
  static DoubleRange of(Comparison comparison, Literal right) {
    return switch (right) {
      case IntLiteral i -> of(comparison, i.value());
      case FloatLiteral f -> of(comparison, f.value());
      case Literal.BoolLiteral _, Literal.TextLiteral _, Literal.ListLiteral _ ->
          throw new IllegalArgumentException("no number: " + right);
    };
  }

  private static DoubleRange of(Comparison comparison, double value) {
    if (Double.isNaN(value)) {
      return comparison == Comparison.NOT_EQUAL ? ALL : NONE;
    }
    return switch (comparison) {
      case EQUAL -> new DoubleRange(value, value, true);
      case NOT_EQUAL -> new DoubleRange(value, value, false);
      case LESS -> value == Double.NEGATIVE_INFINITY ? NONE : below(Math.nextDown(value));
      case LESS_OR_EQUAL -> below(value);
      case GREATER -> value == Double.POSITIVE_INFINITY ? NONE : above(Math.nextUp(value));
      case GREATER_OR_EQUAL -> above(value);
    };
  }

  /// An integer that no double equals lies between two doubles, of which `nearest` is one.
  private static DoubleRange of(Comparison comparison, long value) {
    double nearest = value;
    int order = Numbers.compare(value, nearest);
    if (order == 0) {
      return of(comparison, nearest);
    }
    double under = order < 0 ? Math.nextDown(nearest) : nearest;
    return switch (comparison) {
      case EQUAL -> NONE;
      case NOT_EQUAL -> ALL;
      case LESS, LESS_OR_EQUAL -> below(under);
      case GREATER, GREATER_OR_EQUAL -> above(Math.nextUp(under));
    };
  }

  private static DoubleRange below(double max) {
    return new DoubleRange(Double.NEGATIVE_INFINITY, max, true);
  }

  private static DoubleRange above(double min) {
    return new DoubleRange(min, Double.POSITIVE_INFINITY, true);
  }
}
