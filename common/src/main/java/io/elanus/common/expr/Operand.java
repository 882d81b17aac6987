package io.elanus.common.expr;

import io.elanus.common.model.DataType;
import java.util.List;

/// Something a row has a value for.
public sealed interface Operand {
  /// A declared field.
  record FieldRef(long fieldId, DataType type) implements Operand {}

  /// A place inside a JSON field (a key of the dynamic field is a path of one step into `$meta`). The path
  /// is empty for the whole value.
  record JsonPath(long fieldId, List<Step> steps) implements Operand {
    public JsonPath {
      steps = List.copyOf(steps);
    }
  }

  /// Arithmetic between an operand and constants, evaluated in 64-bit integers when both sides are
  /// integers, else in doubles.
  record Arithmetic(Operand left, ArithmeticOp op, Literal right) implements Operand {}

  sealed interface Step {
    record Key(String name) implements Step {}

    record Index(int position) implements Step {}
  }

  enum ArithmeticOp {
    ADD,
    SUBTRACT,
    MULTIPLY,
    DIVIDE,
    MODULO
  }
}
