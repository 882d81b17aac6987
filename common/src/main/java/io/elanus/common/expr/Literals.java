package io.elanus.common.expr;

import io.elanus.common.expr.Expr.Comparison;
import io.elanus.common.expr.Literal.BoolLiteral;
import io.elanus.common.expr.Literal.FloatLiteral;
import io.elanus.common.expr.Literal.IntLiteral;
import io.elanus.common.expr.Literal.ListLiteral;
import io.elanus.common.expr.Literal.TextLiteral;
import io.elanus.common.model.Utf8Order;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/// What can be said of constants without a row.
final class Literals {
  private Literals() {}

  static String typeName(Literal literal) {
    return switch (literal) {
      case BoolLiteral _ -> "Bool";
      case IntLiteral _ -> "Int64";
      case FloatLiteral _ -> "Double";
      case TextLiteral _ -> "VarChar";
      case ListLiteral _ -> "Array";
    };
  }

  static boolean isNumber(Literal literal) {
    return literal instanceof IntLiteral || literal instanceof FloatLiteral;
  }

  static OptionalDouble asDouble(Literal literal) {
    return switch (literal) {
      case IntLiteral l -> OptionalDouble.of(l.value());
      case FloatLiteral l -> OptionalDouble.of(l.value());
      case BoolLiteral _, TextLiteral _, ListLiteral _ -> OptionalDouble.empty();
    };
  }

  static boolean isZero(Literal literal) {
    OptionalDouble value = asDouble(literal);
    return value.isPresent() && value.getAsDouble() == 0;
  }

  /// A whole number in decimal, hexadecimal (`0x`), octal (`0`) or binary (`0b`).
  ///
  /// @throws NumberFormatException when it is none, or has more than 64 bits
  static long parseLong(String text, boolean negative) {
    boolean prefixed = text.length() > 1 && text.charAt(0) == '0';
    char letter = prefixed ? Character.toLowerCase(text.charAt(1)) : '0';
    int radix =
        switch (letter) {
          case 'x' -> 16;
          case 'b' -> 2;
          default -> prefixed ? 8 : 10;
        };
    int first = letter == 'x' || letter == 'b' ? 2 : 0;
    while (first + 1 < text.length() && text.charAt(first) == '0') {
      first++;
    }
    if (text.length() - first > Long.SIZE) {
      throw new NumberFormatException("too long");
    }
    return Long.parseLong((negative ? "-" : "") + text.substring(first), radix);
  }

  /// Whether `a comparison b` is true when `order` is the order of a and b.
  static boolean holds(Comparison comparison, int order) {
    return switch (comparison) {
      case EQUAL -> order == 0;
      case NOT_EQUAL -> order != 0;
      case LESS -> order < 0;
      case LESS_OR_EQUAL -> order <= 0;
      case GREATER -> order > 0;
      case GREATER_OR_EQUAL -> order >= 0;
    };
  }

  /// Negative, zero or positive as `a` comes before, with or after `b`; empty when they have no
  /// order.
  static OptionalInt order(Literal a, Literal b) {
    if (a instanceof TextLiteral(String x) && b instanceof TextLiteral(String y)) {
      return OptionalInt.of(Utf8Order.compare(x, y));
    }
    if (a instanceof IntLiteral(long x) && b instanceof IntLiteral(long y)) {
      return OptionalInt.of(Long.compare(x, y));
    }
    OptionalDouble x = asDouble(a);
    OptionalDouble y = asDouble(b);
    return x.isPresent() && y.isPresent()
        ? OptionalInt.of(Double.compare(x.getAsDouble() + 0.0, y.getAsDouble() + 0.0))
        : OptionalInt.empty();
  }

  /// As Milvus shows a value in messages: `int64_val:1`.
  static String shown(Literal literal) {
    return switch (literal) {
      case BoolLiteral l -> "bool_val:" + l.value();
      case IntLiteral l -> "int64_val:" + l.value();
      case FloatLiteral l -> "float_val:" + shown(l.value());
      case TextLiteral l -> "string_val:\"" + l.value() + "\"";
      case ListLiteral _ -> "array_val";
    };
  }

  private static String shown(double value) {
    boolean whole = value == Math.rint(value) && Math.abs(value) < 1e15;
    return whole ? Long.toString((long) value) : Double.toString(value);
  }
}
