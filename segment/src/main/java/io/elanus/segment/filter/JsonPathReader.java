package io.elanus.segment.filter;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import io.elanus.common.expr.Literal;
import io.elanus.common.expr.Literal.BoolLiteral;
import io.elanus.common.expr.Literal.FloatLiteral;
import io.elanus.common.expr.Literal.IntLiteral;
import io.elanus.common.expr.Literal.ListLiteral;
import io.elanus.common.expr.Literal.TextLiteral;
import io.elanus.common.expr.Operand.Step;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// Finds the value at a path in JSON texts, reading no further than that. Of keys that occur twice
/// the first counts. A text that is no JSON has no values.
final class JsonPathReader {
  /// Values are bounded by the size of a row, so the reader's own limits would only make some
  /// unreadable.
  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxStringLength(Integer.MAX_VALUE)
                  .maxNumberLength(Integer.MAX_VALUE)
                  .build())
          .build();

  private final List<Step> steps;

  JsonPathReader(List<Step> steps) {
    this.steps = steps;
  }

  /// @param buffer holds the text in its first `length` bytes
  RowValue find(byte[] buffer, int length) {
    try (JsonParser parser = FACTORY.createParser(buffer, 0, length)) {
      parser.nextToken();
      for (Step step : steps) {
        if (!enter(parser, step)) {
          return RowValue.missing();
        }
      }
      return value(parser);
    } catch (IOException _) {
      return RowValue.missing();
    }
  }

  /// Goes from a value to the first token of one of its parts.
  private static boolean enter(JsonParser parser, Step step) throws IOException {
    return switch (step) {
      case Step.Key key ->
          parser.currentToken() == JsonToken.START_OBJECT && enterKey(parser, key.name());
      case Step.Index index ->
          parser.currentToken() == JsonToken.START_ARRAY && enterIndex(parser, index.position());
    };
  }

  private static boolean enterKey(JsonParser parser, String name) throws IOException {
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      boolean found = parser.currentName().equals(name);
      parser.nextToken();
      if (found) {
        return true;
      }
      parser.skipChildren();
    }
    return false;
  }

  private static boolean enterIndex(JsonParser parser, int position) throws IOException {
    for (int i = 0; parser.nextToken() != JsonToken.END_ARRAY; i++) {
      if (i == position) {
        return true;
      }
      parser.skipChildren();
    }
    return false;
  }

  private static RowValue value(JsonParser parser) throws IOException {
    JsonToken token = parser.currentToken();
    if (token == JsonToken.START_ARRAY) {
      return list(parser);
    }
    if (token == JsonToken.START_OBJECT) {
      return new RowValue.JsonObject();
    }
    return token == null || !token.isScalarValue() || token == JsonToken.VALUE_NULL
        ? RowValue.missing()
        : RowValue.of(scalar(parser, token));
  }

  private static Literal scalar(JsonParser parser, JsonToken token) throws IOException {
    if (token.isBoolean()) {
      return new BoolLiteral(token == JsonToken.VALUE_TRUE);
    }
    if (!token.isNumeric()) {
      return new TextLiteral(parser.getText());
    }
    return switch (parser.getNumberType()) {
      case INT, LONG -> new IntLiteral(parser.getLongValue());
      case BIG_INTEGER, FLOAT, DOUBLE, BIG_DECIMAL -> new FloatLiteral(parser.getDoubleValue());
    };
  }

  /// The parser stands at the start of an array. Arrays with null or objects in them equal no
  /// constant.
  private static RowValue list(JsonParser parser) throws IOException {
    List<Literal> values = new ArrayList<>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      if (!(value(parser) instanceof RowValue.Present present)) {
        return new RowValue.JsonObject();
      }
      values.add(present.value());
    }
    return RowValue.of(new ListLiteral(values));
  }
}
