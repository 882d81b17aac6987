package io.elanus.common.expr;

import static org.assertj.core.api.Assertions.assertThat;

import io.elanus.common.expr.Expr.Comparison;
import io.elanus.common.expr.Operand.ArithmeticOp;
import io.elanus.common.model.DataType;
import java.util.List;
import org.junit.jupiter.api.Test;

class FieldRefsTest {
  private static Operand field(long id) {
    return new Operand.FieldRef(id, DataType.INT64);
  }

  @Test
  void everyFieldIsFoundOnce() {
    Literal one = new Literal.IntLiteral(1);
    Expr filter =
        new Expr.And(
            List.of(
                new Expr.Compare(
                    new Operand.Arithmetic(field(1), ArithmeticOp.ADD, one), Comparison.EQUAL, one),
                new Expr.Or(
                    List.of(
                        new Expr.Not(new Expr.In(field(2), List.of(one))),
                        new Expr.Like(field(3), "a%"))),
                new Expr.CompareOperands(field(1), Comparison.LESS, field(4)),
                new Expr.Exists(new Operand.JsonPath(5, List.of())),
                Expr.ALWAYS));

    assertThat(FieldRefs.of(filter)).containsExactly(1L, 2L, 3L, 4L, 5L);
  }
}
