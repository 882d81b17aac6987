package io.elanus.proxy.read;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.elanus.common.expr.Literal;
import io.elanus.common.expr.Literal.BoolLiteral;
import io.elanus.common.expr.Literal.FloatLiteral;
import io.elanus.common.expr.Literal.IntLiteral;
import io.elanus.common.expr.Literal.ListLiteral;
import io.elanus.common.expr.Literal.TextLiteral;
import io.elanus.proxy.Invalid;
import java.util.stream.StreamSupport;

/// Template values that come as JSON: lists of mixed types do.
final class JsonLiterals {
  private static final JsonMapper MAPPER = new JsonMapper();

  private JsonLiterals() {}

  static Literal parse(String name, String json) {
    try {
      return literal(name, MAPPER.readTree(json));
    } catch (JsonProcessingException _) {
      throw Invalid.parameter("expression template variable %s is not JSON: %s", name, json);
    }
  }

  private static Literal literal(String name, JsonNode node) {
    return switch (node.getNodeType()) {
      case BOOLEAN -> new BoolLiteral(node.booleanValue());
      case STRING -> new TextLiteral(node.textValue());
      case NUMBER ->
          node.canConvertToLong() && node.isIntegralNumber()
              ? new IntLiteral(node.longValue())
              : new FloatLiteral(node.doubleValue());
      case ARRAY ->
          new ListLiteral(
              StreamSupport.stream(node.spliterator(), false)
                  .map(element -> literal(name, element))
                  .toList());
      case OBJECT, NULL, MISSING, BINARY, POJO ->
          throw Invalid.parameter(
              "expression template variable %s has an unsupported value: %s", name, node);
    };
  }
}
