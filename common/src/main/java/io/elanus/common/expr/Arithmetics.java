package io.elanus.common.expr;

import io.elanus.common.error.DbException;
import io.elanus.common.expr.Literal.FloatLiteral;
import io.elanus.common.expr.Literal.IntLiteral;
import io.elanus.common.expr.Operand.Arithmetic;
import io.elanus.common.expr.Operand.ArithmeticOp;
import io.elanus.common.expr.Part.Column;
import io.elanus.common.expr.Part.Constant;
import io.elanus.common.model.DataType;
import java.util.Locale;

/// Builds sums and products: between constants they are computed, between a column and constants
/// they become an [Arithmetic].
final class Arithmetics {
  private static final int MAX_CHAIN = 100;

  private final FilterSource source;

  Arithmetics(FilterSource source) {
    this.source = source;
  }

  Part apply(ArithmeticOp op, Part left, Part right) {
    if (left instanceof Constant(Literal a) && right instanceof Constant(Literal b)) {
      return new Constant(compute(op, a, b));
    }
    if (left instanceof Column column && right instanceof Constant(Literal constant)) {
      return combine(column, op, constant);
    }
    if (left instanceof Constant(Literal constant) && right instanceof Column column) {
      if (op == ArithmeticOp.ADD || op == ArithmeticOp.MULTIPLY) {
        return combine(column, op, constant);
      }
      throw source.cannotParse(
          "'%s' of a constant and a field is not supported, only of a field and a constant",
          name(op));
    }
    if (left instanceof Column && right instanceof Column) {
      throw source.cannotParse("not supported to do arithmetic operations between multiple fields");
    }
    throw notArithmetic(op, left, right);
  }

  Part negate(Part operand) {
    return switch (operand) {
      case Constant(IntLiteral value) -> new Constant(new IntLiteral(-value.value()));
      case Constant(FloatLiteral value) -> new Constant(new FloatLiteral(-value.value()));
      case Constant _, Column _, Part.Condition _ ->
          throw source.cannotParse(
              "unary '-' can only be applied to a number, not to %s", operand.typeName());
    };
  }

  Part power(Part left, Part right) {
    if (left instanceof Constant(Literal a)
        && right instanceof Constant(Literal b)
        && Literals.isNumber(a)
        && Literals.isNumber(b)) {
      double base = Literals.asDouble(a).orElseThrow();
      double exponent = Literals.asDouble(b).orElseThrow();
      return new Constant(new FloatLiteral(Math.pow(base, exponent)));
    }
    throw source.cannotParse("power can only apply on constants");
  }

  private Part combine(Column column, ArithmeticOp op, Literal constant) {
    if (!isNumberOrJson(column.type()) || !Literals.isNumber(constant)) {
      throw notArithmetic(op, column, new Constant(constant));
    }
    boolean floating = Comparisons.isFloating(column.type()) || constant instanceof FloatLiteral;
    if (op == ArithmeticOp.MODULO && floating) {
      throw source.cannotParse("modulo can only apply on integer types");
    }
    if ((op == ArithmeticOp.DIVIDE || op == ArithmeticOp.MODULO) && Literals.isZero(constant)) {
      throw source.cannotParse("division or modulus by zero");
    }
    if (chainLength(column.operand()) >= MAX_CHAIN) {
      throw source.cannotParse("more than %d arithmetic operations on one field", MAX_CHAIN);
    }
    return new Column(
        new Arithmetic(column.operand(), op, constant),
        resultType(column.type(), floating),
        column.nullable());
  }

  private static DataType resultType(DataType column, boolean floating) {
    if (column == DataType.JSON) {
      return DataType.JSON;
    }
    return floating ? DataType.DOUBLE : DataType.INT64;
  }

  private static int chainLength(Operand operand) {
    int length = 0;
    for (Operand o = operand; o instanceof Arithmetic a; o = a.left()) {
      length++;
    }
    return length;
  }

  private Literal compute(ArithmeticOp op, Literal a, Literal b) {
    boolean divides = op == ArithmeticOp.DIVIDE || op == ArithmeticOp.MODULO;
    if (a instanceof IntLiteral(long x) && b instanceof IntLiteral(long y)) {
      if (divides && y == 0) {
        throw byZero(op);
      }
      return new IntLiteral(compute(op, x, y));
    }
    if (!Literals.isNumber(a) || !Literals.isNumber(b)) {
      throw notArithmetic(op, new Constant(a), new Constant(b));
    }
    if (op == ArithmeticOp.MODULO) {
      throw source.cannotParse("modulo can only apply on integer");
    }
    if (divides && Literals.isZero(b)) {
      throw byZero(op);
    }
    double x = Literals.asDouble(a).orElseThrow();
    double y = Literals.asDouble(b).orElseThrow();
    return new FloatLiteral(compute(op, x, y));
  }

  private static long compute(ArithmeticOp op, long x, long y) {
    return switch (op) {
      case ADD -> x + y;
      case SUBTRACT -> x - y;
      case MULTIPLY -> x * y;
      case DIVIDE -> x / y;
      case MODULO -> x % y;
    };
  }

  private static double compute(ArithmeticOp op, double x, double y) {
    return switch (op) {
      case ADD -> x + y;
      case SUBTRACT -> x - y;
      case MULTIPLY -> x * y;
      case DIVIDE -> x / y;
      case MODULO -> x % y;
    };
  }

  private static boolean isNumberOrJson(DataType type) {
    return type == DataType.JSON || Comparisons.isInteger(type) || Comparisons.isFloating(type);
  }

  private DbException byZero(ArithmeticOp op) {
    return source.cannotParse("cannot %s by zero", name(op));
  }

  private DbException notArithmetic(ArithmeticOp op, Part left, Part right) {
    return source.cannotParse(
        "'%s' cannot perform arithmetic between %s and %s",
        name(op), left.typeName(), right.typeName());
  }

  private static String name(ArithmeticOp op) {
    return op.name().toLowerCase(Locale.ROOT);
  }
}
