package io.elanus.common.expr;

import java.util.List;

/// A checked filter. It has three values: a comparison with something missing (a JSON path that is not
/// there or holds another type) is unknown, `not` of unknown is unknown, and only rows for which the whole
/// is true match.
public sealed interface Expr {
  Expr ALWAYS = new Constant(true);
  Expr NEVER = new Constant(false);

  record Constant(boolean value) implements Expr {}

  /// True if all are. At least two operands.
  record And(List<Expr> operands) implements Expr {
    public And {
      operands = List.copyOf(operands);
    }
  }

  /// True if any is. At least two operands.
  record Or(List<Expr> operands) implements Expr {
    public Or {
      operands = List.copyOf(operands);
    }
  }

  record Not(Expr operand) implements Expr {}

  /// An operand against a constant, the constant on the right.
  record Compare(Operand left, Comparison comparison, Literal right) implements Expr {}

  /// Two operands of the same family against each other; neither is JSON.
  record CompareOperands(Operand left, Comparison comparison, Operand right) implements Expr {}

  /// Membership. `values` are of the operand's family (JSON: any), deduplicated; empty is folded before.
  record In(Operand operand, List<Literal> values) implements Expr {
    public In {
      values = List.copyOf(values);
    }
  }

  /// SQL's LIKE over characters: `%` any run, `_` one character, backslash escapes.
  record Like(Operand operand, String pattern) implements Expr {}

  /// The operand has a value: always for a declared field, for a JSON path when it leads somewhere. Never
  /// unknown.
  record Exists(Operand operand) implements Expr {}

  enum Comparison {
    EQUAL,
    NOT_EQUAL,
    LESS,
    LESS_OR_EQUAL,
    GREATER,
    GREATER_OR_EQUAL
  }
}
