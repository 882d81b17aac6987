package io.elanus.rpc.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.elanus.common.error.DbException;
import io.elanus.common.expr.Expr;
import io.elanus.common.expr.Literal;
import io.elanus.common.expr.Operand;
import io.elanus.common.model.DataType;
import io.elanus.proto.internal.ExprNode;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class ExprCodecTest {
  private static final Operand AGE = new Operand.FieldRef(101, DataType.INT64);
  private static final Operand COLOR =
      new Operand.JsonPath(104, List.of(new Operand.Step.Key("color"), new Operand.Step.Index(2)));

  static List<Expr> filters() {
    Expr red = new Expr.Compare(COLOR, Expr.Comparison.EQUAL, new Literal.TextLiteral("red"));
    Expr even =
        new Expr.Compare(
            new Operand.Arithmetic(AGE, Operand.ArithmeticOp.MODULO, new Literal.IntLiteral(2)),
            Expr.Comparison.EQUAL,
            new Literal.IntLiteral(0));
    return List.of(
        Expr.ALWAYS,
        Expr.NEVER,
        new Expr.Not(red),
        new Expr.And(List.of(red, even)),
        new Expr.Or(List.of(red, new Expr.Exists(COLOR), even)),
        new Expr.CompareOperands(AGE, Expr.Comparison.LESS, AGE),
        new Expr.Like(COLOR, "r%d"),
        new Expr.In(
            COLOR,
            List.of(
                new Literal.BoolLiteral(true),
                new Literal.FloatLiteral(0.5),
                new Literal.ListLiteral(List.of(new Literal.IntLiteral(3))))));
  }

  @ParameterizedTest
  @MethodSource("filters")
  void whatIsEncodedComesBack(Expr filter) {
    assertThat(ExprCodec.decode(ExprCodec.encode(filter))).isEqualTo(filter);
  }

  @ParameterizedTest
  @EnumSource
  void everyComparisonComesBack(Expr.Comparison comparison) {
    Expr filter = new Expr.Compare(AGE, comparison, new Literal.IntLiteral(Long.MIN_VALUE));

    assertThat(ExprCodec.decode(ExprCodec.encode(filter))).isEqualTo(filter);
  }

  @ParameterizedTest
  @EnumSource
  void everyOperatorComesBack(Operand.ArithmeticOp op) {
    Operand sum = new Operand.Arithmetic(AGE, op, new Literal.FloatLiteral(1.5));
    Expr filter = new Expr.Compare(sum, Expr.Comparison.LESS, new Literal.IntLiteral(0));

    assertThat(ExprCodec.decode(ExprCodec.encode(filter))).isEqualTo(filter);
  }

  @Test
  void aNodeOfANewerProxyIsRefusedNotSkipped() {
    assertThatThrownBy(() -> ExprCodec.decode(ExprNode.getDefaultInstance()))
        .isInstanceOf(DbException.class)
        .hasMessageContaining("unknown kind");
  }
}
