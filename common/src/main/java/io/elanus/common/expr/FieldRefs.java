package io.elanus.common.expr;

import java.util.SortedSet;
import java.util.TreeSet;

/// The fields a filter looks at.
public final class FieldRefs {
  private FieldRefs() {}

  /// Their ids.
  public static SortedSet<Long> of(Expr filter) {
    SortedSet<Long> fields = new TreeSet<>();
    collect(filter, fields);
    return fields;
  }

  private static void collect(Expr filter, SortedSet<Long> fields) {
    switch (filter) {
      case Expr.Constant _ -> {}
      case Expr.And and -> and.operands().forEach(operand -> collect(operand, fields));
      case Expr.Or or -> or.operands().forEach(operand -> collect(operand, fields));
      case Expr.Not not -> collect(not.operand(), fields);
      case Expr.Compare compare -> fields.add(field(compare.left()));
      case Expr.CompareOperands compare -> {
        fields.add(field(compare.left()));
        fields.add(field(compare.right()));
      }
      case Expr.In in -> fields.add(field(in.operand()));
      case Expr.Like like -> fields.add(field(like.operand()));
      case Expr.Exists exists -> fields.add(field(exists.operand()));
    }
  }

  private static long field(Operand operand) {
    return switch (operand) {
      case Operand.FieldRef ref -> ref.fieldId();
      case Operand.JsonPath path -> path.fieldId();
      case Operand.Arithmetic arithmetic -> field(arithmetic.left());
    };
  }
}
