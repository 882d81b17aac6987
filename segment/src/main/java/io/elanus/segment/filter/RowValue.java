package io.elanus.segment.filter;

import io.elanus.common.expr.Expr.Comparison;
import io.elanus.common.expr.Literal;
import io.elanus.common.expr.Literal.BoolLiteral;
import io.elanus.common.expr.Literal.ListLiteral;
import io.elanus.common.expr.Literal.TextLiteral;
import io.elanus.common.model.Utf8Order;
import java.util.function.Predicate;

/// What an operand is for one row.
sealed interface RowValue {
  /// No value: a path that leads nowhere, or to null; or arithmetic on what is no number.
  record Missing() implements RowValue {}

  /// A JSON object, or an array with one in it: it is there, but compares with nothing.
  record JsonObject() implements RowValue {}

  record Present(Literal value) implements RowValue {}

  static RowValue missing() {
    return new Missing();
  }

  static RowValue of(Literal value) {
    return new Present(value);
  }

  /// Unknown when one of the two is not there, or they are of different types.
  default Truth test(Comparison comparison, RowValue right) {
    return right instanceof Present present ? test(comparison, present.value()) : Truth.UNKNOWN;
  }

  default Truth test(Comparison comparison, Literal right) {
    return this instanceof Present present
        ? test(present.value(), comparison, right)
        : Truth.UNKNOWN;
  }

  /// A test of texts; unknown for what is no text.
  default Truth test(Predicate<String> texts) {
    return this instanceof Present(TextLiteral text)
        ? Truth.of(texts.test(text.value()))
        : Truth.UNKNOWN;
  }

  private static Truth test(Literal left, Comparison comparison, Literal right) {
    if (Numbers.isNumber(left) && Numbers.isNumber(right)) {
      return Truth.of(holds(comparison, Numbers.compare(left, right)));
    }
    return switch (left) {
      case TextLiteral a when right instanceof TextLiteral b ->
          Truth.of(holds(comparison, Integer.signum(Utf8Order.compare(a.value(), b.value()))));
      case BoolLiteral a when right instanceof BoolLiteral -> equality(a, comparison, right);
      case ListLiteral a when right instanceof ListLiteral b ->
          equality(Numbers.normalized(a), comparison, Numbers.normalized(b));
      case BoolLiteral _, TextLiteral _, ListLiteral _ -> Truth.UNKNOWN;
      case Literal.IntLiteral _, Literal.FloatLiteral _ -> Truth.UNKNOWN;
    };
  }

  /// Lists and bools have no order.
  private static Truth equality(Literal a, Comparison comparison, Literal b) {
    return switch (comparison) {
      case EQUAL -> Truth.of(a.equals(b));
      case NOT_EQUAL -> Truth.of(!a.equals(b));
      case LESS, LESS_OR_EQUAL, GREATER, GREATER_OR_EQUAL -> Truth.UNKNOWN;
    };
  }

  /// Whether two values whose order is `order` stand in `comparison`.
  ///
  /// @param order [Numbers#UNORDERED] when one of them is not a number
  static boolean holds(Comparison comparison, int order) {
    if (order == Numbers.UNORDERED) {
      return comparison == Comparison.NOT_EQUAL;
    }
    return switch (comparison) {
      case EQUAL -> order == 0;
      case NOT_EQUAL -> order != 0;
      case LESS -> order < 0;
      case LESS_OR_EQUAL -> order <= 0;
      case GREATER -> order > 0;
      case GREATER_OR_EQUAL -> order >= 0;
    };
  }
}
