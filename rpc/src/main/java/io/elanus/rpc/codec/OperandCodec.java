package io.elanus.rpc.codec;

import io.elanus.common.error.ErrorCode;
import io.elanus.common.expr.Literal;
import io.elanus.common.expr.Literal.BoolLiteral;
import io.elanus.common.expr.Literal.FloatLiteral;
import io.elanus.common.expr.Literal.IntLiteral;
import io.elanus.common.expr.Literal.ListLiteral;
import io.elanus.common.expr.Literal.TextLiteral;
import io.elanus.common.expr.Operand;
import io.elanus.common.expr.Operand.Arithmetic;
import io.elanus.common.expr.Operand.ArithmeticOp;
import io.elanus.common.expr.Operand.FieldRef;
import io.elanus.common.expr.Operand.JsonPath;
import io.elanus.common.expr.Operand.Step;
import io.elanus.common.model.DataType;
import io.elanus.proto.internal.ArithmeticNode;
import io.elanus.proto.internal.ArithmeticOperator;
import io.elanus.proto.internal.FieldNode;
import io.elanus.proto.internal.JsonPathNode;
import io.elanus.proto.internal.LiteralList;
import io.elanus.proto.internal.LiteralNode;
import io.elanus.proto.internal.OperandNode;
import io.elanus.proto.internal.PathStep;
import java.util.List;

/// The leaves of a filter: operands and constants.
final class OperandCodec {
  private OperandCodec() {}

  static OperandNode encode(Operand operand) {
    OperandNode.Builder node = OperandNode.newBuilder();
    switch (operand) {
      case FieldRef(long fieldId, DataType type) ->
          node.setField(FieldNode.newBuilder().setFieldId(fieldId).setDataType(type.number()));
      case JsonPath(long fieldId, List<Step> steps) ->
          node.setJsonPath(
              JsonPathNode.newBuilder()
                  .setFieldId(fieldId)
                  .addAllSteps(steps.stream().map(OperandCodec::encode).toList()));
      case Arithmetic(Operand left, ArithmeticOp op, Literal right) ->
          node.setArithmetic(
              ArithmeticNode.newBuilder()
                  .setLeft(encode(left))
                  .setOp(encode(op))
                  .setRight(encode(right)));
    }
    return node.build();
  }

  private static PathStep encode(Step step) {
    return switch (step) {
      case Step.Key(String name) -> PathStep.newBuilder().setKey(name).build();
      case Step.Index(int position) -> PathStep.newBuilder().setIndex(position).build();
    };
  }

  private static ArithmeticOperator encode(ArithmeticOp op) {
    return switch (op) {
      case ADD -> ArithmeticOperator.ADD;
      case SUBTRACT -> ArithmeticOperator.SUBTRACT;
      case MULTIPLY -> ArithmeticOperator.MULTIPLY;
      case DIVIDE -> ArithmeticOperator.DIVIDE;
      case MODULO -> ArithmeticOperator.MODULO;
    };
  }

  static LiteralNode encode(Literal literal) {
    LiteralNode.Builder node = LiteralNode.newBuilder();
    switch (literal) {
      case BoolLiteral(boolean value) -> node.setBoolValue(value);
      case IntLiteral(long value) -> node.setIntValue(value);
      case FloatLiteral(double value) -> node.setFloatValue(value);
      case TextLiteral(String value) -> node.setTextValue(value);
      case ListLiteral(List<Literal> values) ->
          node.setListValue(
              LiteralList.newBuilder()
                  .addAllValues(values.stream().map(OperandCodec::encode).toList()));
    }
    return node.build();
  }

  static Operand decode(OperandNode node) {
    return switch (node.getOperandCase()) {
      case FIELD -> decode(node.getField());
      case JSON_PATH -> decode(node.getJsonPath());
      case ARITHMETIC -> decode(node.getArithmetic());
      case OPERAND_NOT_SET -> throw unknown("operand");
    };
  }

  private static FieldRef decode(FieldNode node) {
    DataType type = DataType.ofNumber(node.getDataType()).orElseThrow(() -> unknown("data type"));
    return new FieldRef(node.getFieldId(), type);
  }

  private static JsonPath decode(JsonPathNode node) {
    return new JsonPath(
        node.getFieldId(), node.getStepsList().stream().map(OperandCodec::decode).toList());
  }

  private static Step decode(PathStep step) {
    return switch (step.getStepCase()) {
      case KEY -> new Step.Key(step.getKey());
      case INDEX -> new Step.Index(step.getIndex());
      case STEP_NOT_SET -> throw unknown("path step");
    };
  }

  private static Arithmetic decode(ArithmeticNode node) {
    return new Arithmetic(decode(node.getLeft()), decode(node.getOp()), decode(node.getRight()));
  }

  private static ArithmeticOp decode(ArithmeticOperator op) {
    return switch (op) {
      case ADD -> ArithmeticOp.ADD;
      case SUBTRACT -> ArithmeticOp.SUBTRACT;
      case MULTIPLY -> ArithmeticOp.MULTIPLY;
      case DIVIDE -> ArithmeticOp.DIVIDE;
      case MODULO -> ArithmeticOp.MODULO;
      case UNRECOGNIZED -> throw unknown("operator");
    };
  }

  static Literal decode(LiteralNode node) {
    return switch (node.getLiteralCase()) {
      case BOOL_VALUE -> new BoolLiteral(node.getBoolValue());
      case INT_VALUE -> new IntLiteral(node.getIntValue());
      case FLOAT_VALUE -> new FloatLiteral(node.getFloatValue());
      case TEXT_VALUE -> new TextLiteral(node.getTextValue());
      case LIST_VALUE ->
          new ListLiteral(
              node.getListValue().getValuesList().stream().map(OperandCodec::decode).toList());
      case LITERAL_NOT_SET -> throw unknown("constant");
    };
  }

  private static RuntimeException unknown(String what) {
    return ErrorCode.UNIMPLEMENTED.because("%s of an unknown kind in a filter", what);
  }
}
