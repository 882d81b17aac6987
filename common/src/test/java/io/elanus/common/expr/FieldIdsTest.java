package io.elanus.common.expr;

import static org.assertj.core.api.Assertions.assertThat;

import io.elanus.common.expr.Expr.Comparison;
import io.elanus.common.expr.Literal.IntLiteral;
import io.elanus.common.expr.Operand.ArithmeticOp;
import io.elanus.common.model.DataType;
import java.util.List;
import org.junit.jupiter.api.Test;

class FieldIdsTest {
  @Test
  void everyFieldThatIsLookedAtIsNamedOnce() {
    Operand one = new Operand.FieldRef(101, DataType.INT64);
    Operand two = new Operand.FieldRef(102, DataType.INT64);
    Operand path = new Operand.JsonPath(103, List.of(new Operand.Step.Key("a")));
    Operand sum = new Operand.Arithmetic(two, ArithmeticOp.ADD, new IntLiteral(1));
    Operand text = new Operand.FieldRef(104, DataType.VARCHAR);
    Expr filter =
        new Expr.And(
            List.of(
                new Expr.Compare(one, Comparison.LESS, new IntLiteral(5)),
                new Expr.Or(
                    List.of(
                        new Expr.Not(new Expr.Exists(path)),
                        new Expr.CompareOperands(one, Comparison.EQUAL, sum))),
                new Expr.In(one, List.of(new IntLiteral(1))),
                new Expr.Like(text, "a%")));

    assertThat(FieldIds.of(filter)).containsExactly(101L, 102L, 103L, 104L);
    assertThat(FieldIds.of(Expr.ALWAYS)).isEmpty();
  }
}
