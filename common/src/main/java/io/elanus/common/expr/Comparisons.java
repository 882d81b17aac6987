package io.elanus.common.expr;

import io.elanus.common.expr.Expr.Comparison;
import io.elanus.common.expr.Literal.BoolLiteral;
import io.elanus.common.expr.Literal.FloatLiteral;
import io.elanus.common.expr.Literal.IntLiteral;
import io.elanus.common.expr.Literal.ListLiteral;
import io.elanus.common.expr.Literal.TextLiteral;
import io.elanus.common.expr.Part.Column;
import io.elanus.common.expr.Part.Condition;
import io.elanus.common.expr.Part.Constant;
import io.elanus.common.model.DataType;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;

/// Builds comparisons and memberships, and checks their types. Afterwards the constant of an
/// integer column is an integer its type can hold, that of a floating one a float, and a bool is
/// only compared with `==` and `!=`: constants a column can never reach are folded to true or
/// false.
final class Comparisons {
  private static final double TWO_TO_63 = 0x1p63;

  private final FilterSource source;

  Comparisons(FilterSource source) {
    this.source = source;
  }

  static boolean isInteger(DataType type) {
    return type.number() >= DataType.INT8.number() && type.number() <= DataType.INT64.number();
  }

  static boolean isFloating(DataType type) {
    return type == DataType.FLOAT || type == DataType.DOUBLE;
  }

  static boolean isRelational(Comparison comparison) {
    return comparison != Comparison.EQUAL && comparison != Comparison.NOT_EQUAL;
  }

  Part compare(Comparison comparison, Part left, Part right) {
    if (left instanceof Constant(Literal a) && right instanceof Constant(Literal b)) {
      return new Constant(new BoolLiteral(compareConstants(comparison, a, b)));
    }
    if (left instanceof Column a && right instanceof Constant(Literal b)) {
      return new Condition(withConstant(comparison, a, b, notComparable(left, right)));
    }
    if (left instanceof Constant(Literal a) && right instanceof Column b) {
      return new Condition(withConstant(reversed(comparison), b, a, notComparable(left, right)));
    }
    if (left instanceof Column a && right instanceof Column b) {
      return new Condition(betweenColumns(comparison, a, b));
    }
    throw source.cannotParse("%s", notComparable(left, right));
  }

  /// `lower < column < upper`, with either comparison less or less-or-equal.
  Expr range(
      Literal lower, Comparison fromLower, Column column, Comparison toUpper, Literal upper) {
    if (column.type() == DataType.BOOL) {
      throw source.cannotParse("invalid range operations on boolean expr");
    }
    OptionalInt order = Literals.order(lower, upper);
    boolean closed = !strict(fromLower) && !strict(toUpper);
    if (order.isPresent() && order.getAsInt() >= (closed ? 1 : 0)) {
      throw source.cannotParse("invalid range: lowerbound is greater than upperbound");
    }
    String refusal = "invalid range operations";
    return Logic.and(
        List.of(
            withConstant(reversed(fromLower), column, lower, refusal),
            withConstant(toUpper, column, upper, refusal)));
  }

  Expr in(Column column, List<Literal> values) {
    Set<Literal> distinct = new LinkedHashSet<>();
    boolean asFloats = values.stream().anyMatch(FloatLiteral.class::isInstance);
    for (Literal value : values) {
      Literal member = member(column.type(), value, asFloats);
      if (canHold(column.type(), member)) {
        distinct.add(member);
      }
    }
    if (!distinct.isEmpty()) {
      return new Expr.In(column.operand(), new ArrayList<>(distinct));
    }
    return values.isEmpty() ? Expr.NEVER : always(column, false);
  }

  private Literal member(DataType type, Literal value, boolean asFloats) {
    boolean fits =
        switch (value) {
          case BoolLiteral _ -> type == DataType.BOOL;
          case IntLiteral _ -> isInteger(type) || isFloating(type);
          case FloatLiteral _ -> isFloating(type);
          case TextLiteral _ -> type == DataType.VARCHAR;
          case ListLiteral _ -> false;
        };
    if (!fits && type != DataType.JSON) {
      throw source.cannotParse(
          "value '%s' in list cannot be casted to %s", Literals.shown(value), type.milvusName());
    }
    boolean promoted = isFloating(type) || type == DataType.JSON && asFloats;
    return promoted && Literals.isNumber(value) ? floatOf(type, value) : value;
  }

  private boolean compareConstants(Comparison comparison, Literal a, Literal b) {
    OptionalInt order = Literals.order(a, b);
    if (order.isPresent()) {
      return Literals.holds(comparison, order.getAsInt());
    }
    if (isRelational(comparison) || !Literals.typeName(a).equals(Literals.typeName(b))) {
      throw source.cannotParse(
          "comparison operations cannot be applied to two incompatible operands: %s and %s",
          Literals.typeName(a), Literals.typeName(b));
    }
    return a.equals(b) == (comparison == Comparison.EQUAL);
  }

  private Expr withConstant(
      Comparison comparison, Column column, Literal constant, String refusal) {
    DataType type = column.type();
    if (type == DataType.JSON) {
      return withJson(comparison, column.operand(), constant, refusal);
    }
    if (isInteger(type) && constant instanceof IntLiteral value) {
      return withInteger(comparison, column, value);
    }
    if (isInteger(type) && constant instanceof FloatLiteral(double value)) {
      return withFraction(comparison, column, value);
    }
    if (isFloating(type) && Literals.isNumber(constant)) {
      return new Expr.Compare(column.operand(), comparison, floatOf(type, constant));
    }
    if (type == DataType.VARCHAR && constant instanceof TextLiteral) {
      return new Expr.Compare(column.operand(), comparison, constant);
    }
    if (type == DataType.BOOL && constant instanceof BoolLiteral value) {
      return withBool(comparison, column, value);
    }
    throw source.cannotParse("%s", refusal);
  }

  private Expr withJson(Comparison comparison, Operand operand, Literal constant, String refusal) {
    boolean ordered = Literals.isNumber(constant) || constant instanceof TextLiteral;
    boolean computed = operand instanceof Operand.Arithmetic;
    if (isRelational(comparison) && !ordered || computed && !Literals.isNumber(constant)) {
      throw source.cannotParse("%s", refusal);
    }
    return new Expr.Compare(operand, comparison, constant);
  }

  private static Expr withInteger(Comparison comparison, Column column, IntLiteral constant) {
    if (canHold(column.type(), constant)) {
      return new Expr.Compare(column.operand(), comparison, constant);
    }
    return beyond(comparison, column, constant.value() > 0);
  }

  /// A whole number is compared with the whole numbers around the fraction: `a < 1.5` is `a < 2`.
  private static Expr withFraction(Comparison comparison, Column column, double value) {
    if (Double.isNaN(value)) {
      return always(column, comparison == Comparison.NOT_EQUAL);
    }
    double whole =
        switch (comparison) {
          case LESS, GREATER_OR_EQUAL -> Math.ceil(value);
          case LESS_OR_EQUAL, GREATER, EQUAL, NOT_EQUAL -> Math.floor(value);
        };
    if (!isRelational(comparison) && whole != value) {
      return beyond(comparison, column, true);
    }
    if (whole >= TWO_TO_63 || whole < -TWO_TO_63) {
      return beyond(comparison, column, value > 0);
    }
    return withInteger(comparison, column, new IntLiteral((long) whole));
  }

  /// The comparison with a constant above (or below) everything the column can hold.
  private static Expr beyond(Comparison comparison, Column column, boolean above) {
    return always(column, Literals.holds(comparison, above ? -1 : 1));
  }

  /// The same for every row that has a value; unknown, as every comparison, for one that has none.
  ///
  /// @param column of integers
  private static Expr always(Column column, boolean holds) {
    if (!column.nullable()) {
      return new Expr.Constant(holds);
    }
    Comparison comparison = holds ? Comparison.GREATER_OR_EQUAL : Comparison.LESS;
    return new Expr.Compare(column.operand(), comparison, new IntLiteral(Long.MIN_VALUE));
  }

  /// False before true.
  private static Expr withBool(Comparison comparison, Column column, BoolLiteral constant) {
    if (!isRelational(comparison)) {
      return new Expr.Compare(column.operand(), comparison, constant);
    }
    boolean whenFalse = Literals.holds(comparison, Boolean.compare(false, constant.value()));
    boolean whenTrue = Literals.holds(comparison, Boolean.compare(true, constant.value()));
    if (whenFalse == whenTrue && !column.nullable()) {
      return new Expr.Constant(whenTrue);
    }
    if (whenFalse == whenTrue) {
      Expr either =
          new Expr.In(column.operand(), List.of(new BoolLiteral(false), new BoolLiteral(true)));
      return whenTrue ? either : Logic.not(either);
    }
    return new Expr.Compare(column.operand(), Comparison.EQUAL, new BoolLiteral(whenTrue));
  }

  private Expr betweenColumns(Comparison comparison, Column left, Column right) {
    DataType a = left.type();
    DataType b = right.type();
    if (a == DataType.JSON || b == DataType.JSON) {
      throw source.cannotParse("two column comparison with JSON type is not supported");
    }
    boolean numbers = (isInteger(a) || isFloating(a)) && (isInteger(b) || isFloating(b));
    boolean texts = a == DataType.VARCHAR && b == DataType.VARCHAR;
    boolean bools = a == DataType.BOOL && b == DataType.BOOL && !isRelational(comparison);
    if (!numbers && !texts && !bools) {
      throw source.cannotParse("%s", notComparable(left, right));
    }
    return new Expr.CompareOperands(left.operand(), comparison, right.operand());
  }

  private static String notComparable(Part left, Part right) {
    return "comparisons between %s and %s are not supported"
        .formatted(left.typeName(), right.typeName());
  }

  private static boolean canHold(DataType type, Literal literal) {
    if (!(literal instanceof IntLiteral(long value))) {
      return true;
    }
    if (type == DataType.INT8) {
      return value == (byte) value;
    }
    if (type == DataType.INT16) {
      return value == (short) value;
    }
    return type != DataType.INT32 || value == (int) value;
  }

  private static FloatLiteral floatOf(DataType type, Literal number) {
    double value = Literals.asDouble(number).orElseThrow();
    return new FloatLiteral(type == DataType.FLOAT ? (float) value : value);
  }

  private static boolean strict(Comparison comparison) {
    return comparison == Comparison.LESS || comparison == Comparison.GREATER;
  }

  private static Comparison reversed(Comparison comparison) {
    return switch (comparison) {
      case EQUAL, NOT_EQUAL -> comparison;
      case LESS -> Comparison.GREATER;
      case LESS_OR_EQUAL -> Comparison.GREATER_OR_EQUAL;
      case GREATER -> Comparison.LESS;
      case GREATER_OR_EQUAL -> Comparison.LESS_OR_EQUAL;
    };
  }
}
