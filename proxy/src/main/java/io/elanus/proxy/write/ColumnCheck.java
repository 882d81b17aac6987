package io.elanus.proxy.write;

import io.elanus.common.model.Column;
import io.elanus.common.model.Column.BoolColumn;
import io.elanus.common.model.Column.ByteVectorColumn;
import io.elanus.common.model.Column.BytesColumn;
import io.elanus.common.model.Column.DoubleColumn;
import io.elanus.common.model.Column.FloatColumn;
import io.elanus.common.model.Column.FloatVectorColumn;
import io.elanus.common.model.Column.Int32Column;
import io.elanus.common.model.Column.Int64Column;
import io.elanus.common.model.Column.VarCharColumn;
import io.elanus.common.model.DataType;
import io.elanus.common.model.Field;
import io.elanus.common.model.HalfFloats;
import io.elanus.common.model.ListColumn;
import io.elanus.common.model.NullableColumn;
import io.elanus.proxy.Invalid;

/// The rules values keep, by type of column. Rows that are null keep them all.
final class ColumnCheck {
  static final int MAX_JSON_BYTES = 65_536;
  static final int MAX_TEXT_BYTES = 2 << 20;

  private ColumnCheck() {}

  static void check(Field field, Column column) {
    switch (column) {
      case NullableColumn(Column values, _) -> check(field, values);
      case VarCharColumn(String[] values) -> checkLengths(field, values);
      case BytesColumn(byte[][] values) -> checkBytes(field, values);
      case Int32Column(int[] values) -> checkRange(field, values);
      case FloatColumn(float[] values) -> checkFinite(values);
      case DoubleColumn(double[] values) -> checkFinite(values);
      case FloatVectorColumn(float[] values, _) -> checkFinite(values);
      case ByteVectorColumn(byte[] values, _) -> checkHalves(field, values);
      case ListColumn lists -> checkLists(field, lists);
      case BoolColumn _, Int64Column _ -> {}
    }
  }

  private static void checkBytes(Field field, byte[][] values) {
    if (field.type() == DataType.JSON) {
      checkJson(field, values);
    }
    if (field.type() == DataType.SPARSE_FLOAT_VECTOR) {
      SparseCheck.check(values);
    }
  }

  private static void checkHalves(Field field, byte[] values) {
    if (field.type() == DataType.FLOAT16_VECTOR) {
      checkFinite(HalfFloats.fromFloat16(values));
    }
    if (field.type() == DataType.BFLOAT16_VECTOR) {
      checkFinite(HalfFloats.fromBFloat16(values));
    }
  }

  private static void checkRange(Field field, int[] values) {
    int bits =
        switch (field.type()) {
          case INT8 -> Byte.SIZE;
          case INT16 -> Short.SIZE;
          default -> Integer.SIZE;
        };
    int max = (int) ((1L << (bits - 1)) - 1);
    for (int i = 0; i < values.length; i++) {
      if (values[i] > max || values[i] < -max - 1) {
        throw Invalid.mismatch(
            "integer doesn't overflow",
            "out of range",
            "the %dth element (%d) out of range: [%d, %d]".formatted(i, values[i], -max - 1, max));
      }
    }
  }

  private static void checkLists(Field field, ListColumn lists) {
    int max = field.maxCapacity();
    for (int row = 0; row < lists.rowCount(); row++) {
      if (lists.length(row) > max) {
        throw Invalid.mismatch(
            "valid length array",
            "array length exceeds max capacity",
            "the length (%d) of %dth array exceeds max capacity (%d)"
                .formatted(lists.length(row), row, max));
      }
    }
    Field element = field.element();
    if (lists.elements() instanceof VarCharColumn(String[] values)) {
      checkElementLengths(field, lists, values);
    } else {
      check(element, lists.elements());
    }
  }

  private static void checkElementLengths(Field field, ListColumn lists, String[] values) {
    int max = field.maxLength();
    for (int row = 0; row < lists.rowCount(); row++) {
      for (int i = lists.starts()[row]; i < lists.starts()[row + 1]; i++) {
        int bytes = Utf8Length.of(values[i]);
        if (bytes > max) {
          throw Invalid.parameter(
              "length of %s array field \"%s\" exceeds max length, row number: %d, array index: %d,"
                  + " length: %d, max length: %d",
              field.type().milvusName(), field.name(), row, i - lists.starts()[row], bytes, max);
        }
      }
    }
  }

  private static void checkLengths(Field field, String[] values) {
    boolean text = field.type() == DataType.TEXT;
    int max = text ? MAX_TEXT_BYTES : field.maxLength();
    for (int row = 0; row < values.length; row++) {
      int bytes = Utf8Length.of(values[row]);
      if (bytes > max) {
        throw Invalid.parameter(
            "length of %s field %s exceeds max length, row number: %d, length: %d,"
                + " max length: %d",
            text ? "text" : "varchar", field.name(), row, bytes, max);
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
