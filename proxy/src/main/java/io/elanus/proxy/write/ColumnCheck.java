package io.elanus.proxy.write;

import io.elanus.common.model.Column;
import io.elanus.common.model.Column.BoolColumn;
import io.elanus.common.model.Column.DoubleColumn;
import io.elanus.common.model.Column.FloatVectorColumn;
import io.elanus.common.model.Column.Int64Column;
import io.elanus.common.model.Column.JsonColumn;
import io.elanus.common.model.Column.VarCharColumn;
import io.elanus.common.model.Field;
import io.elanus.proxy.Invalid;

/// The rules values keep, by type of column.
final class ColumnCheck {
  static final int MAX_JSON_BYTES = 65_536;

  private ColumnCheck() {}

  static void check(Field field, Column column) {
    switch (column) {
      case VarCharColumn(String[] values) -> checkLengths(field, values);
      case JsonColumn(byte[][] values) -> checkJson(field, values);
      case DoubleColumn(double[] values) -> checkFinite(values);
      case FloatVectorColumn(float[] values, _) -> checkFinite(values);
      case BoolColumn _, Int64Column _ -> {}
    }
  }

  private static void checkLengths(Field field, String[] values) {
    int max = field.maxLength();
    for (int row = 0; row < values.length; row++) {
      int bytes = Utf8Length.of(values[row]);
      if (bytes > max) {
        throw Invalid.parameter(
            "length of varchar field %s exceeds max length, row number: %d, length: %d,"
                + " max length: %d",
            field.name(), row, bytes, max);
      }
    }
  }

  private static void checkJson(Field field, byte[][] values) {
    for (int row = 0; row < values.length; row++) {
      checkJsonLength(field, values[row].length);
      if (!JsonText.isValid(values[row])) {
        throw Invalid.parameter("invalid json data of field %s, row number: %d", field.name(), row);
      }
    }
  }

  private static void checkJsonLength(Field field, int length) {
    if (length > MAX_JSON_BYTES) {
      throw field.dynamic()
          ? Invalid.mismatch(
              "valid length dynamic field",
              "length exceeds max length",
              "the length (%d) of dynamic field exceeds max length (%d)"
                  .formatted(length, MAX_JSON_BYTES))
          : Invalid.mismatch(
              "valid length json string",
              "length exceeds max length",
              "the length (%d) of json field (%s) exceeds max length (%d)"
                  .formatted(length, field.name(), MAX_JSON_BYTES));
    }
  }

  private static void checkFinite(double[] values) {
    for (double value : values) {
      if (!Double.isFinite(value)) {
        throw notFinite(value);
      }
    }
  }

  private static void checkFinite(float[] values) {
    for (float value : values) {
      if (!Float.isFinite(value)) {
        throw notFinite(value);
      }
    }
  }

  private static RuntimeException notFinite(double value) {
    return Invalid.parameter("value '%s' is not a number or infinity", value);
  }
}
