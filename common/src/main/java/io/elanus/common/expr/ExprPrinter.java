package io.elanus.common.expr;

import io.elanus.common.expr.Expr.Comparison;
import io.elanus.common.expr.Literal.BoolLiteral;
import io.elanus.common.expr.Literal.FloatLiteral;
import io.elanus.common.expr.Literal.IntLiteral;
import io.elanus.common.expr.Literal.ListLiteral;
import io.elanus.common.expr.Literal.TextLiteral;
import io.elanus.common.expr.Operand.Arithmetic;
import io.elanus.common.expr.Operand.ArithmeticOp;
import io.elanus.common.expr.Operand.FieldRef;
import io.elanus.common.expr.Operand.JsonPath;
import io.elanus.common.expr.Operand.Step;
import io.elanus.common.model.CollectionSchema;
import io.elanus.common.model.Field;
import java.util.List;
import java.util.stream.Collectors;

/// Shows a checked filter as text: with a schema in the filter language, so that it parses to the
/// same tree again; without one with `#101` for field 101.
public final class ExprPrinter {
  private final List<Field> fields;

  private ExprPrinter(List<Field> fields) {
    this.fields = fields;
  }

  public static String print(Expr expr, CollectionSchema schema) {
    return new ExprPrinter(schema.fields()).text(expr);
  }

  public static String print(Expr expr) {
    return new ExprPrinter(List.of()).text(expr);
  }

  private String text(Expr expr) {
    return switch (expr) {
      case Expr.Constant constant -> Boolean.toString(constant.value());
      case Expr.And and -> join(and.operands(), " and ");
      case Expr.Or or -> join(or.operands(), " or ");
      case Expr.Not not -> "not (%s)".formatted(text(not.operand()));
      case Expr.Compare c -> text(c.left()) + sign(c.comparison()) + text(c.right());
      case Expr.CompareOperands c -> text(c.left()) + sign(c.comparison()) + text(c.right());
      case Expr.In in -> text(in.operand()) + " in " + list(in.values());
      case Expr.Like like -> text(like.operand()) + " like " + quote(like.pattern());
      case Expr.Exists exists -> exists(exists.operand());
    };
  }

  private String join(List<Expr> operands, String separator) {
    return operands.stream()
        .map(operand -> isJoined(operand) ? "(" + text(operand) + ")" : text(operand))
        .collect(Collectors.joining(separator));
  }

  private static boolean isJoined(Expr expr) {
    return expr instanceof Expr.And || expr instanceof Expr.Or;
  }

  private String exists(Operand operand) {
    boolean key = operand instanceof JsonPath path && !path.steps().isEmpty();
    return key ? "exists " + text(operand) : text(operand) + " is not null";
  }

  private String text(Operand operand) {
    return switch (operand) {
      case FieldRef field -> name(field.fieldId());
      case JsonPath path ->
          name(path.fieldId())
              + path.steps().stream().map(ExprPrinter::text).collect(Collectors.joining());
      case Arithmetic a -> "(" + text(a.left()) + sign(a.op()) + text(a.right()) + ")";
    };
  }

  private String name(long fieldId) {
    return fields.stream()
        .filter(field -> field.id() == fieldId)
        .map(Field::name)
        .findFirst()
        .orElse("#" + fieldId);
  }

  private static String text(Step step) {
    return switch (step) {
      case Step.Key key -> "[" + quote(key.name()) + "]";
      case Step.Index index -> "[" + index.position() + "]";
    };
  }

  private static String text(Literal literal) {
    return switch (literal) {
      case BoolLiteral l -> Boolean.toString(l.value());
      case IntLiteral l -> Long.toString(l.value());
      case FloatLiteral l -> Double.toString(l.value());
      case TextLiteral l -> quote(l.value());
      case ListLiteral l -> list(l.values());
    };
  }

  private static String list(List<Literal> values) {
    return values.stream().map(ExprPrinter::text).collect(Collectors.joining(", ", "[", "]"));
  }

  private static String quote(String value) {
    return "\"" + value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + "\"";
  }

  private static String sign(Comparison comparison) {
    return switch (comparison) {
      case EQUAL -> " == ";
      case NOT_EQUAL -> " != ";
      case LESS -> " < ";
      case LESS_OR_EQUAL -> " <= ";
      case GREATER -> " > ";
      case GREATER_OR_EQUAL -> " >= ";
    };
  }

  private static String sign(ArithmeticOp op) {
    return switch (op) {
      case ADD -> " + ";
      case SUBTRACT -> " - ";
      case MULTIPLY -> " * ";
      case DIVIDE -> " / ";
      case MODULO -> " % ";
    };
  }
}
