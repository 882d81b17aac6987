package io.elanus.segment.filter;

import io.elanus.common.expr.Expr;
import io.elanus.common.expr.Operand;
import io.elanus.common.expr.Operand.FieldRef;
import io.elanus.segment.column.ColumnView;
import io.elanus.segment.column.KeyView;
import io.elanus.segment.column.RowBits;
import io.elanus.segment.column.RowBlock;
import java.util.List;

/// Evaluates a filter over the rows of one block.
///
/// Each node gives two sets of rows, those for which it is true and those for which it is unknown.
/// A node is asked about some rows only (those the nodes before it have not decided); what it says
/// about others means nothing and is masked by whoever asked.
public final class FilterEvaluator {
  private final RowBlock block;

  private FilterEvaluator(RowBlock block) {
    this.block = block;
  }

  /// The rows of `candidates` for which `filter` is true.
  ///
  /// @param candidates as in [RowBits]; not changed
  /// @return a new array
  public static long[] matching(Expr filter, RowBlock block, long[] candidates) {
    long[] yes = new FilterEvaluator(block).evaluate(filter, candidates).yes().clone();
    RowBits.retain(yes, candidates);
    return yes;
  }

  private TernaryBits evaluate(Expr expr, long[] asked) {
    return switch (expr) {
      case Expr.Constant constant -> TernaryBits.constant(block.rowCount(), constant.value());
      case Expr.And and -> and(and.operands(), asked);
      case Expr.Or or -> or(or.operands(), asked);
      case Expr.Not not -> evaluate(not.operand(), asked).not();
      case Expr.Compare compare -> compare(compare, asked);
      case Expr.CompareOperands compare -> compareOperands(compare, asked);
      case Expr.In in -> in(in, asked);
      case Expr.Like like -> like(like, asked);
      case Expr.Exists exists -> exists(exists.operand(), asked);
    };
  }

  private TernaryBits and(List<Expr> operands, long[] asked) {
    TernaryBits result = TernaryBits.constant(block.rowCount(), true);
    long[] open = asked;
    for (Expr operand : operands) {
      result = result.and(evaluate(operand, open));
      open = result.notFalse(asked);
    }
    return result;
  }

  private TernaryBits or(List<Expr> operands, long[] asked) {
    TernaryBits result = TernaryBits.constant(block.rowCount(), false);
    long[] open = asked;
    for (Expr operand : operands) {
      result = result.or(evaluate(operand, open));
      open = result.notTrue(asked);
    }
    return result;
  }

  private TernaryBits compare(Expr.Compare compare, long[] asked) {
    if (compare.left() instanceof FieldRef field) {
      ColumnView column = block.column(field.fieldId());
      if (block.sortedByKey() && column.equals(block.keys())) {
        return SortedKeys.compare((KeyView) column, compare.comparison(), compare.right());
      }
      return ColumnScan.compare(column, compare.comparison(), compare.right(), asked);
    }
    OperandValues values = OperandValues.of(compare.left(), block);
    return TernaryBits.test(
        block.rowCount(), asked, row -> values.at(row).test(compare.comparison(), compare.right()));
  }

  private TernaryBits compareOperands(Expr.CompareOperands compare, long[] asked) {
    OperandValues left = OperandValues.of(compare.left(), block);
    OperandValues right = OperandValues.of(compare.right(), block);
    return TernaryBits.test(
        block.rowCount(), asked, row -> left.at(row).test(compare.comparison(), right.at(row)));
  }

  private TernaryBits in(Expr.In in, long[] asked) {
    if (in.operand() instanceof FieldRef field) {
      ColumnView column = block.column(field.fieldId());
      if (block.sortedByKey() && column.equals(block.keys())) {
        return SortedKeys.in((KeyView) column, in.values());
      }
    }
    LiteralSet set = LiteralSet.of(in.values());
    OperandValues values = OperandValues.of(in.operand(), block);
    return TernaryBits.test(block.rowCount(), asked, row -> set.contains(values.at(row)));
  }

  private TernaryBits like(Expr.Like like, long[] asked) {
    LikePattern pattern = LikePattern.of(like.pattern());
    OperandValues values = OperandValues.of(like.operand(), block);
    if (values instanceof OperandValues.OfTexts texts) {
      return ColumnScan.like(texts.view().bytes(), pattern, asked);
    }
    return TernaryBits.test(block.rowCount(), asked, row -> values.at(row).test(pattern::matches));
  }

  private TernaryBits exists(Operand operand, long[] asked) {
    if (operand instanceof FieldRef field) {
      return block.column(field.fieldId()) instanceof ColumnView.Nullables nullables
          ? TernaryBits.known(nullables.validity().words())
          : TernaryBits.constant(block.rowCount(), true);
    }
    OperandValues values = OperandValues.of(operand, block);
    return TernaryBits.test(
        block.rowCount(),
        asked,
        row -> values.at(row) instanceof RowValue.Missing ? Truth.FALSE : Truth.TRUE);
  }
}
