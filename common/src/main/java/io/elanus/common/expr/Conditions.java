package io.elanus.common.expr;

import io.elanus.common.error.DbException;
import io.elanus.common.expr.Expr.Comparison;
import io.elanus.common.expr.Literal.BoolLiteral;
import io.elanus.common.expr.Literal.ListLiteral;
import io.elanus.common.expr.Literal.TextLiteral;
import io.elanus.common.expr.Operand.Arithmetic;
import io.elanus.common.expr.Operand.JsonPath;
import io.elanus.common.expr.Part.Column;
import io.elanus.common.expr.Part.Condition;
import io.elanus.common.expr.Part.Constant;
import io.elanus.common.model.DataType;
import java.util.List;
import java.util.Optional;

/// Builds what is no plain comparison: logic, membership, ranges, patterns, existence. Checks that
/// the parts fit.
final class Conditions {
  private final FilterSource source;
  private final Comparisons comparisons;

  Conditions(FilterSource source, Comparisons comparisons) {
    this.source = source;
    this.comparisons = comparisons;
  }

  /// What a part means where a condition is wanted; empty for a part that is none. A bool column is
  /// none.
  static Optional<Expr> asCondition(Part part) {
    return switch (part) {
      case Condition condition -> Optional.of(condition.expr());
      case Constant(BoolLiteral(boolean value)) -> Optional.of(new Expr.Constant(value));
      case Constant _, Column _ -> Optional.empty();
    };
  }

  Part and(List<Part> parts) {
    return new Condition(Logic.and(operands("and", parts)));
  }

  Part or(List<Part> parts) {
    return new Condition(Logic.or(operands("or", parts)));
  }

  Part not(Part operand) {
    Optional<Expr> condition = asCondition(operand);
    return new Condition(
        Logic.not(
            condition.orElseThrow(
                () -> source.cannotParse("not op can only be applied on boolean expression"))));
  }

  /// `left from column to right`, both comparisons in the same direction.
  Part range(Part left, Comparison first, Column column, Comparison second, Part right) {
    boolean ascending = isLess(first);
    if (ascending != isLess(second)) {
      throw source.cannotParse("the two comparisons of a range must have the same direction");
    }
    if (column.operand() instanceof Arithmetic) {
      throw source.cannotParse("range operations are only supported on single fields now");
    }
    Literal lower = bound("lowerbound", ascending ? left : right);
    Literal upper = bound("upperbound", ascending ? right : left);
    return new Condition(
        ascending
            ? comparisons.range(lower, first, column, second, upper)
            : comparisons.range(lower, mirrored(second), column, mirrored(first), upper));
  }

  Expr in(Part left, Part right) {
    if (left instanceof Constant) {
      throw source.cannotParse("'term' can only be used on non-const expression");
    }
    if (!(left instanceof Column column) || column.operand() instanceof Arithmetic) {
      throw source.cannotParse("'term' can only be used on single field");
    }
    if (right instanceof Constant(ListLiteral(List<Literal> values))) {
      return comparisons.in(column, values);
    }
    if (right instanceof Constant) {
      throw source.cannotParse(
          "the right-hand side of 'in' must be a list, but got: %s", right.typeName());
    }
    throw source.cannotParse("the list of 'in' cannot be a non-const expression");
  }

  Expr like(Part left, Part right) {
    if (!(left instanceof Column column) || column.operand() instanceof Arithmetic) {
      throw source.cannotParse("like operation on complicated expr is unsupported");
    }
    if (column.type() != DataType.VARCHAR && column.type() != DataType.JSON) {
      throw source.cannotParse("like operation on non-string or no-json field is unsupported");
    }
    if (right instanceof Constant(TextLiteral(String pattern))) {
      return new Expr.Like(column.operand(), pattern);
    }
    throw source.cannotParse("the pattern of like must be a string, but got: %s", right.typeName());
  }

  Expr exists(Part part) {
    if (!(part instanceof Column column) || column.operand() instanceof Arithmetic) {
      throw source.cannotParse("exists operations are only supported on single fields now");
    }
    if (!(column.operand() instanceof JsonPath path)) {
      throw source.cannotParse(
          "exists operations are only supportted on json field, got:%s", column.typeName());
    }
    if (path.steps().isEmpty()) {
      throw source.cannotParse("exists operations are only supportted on json key");
    }
    return new Expr.Exists(path);
  }

  Expr isNotNull(Column column) {
    if (column.type().isVector()) {
      throw source.cannotParse(
          "is null and is not null are not supported on %s", column.typeName());
    }
    return new Expr.Exists(column.operand());
  }

  private List<Expr> operands(String op, List<Part> parts) {
    return parts.stream().map(part -> asCondition(part).orElseThrow(() -> notBoolean(op))).toList();
  }

  private DbException notBoolean(String op) {
    return source.cannotParse("'%s' can only be used between boolean expressions", op);
  }

  private Literal bound(String name, Part part) {
    if (part instanceof Constant(Literal value)) {
      return value;
    }
    throw source.cannotParse("%s cannot be a non-const expression", name);
  }

  private static boolean isLess(Comparison comparison) {
    return comparison == Comparison.LESS || comparison == Comparison.LESS_OR_EQUAL;
  }

  private static Comparison mirrored(Comparison comparison) {
    return comparison == Comparison.GREATER ? Comparison.LESS : Comparison.LESS_OR_EQUAL;
  }
}
