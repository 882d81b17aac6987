package io.elanus.proxy.write;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/// JSON texts as far as a write looks at them.
final class JsonText {
  private static final JsonFactory FACTORY = new JsonFactory();

  private JsonText() {}

  /// Exactly one JSON value.
  static boolean isValid(byte[] text) {
    try (JsonParser parser = FACTORY.createParser(text)) {
      if (parser.nextToken() == null) {
        return false;
      }
      parser.skipChildren();
      return parser.nextToken() == null;
    } catch (IOException _) {
      return false;
    }
  }

  /// The keys of both objects, with the values of `newer` where both have one.
  ///
  /// @throws IllegalArgumentException when one is no object
  static byte[] joined(byte[] older, byte[] newer) {
    Set<String> replaced = keys(newer).orElseThrow(IllegalArgumentException::new);
    ByteArrayOutputStream out = new ByteArrayOutputStream(older.length + newer.length);
    try (JsonGenerator generator = FACTORY.createGenerator(out)) {
      generator.writeStartObject();
      copy(older, generator, key -> !replaced.contains(key));
      copy(newer, generator, _ -> true);
      generator.writeEndObject();
    } catch (IOException e) {
      throw new IllegalArgumentException(e);
    }
    return out.toByteArray();
  }

  private static void copy(byte[] object, JsonGenerator target, Predicate<String> wanted)
      throws IOException {
    try (JsonParser parser = FACTORY.createParser(object)) {
      parser.nextToken();
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        boolean copied = wanted.test(parser.currentName());
        if (copied) {
          target.copyCurrentStructureExact(parser);
        } else {
          parser.nextToken();
          parser.skipChildren();
        }
      }
    }
  }

  /// The keys of an object; empty when the text is something else.
  static Optional<Set<String>> keys(byte[] text) {
    try (JsonParser parser = FACTORY.createParser(text)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        return Optional.empty();
      }
      Set<String> keys = new LinkedHashSet<>();
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        keys.add(parser.currentName());
        parser.nextToken();
        parser.skipChildren();
      }
      return parser.nextToken() == null ? Optional.of(keys) : Optional.empty();
    } catch (IOException _) {
      return Optional.empty();
    }
  }
}
