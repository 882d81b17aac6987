package io.elanus.segment.filter;

import io.elanus.common.expr.Literal;
import io.elanus.common.expr.Literal.BoolLiteral;
import io.elanus.common.expr.Literal.FloatLiteral;
import io.elanus.common.expr.Literal.IntLiteral;
import io.elanus.common.expr.Literal.ListLiteral;
import io.elanus.common.expr.Literal.TextLiteral;
import io.elanus.common.expr.Operand.ArithmeticOp;
import java.util.OptionalLong;

/// Numbers of both kinds, compared by their mathematical values: 2^53 + 1 is not equal to the
/// double 2^53.
final class Numbers {
  /// The order of two values of which one is not a number (NaN).
  static final int UNORDERED = 2;

  private static final double TWO_TO_63 = 0x1p63;

  private Numbers() {}

  static boolean isNumber(Literal literal) {
    return literal instanceof IntLiteral || literal instanceof FloatLiteral;
  }

  /// -1, 0, 1 or [#UNORDERED]. Both are numbers.
  static int compare(Literal a, Literal b) {
    if (a instanceof IntLiteral x) {
      return b instanceof IntLiteral y
          ? Long.compare(x.value(), y.value())
          : compare(x.value(), ((FloatLiteral) b).value());
    }
    double x = ((FloatLiteral) a).value();
    if (b instanceof IntLiteral y) {
      int order = compare(y.value(), x);
      return order == UNORDERED ? order : -order;
    }
    return compare(x, ((FloatLiteral) b).value());
  }

  /// As primitives compare: both zeros are equal.
  static int compare(double a, double b) {
    if (a < b) {
      return -1;
    }
    if (a > b) {
      return 1;
    }
    return a == b ? 0 : UNORDERED;
  }

  static int compare(long a, double b) {
    if (Double.isNaN(b)) {
      return UNORDERED;
    }
    if (b >= TWO_TO_63) {
      return -1;
    }
    if (b < -TWO_TO_63) {
      return 1;
    }
    long whole = (long) b;
    return a != whole ? Long.compare(a, whole) : compare(0.0, b - whole);
  }

  /// The integer of exactly this value, if there is one.
  static OptionalLong exactLong(double value) {
    boolean exact = value >= -TWO_TO_63 && value < TWO_TO_63 && value == Math.rint(value);
    return exact ? OptionalLong.of((long) value) : OptionalLong.empty();
  }

  /// The same value, as an integer where it is one: equal values become equal literals.
  static Literal normalized(Literal literal) {
    return switch (literal) {
      case FloatLiteral f -> {
        OptionalLong exact = exactLong(f.value());
        yield exact.isPresent() ? new IntLiteral(exact.getAsLong()) : f;
      }
      case ListLiteral list ->
          new ListLiteral(list.values().stream().map(Numbers::normalized).toList());
      case BoolLiteral _, IntLiteral _, TextLiteral _ -> literal;
    };
  }

  /// `left op right`; missing when one is no number, or for an integer divided by zero.
  static RowValue calculate(Literal left, ArithmeticOp op, Literal right) {
    if (left instanceof IntLiteral a && right instanceof IntLiteral b) {
      return calculate(a.value(), op, b.value());
    }
    return isNumber(left) && isNumber(right)
        ? RowValue.of(new FloatLiteral(calculate(toDouble(left), op, toDouble(right))))
        : RowValue.missing();
  }

  /// Overflow wraps around.
  private static RowValue calculate(long a, ArithmeticOp op, long b) {
    boolean divides = op == ArithmeticOp.DIVIDE || op == ArithmeticOp.MODULO;
    if (divides && b == 0) {
      return RowValue.missing();
    }
    long result =
        switch (op) {
          case ADD -> a + b;
          case SUBTRACT -> a - b;
          case MULTIPLY -> a * b;
          case DIVIDE -> a / b;
          case MODULO -> a % b;
        };
    return RowValue.of(new IntLiteral(result));
  }

  private static double calculate(double a, ArithmeticOp op, double b) {
    return switch (op) {
      case ADD -> a + b;
      case SUBTRACT -> a - b;
      case MULTIPLY -> a * b;
      case DIVIDE -> a / b;
      case MODULO -> a % b;
    };
  }

  private static double toDouble(Literal number) {
    return number instanceof IntLiteral i ? i.value() : ((FloatLiteral) number).value();
  }
}
