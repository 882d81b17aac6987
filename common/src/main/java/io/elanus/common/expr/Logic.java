package io.elanus.common.expr;

import java.util.ArrayList;
import java.util.List;

/// Puts conditions together, folding constants and nested conjunctions. All folds hold in
/// three-valued logic: false and unknown is false, true or unknown is true.
final class Logic {
  private Logic() {}

  /// True if all are; `ALWAYS` of none.
  static Expr and(List<Expr> operands) {
    List<Expr> flat = new ArrayList<>(operands.size());
    for (Expr operand : operands) {
      if (operand.equals(Expr.NEVER)) {
        return Expr.NEVER;
      }
      if (operand instanceof Expr.And(List<Expr> inner)) {
        flat.addAll(inner);
      } else if (!operand.equals(Expr.ALWAYS)) {
        flat.add(operand);
      }
    }
    return switch (flat.size()) {
      case 0 -> Expr.ALWAYS;
      case 1 -> flat.getFirst();
      default -> new Expr.And(flat);
    };
  }

  /// True if any is; `NEVER` of none.
  static Expr or(List<Expr> operands) {
    List<Expr> flat = new ArrayList<>(operands.size());
    for (Expr operand : operands) {
      if (operand.equals(Expr.ALWAYS)) {
        return Expr.ALWAYS;
      }
      if (operand instanceof Expr.Or(List<Expr> inner)) {
        flat.addAll(inner);
      } else if (!operand.equals(Expr.NEVER)) {
        flat.add(operand);
      }
    }
    return switch (flat.size()) {
      case 0 -> Expr.NEVER;
      case 1 -> flat.getFirst();
      default -> new Expr.Or(flat);
    };
  }

  static Expr not(Expr operand) {
    if (operand instanceof Expr.Constant(boolean value)) {
      return new Expr.Constant(!value);
    }
    return operand instanceof Expr.Not(Expr inner) ? inner : new Expr.Not(operand);
  }
}
