package io.elanus.common.expr;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/// The fields a filter looks at.
public final class FieldIds {
  private FieldIds() {}

  public static Set<Long> of(Expr filter) {
    Set<Long> ids = new TreeSet<>();
    add(filter, ids);
    return ids;
  }

  private static void add(Expr filter, Set<Long> ids) {
    switch (filter) {
      case Expr.Constant _ -> {}
      case Expr.And(List<Expr> operands) -> operands.forEach(operand -> add(operand, ids));
      case Expr.Or(List<Expr> operands) -> operands.forEach(operand -> add(operand, ids));
      case Expr.Not(Expr operand) -> add(operand, ids);
      case Expr.Compare(Operand left, Expr.Comparison _, Literal _) -> add(left, ids);
      case Expr.CompareOperands(Operand left, Expr.Comparison _, Operand right) -> {
        add(left, ids);
        add(right, ids);
      }
      case Expr.In(Operand operand, List<Literal> _) -> add(operand, ids);
      case Expr.Like(Operand operand, String _) -> add(operand, ids);
      case Expr.Exists(Operand operand) -> add(operand, ids);
    }
  }

  private static void add(Operand operand, Set<Long> ids) {
    switch (operand) {
      case Operand.FieldRef field -> ids.add(field.fieldId());
      case Operand.JsonPath path -> ids.add(path.fieldId());
      case Operand.Arithmetic arithmetic -> add(arithmetic.left(), ids);
    }
  }
}
