package io.elanus.proxy.read;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.elanus.common.expr.Literal;
import io.elanus.common.expr.Literal.BoolLiteral;
import io.elanus.common.expr.Literal.FloatLiteral;
import io.elanus.common.expr.Literal.IntLiteral;
import io.elanus.common.expr.Literal.ListLiteral;
import io.elanus.common.expr.Literal.TextLiteral;
import io.elanus.proto.milvus.TemplateArrayValue;
import io.elanus.proto.milvus.TemplateValue;
import io.elanus.proxy.Invalid;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// Values for the `{name}`s of a filter.
public final class Templates {
  private Templates() {}

  public static Map<String, Literal> decode(Map<String, TemplateValue> values) {
    Map<String, Literal> literals = new HashMap<>();
    values.forEach((name, value) -> literals.put(name, decode(name, value)));
    return literals;
  }

  private static Literal decode(String name, TemplateValue value) {
    return switch (value.getValCase()) {
      case BOOL_VAL -> new BoolLiteral(value.getBoolVal());
      case INT64_VAL -> new IntLiteral(value.getInt64Val());
      case FLOAT_VAL -> new FloatLiteral(value.getFloatVal());
      case STRING_VAL -> new TextLiteral(value.getStringVal());
      case ARRAY_VAL -> list(name, value.getArrayVal());
      case VAL_NOT_SET ->
          throw Invalid.parameter("expression template variable %s has no value", name);
    };
  }

  private static Literal list(String name, TemplateArrayValue array) {
    Stream<Literal> values =
        switch (array.getDataCase()) {
          case BOOL_DATA -> array.getBoolData().getDataList().stream().map(BoolLiteral::new);
          case LONG_DATA -> array.getLongData().getDataList().stream().map(IntLiteral::new);
          case DOUBLE_DATA -> array.getDoubleData().getDataList().stream().map(FloatLiteral::new);
          case STRING_DATA -> array.getStringData().getDataList().stream().map(TextLiteral::new);
          case ARRAY_DATA ->
              array.getArrayData().getDataList().stream().map(inner -> list(name, inner));
          case JSON_DATA ->
              array.getJsonData().getDataList().stream()
                  .map(bytes -> JsonLiterals.parse(name, bytes.toString(UTF_8)));
          case DATA_NOT_SET -> Stream.of();
        };
    return new ListLiteral(List.copyOf(values.toList()));
  }
}
