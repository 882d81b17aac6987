package io.elanus.proxy.schema;

import io.elanus.proto.milvus.DataType;
import io.elanus.proto.milvus.FieldSchema;
import io.elanus.proto.milvus.ValueField;
import io.elanus.proxy.Invalid;
import io.elanus.proxy.value.ZonedTimes;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;

/// The rules of a default value: of the field's type, and a value the field could have.
final class DefaultCheck {
  private DefaultCheck() {}

  static void check(FieldSchema field) {
    if (!field.hasDefaultValue()) {
      return;
    }
    if (field.getIsPrimaryKey()) {
      throw Invalid.parameter("primary field not support default_value");
    }
    ValueField value = field.getDefaultValue();
    switch (field.getDataType()) {
      case Bool -> requireType(value.hasBoolData(), "DataType_Bool");
      case Int8 -> requireInt(value, Byte.MIN_VALUE, Byte.MAX_VALUE);
      case Int16 -> requireInt(value, Short.MIN_VALUE, Short.MAX_VALUE);
      case Int32 -> requireType(value.hasIntData(), "DataType_Int");
      case Int64 -> requireType(value.hasLongData(), "DataType_Int64");
      case Float -> {
        requireType(value.hasFloatData(), "DataType_Float");
        requireFinite(value.getFloatData());
      }
      case Double -> {
        requireType(value.hasDoubleData(), "DataType_Double");
        requireFinite(value.getDoubleData());
      }
      case VarChar -> requireText(field, value);
      case Timestamptz ->
          requireType(value.hasStringData() || value.hasTimestamptzData(), "DataType_Timestamptz");
      default ->
          throw Invalid.parameter(
              "type not support default_value, type:%s, name:%s",
              name(field.getDataType()), field.getName());
    }
  }

  /// As the catalog keeps it: times in microseconds.
  static ValueField normalize(FieldSchema field) {
    ValueField value = field.getDefaultValue();
    return field.getDataType() == DataType.Timestamptz && value.hasStringData()
        ? ValueField.newBuilder()
            .setTimestamptzData(ZonedTimes.parse(value.getStringData(), ZoneOffset.UTC))
            .build()
        : value;
  }

  private static String name(DataType type) {
    return type.name();
  }

  private static void requireType(boolean matches, String expected) {
    if (!matches) {
      throw Invalid.mismatch(
          expected, "not match", "default value type mismatches field schema type");
    }
  }

  private static void requireInt(ValueField value, int min, int max) {
    requireType(value.hasIntData(), "DataType_Int");
    if (value.getIntData() < min || value.getIntData() > max) {
      throw Invalid.mismatch(
          "[%d, %d]".formatted(min, max), value.getIntData(), "default value out of range");
    }
  }

  private static void requireFinite(double value) {
    if (!Double.isFinite(value)) {
      throw Invalid.parameter("value '%s' is not a number or infinity", value);
    }
  }

  private static void requireText(FieldSchema field, ValueField value) {
    requireType(value.hasStringData(), "DataType_VarChar");
    long max =
        FieldCheck.param(field, "max_length")
            .map(text -> FieldCheck.number(field, "max_length", text))
            .orElse(Long.MAX_VALUE);
    int bytes = value.getStringData().getBytes(StandardCharsets.UTF_8).length;
    if (bytes > max) {
      throw Invalid.mismatch(
          "valid length string",
          "string length exceeds max length",
          "the length (%d) of string exceeds max length (%d)".formatted(bytes, max));
    }
  }
}
