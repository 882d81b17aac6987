package io.elanus.rpc.codec;

import io.elanus.common.error.ErrorCode;
import io.elanus.common.expr.Expr;
import io.elanus.common.expr.Expr.And;
import io.elanus.common.expr.Expr.Compare;
import io.elanus.common.expr.Expr.CompareOperands;
import io.elanus.common.expr.Expr.Comparison;
import io.elanus.common.expr.Expr.Constant;
import io.elanus.common.expr.Expr.Exists;
import io.elanus.common.expr.Expr.In;
import io.elanus.common.expr.Expr.Like;
import io.elanus.common.expr.Expr.Not;
import io.elanus.common.expr.Expr.Or;
import io.elanus.proto.internal.CompareNode;
import io.elanus.proto.internal.CompareOperandsNode;
import io.elanus.proto.internal.ComparisonOp;
import io.elanus.proto.internal.ExprList;
import io.elanus.proto.internal.ExprNode;
import io.elanus.proto.internal.InNode;
import io.elanus.proto.internal.LikeNode;
import java.util.List;

/// Checked filters on their way from the proxy to the nodes.
public final class ExprCodec {
  private ExprCodec() {}

  public static ExprNode encode(Expr expr) {
    ExprNode.Builder node = ExprNode.newBuilder();
    switch (expr) {
      case Constant(boolean value) -> node.setConstant(value);
      case And(List<Expr> operands) -> node.setAnd(encode(operands));
      case Or(List<Expr> operands) -> node.setOr(encode(operands));
      case Not(Expr operand) -> node.setNot(encode(operand));
      case Compare compare -> node.setCompare(encode(compare));
      case CompareOperands compare -> node.setCompareOperands(encode(compare));
      case In in -> node.setIn(encode(in));
      case Like(var operand, String pattern) ->
          node.setLike(
              LikeNode.newBuilder().setOperand(OperandCodec.encode(operand)).setPattern(pattern));
      case Exists(var operand) -> node.setExists(OperandCodec.encode(operand));
    }
    return node.build();
  }

  private static ExprList encode(List<Expr> operands) {
    ExprList.Builder list = ExprList.newBuilder();
    operands.forEach(operand -> list.addOperands(encode(operand)));
    return list.build();
  }

  private static CompareNode encode(Compare compare) {
    return CompareNode.newBuilder()
        .setLeft(OperandCodec.encode(compare.left()))
        .setComparison(encode(compare.comparison()))
        .setRight(OperandCodec.encode(compare.right()))
        .build();
  }

  private static CompareOperandsNode encode(CompareOperands compare) {
    return CompareOperandsNode.newBuilder()
        .setLeft(OperandCodec.encode(compare.left()))
        .setComparison(encode(compare.comparison()))
        .setRight(OperandCodec.encode(compare.right()))
        .build();
  }

  private static InNode encode(In in) {
    InNode.Builder node = InNode.newBuilder().setOperand(OperandCodec.encode(in.operand()));
    in.values().forEach(value -> node.addValues(OperandCodec.encode(value)));
    return node.build();
  }

  private static ComparisonOp encode(Comparison comparison) {
    return switch (comparison) {
      case EQUAL -> ComparisonOp.EQUAL;
      case NOT_EQUAL -> ComparisonOp.NOT_EQUAL;
      case LESS -> ComparisonOp.LESS;
      case LESS_OR_EQUAL -> ComparisonOp.LESS_OR_EQUAL;
      case GREATER -> ComparisonOp.GREATER;
      case GREATER_OR_EQUAL -> ComparisonOp.GREATER_OR_EQUAL;
    };
  }

  /// @throws io.elanus.common.error.DbException `UNIMPLEMENTED` for a node of a newer proxy
  public static Expr decode(ExprNode node) {
    return switch (node.getNodeCase()) {
      case CONSTANT -> new Constant(node.getConstant());
      case AND -> new And(decode(node.getAnd()));
      case OR -> new Or(decode(node.getOr()));
      case NOT -> new Not(decode(node.getNot()));
      case COMPARE -> decode(node.getCompare());
      case COMPARE_OPERANDS -> decode(node.getCompareOperands());
      case IN -> decode(node.getIn());
      case LIKE ->
          new Like(OperandCodec.decode(node.getLike().getOperand()), node.getLike().getPattern());
      case EXISTS -> new Exists(OperandCodec.decode(node.getExists()));
      case NODE_NOT_SET -> throw ErrorCode.UNIMPLEMENTED.because("filter node of an unknown kind");
    };
  }

  private static List<Expr> decode(ExprList list) {
    return list.getOperandsList().stream().map(ExprCodec::decode).toList();
  }

  private static Compare decode(CompareNode node) {
    return new Compare(
        OperandCodec.decode(node.getLeft()),
        decode(node.getComparison()),
        OperandCodec.decode(node.getRight()));
  }

  private static CompareOperands decode(CompareOperandsNode node) {
    return new CompareOperands(
        OperandCodec.decode(node.getLeft()),
        decode(node.getComparison()),
        OperandCodec.decode(node.getRight()));
  }

  private static In decode(InNode node) {
    return new In(
        OperandCodec.decode(node.getOperand()),
        node.getValuesList().stream().map(OperandCodec::decode).toList());
  }

  private static Comparison decode(ComparisonOp op) {
    return switch (op) {
      case EQUAL -> Comparison.EQUAL;
      case NOT_EQUAL -> Comparison.NOT_EQUAL;
      case LESS -> Comparison.LESS;
      case LESS_OR_EQUAL -> Comparison.LESS_OR_EQUAL;
      case GREATER -> Comparison.GREATER;
      case GREATER_OR_EQUAL -> Comparison.GREATER_OR_EQUAL;
      case UNRECOGNIZED ->
          throw ErrorCode.UNIMPLEMENTED.because("comparison of an unknown kind in a filter");
    };
  }
}
