package io.elanus.common.record;

import io.elanus.common.format.ByteReader;
import io.elanus.common.format.ByteWriter;
import io.elanus.common.model.DataType;
import io.elanus.common.model.DefaultValue;
import io.elanus.common.model.DefaultValue.BoolValue;
import io.elanus.common.model.DefaultValue.FloatValue;
import io.elanus.common.model.DefaultValue.IntValue;
import io.elanus.common.model.DefaultValue.TextValue;
import io.elanus.common.model.Field;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// The bytes of a field within a record.
///
/// ```
/// field    id (8), name, description, type (1), flags (1), optional default, optional type of an element (1),
///          count of type params (varint), each name and value
/// flags    1 primary key, 2 auto id, 4 partition key, 8 dynamic, 16 nullable
/// default  1 bool (1), 2 integer (8), 3 double (8), 4 text
/// ```
final class FieldCodec {
  private static final int PRIMARY_KEY = 1;
  private static final int AUTO_ID = 2;
  private static final int PARTITION_KEY = 4;
  private static final int DYNAMIC = 8;
  private static final int NULLABLE = 16;
  private static final int FLAGS = 31;

  private static final int BOOL = 1;
  private static final int INT = 2;
  private static final int FLOAT = 3;
  private static final int TEXT = 4;

  private FieldCodec() {}

  static void write(ByteWriter out, Field field) {
    out.i64(field.id());
    out.text(field.name());
    out.text(field.description());
    out.u8(field.type().number());
    out.u8(
        (field.primaryKey() ? PRIMARY_KEY : 0)
            | (field.autoId() ? AUTO_ID : 0)
            | (field.partitionKey() ? PARTITION_KEY : 0)
            | (field.dynamic() ? DYNAMIC : 0)
            | (field.nullable() ? NULLABLE : 0));
    out.optional(field.defaultValue(), value -> writeDefault(out, value));
    out.optional(field.elementType(), type -> out.u8(type.number()));
    out.list(
        field.typeParams().entrySet(),
        param -> {
          out.text(param.getKey());
          out.text(param.getValue());
        });
  }

  private static void writeDefault(ByteWriter out, DefaultValue value) {
    switch (value) {
      case BoolValue(boolean one) -> {
        out.u8(BOOL);
        out.bool(one);
      }
      case IntValue(long one) -> {
        out.u8(INT);
        out.i64(one);
      }
      case FloatValue(double one) -> {
        out.u8(FLOAT);
        out.i64(Double.doubleToRawLongBits(one));
      }
      case TextValue(String one) -> {
        out.u8(TEXT);
        out.text(one);
      }
    }
  }

  static Field read(ByteReader in) {
    long id = in.i64();
    String name = in.text();
    String description = in.text();
    DataType type = readType(in);
    int flags = in.flags(FLAGS);
    Optional<DefaultValue> defaultValue = in.optional(() -> readDefault(in));
    Optional<DataType> elementType = in.optional(() -> readType(in));
    return new Field(
        id,
        name,
        description,
        type,
        (flags & PRIMARY_KEY) != 0,
        (flags & AUTO_ID) != 0,
        (flags & PARTITION_KEY) != 0,
        (flags & DYNAMIC) != 0,
        (flags & NULLABLE) != 0,
        defaultValue,
        elementType,
        readParams(in));
  }

  private static DataType readType(ByteReader in) {
    int number = in.u8();
    return DataType.ofNumber(number)
        .orElseThrow(() -> in.corrupt("unknown data type %d".formatted(number)));
  }

  private static DefaultValue readDefault(ByteReader in) {
    int kind = in.u8();
    return switch (kind) {
      case BOOL -> new BoolValue(in.bool());
      case INT -> new IntValue(in.i64());
      case FLOAT -> new FloatValue(Double.longBitsToDouble(in.i64()));
      case TEXT -> new TextValue(in.text());
      default -> throw in.corrupt("unknown kind of default value %d".formatted(kind));
    };
  }

  private static Map<String, String> readParams(ByteReader in) {
    Map<String, String> params = new TreeMap<>();
    in.list(2, () -> Map.entry(in.text(), in.text()))
        .forEach(param -> params.put(param.getKey(), param.getValue()));
    return params;
  }
}
