package io.elanus.rpc.codec;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.elanus.common.model.Column;
import io.elanus.common.model.Column.BoolColumn;
import io.elanus.common.model.Column.BytesColumn;
import io.elanus.common.model.Column.DoubleColumn;
import io.elanus.common.model.Column.FloatColumn;
import io.elanus.common.model.Column.Int32Column;
import io.elanus.common.model.Column.Int64Column;
import io.elanus.common.model.Column.VarCharColumn;
import io.elanus.common.model.Columns;
import io.elanus.common.model.DataType;
import io.elanus.common.model.Field;
import io.elanus.common.model.ListColumn;
import io.elanus.proto.milvus.ArrayArray;
import io.elanus.proto.milvus.BoolArray;
import io.elanus.proto.milvus.DoubleArray;
import io.elanus.proto.milvus.FloatArray;
import io.elanus.proto.milvus.GeometryArray;
import io.elanus.proto.milvus.IntArray;
import io.elanus.proto.milvus.JSONArray;
import io.elanus.proto.milvus.LongArray;
import io.elanus.proto.milvus.ScalarField;
import io.elanus.proto.milvus.ScalarField.DataCase;
import io.elanus.proto.milvus.StringArray;
import io.elanus.proto.milvus.TimestamptzArray;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/// Values that are no vectors, none of them null.
final class ScalarCodec {
  private ScalarCodec() {}

  static ScalarField encode(Field field, Column column) {
    ScalarField.Builder data = ScalarField.newBuilder();
    switch (column) {
      case BoolColumn(boolean[] values) -> {
        BoolArray.Builder array = BoolArray.newBuilder();
        for (boolean value : values) {
          array.addData(value);
        }
        data.setBoolData(array);
      }
      case Int32Column(int[] values) -> {
        IntArray.Builder array = IntArray.newBuilder();
        for (int value : values) {
          array.addData(value);
        }
        data.setIntData(array);
      }
      case Int64Column(long[] values) -> encodeLongs(field, values, data);
      case FloatColumn(float[] values) -> {
        FloatArray.Builder array = FloatArray.newBuilder();
        for (float value : values) {
          array.addData(value);
        }
        data.setFloatData(array);
      }
      case DoubleColumn(double[] values) -> {
        DoubleArray.Builder array = DoubleArray.newBuilder();
        for (double value : values) {
          array.addData(value);
        }
        data.setDoubleData(array);
      }
      case VarCharColumn(String[] values) ->
          data.setStringData(StringArray.newBuilder().addAllData(Arrays.asList(values)));
      case BytesColumn(byte[][] values) -> encodeBytes(field, values, data);
      case ListColumn lists -> data.setArrayData(encodeLists(field, lists));
      default ->
          throw new IllegalArgumentException(
              "field %s has no scalars of form %s".formatted(field.name(), column.form()));
    }
    return data.build();
  }

  private static void encodeLongs(Field field, long[] values, ScalarField.Builder data) {
    List<Long> list = Arrays.stream(values).boxed().toList();
    if (field.type() == DataType.TIMESTAMPTZ) {
      data.setTimestamptzData(TimestamptzArray.newBuilder().addAllData(list));
    } else {
      data.setLongData(LongArray.newBuilder().addAllData(list));
    }
  }

  private static void encodeBytes(Field field, byte[][] values, ScalarField.Builder data) {
    List<ByteString> list = Arrays.stream(values).map(UnsafeByteOperations::unsafeWrap).toList();
    if (field.type() == DataType.GEOMETRY) {
      data.setGeometryData(GeometryArray.newBuilder().addAllData(list));
    } else {
      data.setJsonData(JSONArray.newBuilder().addAllData(list));
    }
  }

  private static ArrayArray encodeLists(Field field, ListColumn lists) {
    Field element = field.element();
    ArrayArray.Builder array =
        ArrayArray.newBuilder().setElementType(SchemaCodec.encode(element.type()));
    for (int row = 0; row < lists.rowCount(); row++) {
      array.addData(encode(element, lists.row(row)));
    }
    return array.build();
  }

  static Column decode(Field field, ScalarField scalars) {
    if (scalars.getDataCase() == DataCase.DATA_NOT_SET && field.optional()) {
      return Columns.noValues(field);
    }
    return switch (field.type()) {
      case BOOL -> {
        requireForm(field, scalars, DataCase.BOOL_DATA, "bool array");
        yield new BoolColumn(booleans(scalars.getBoolData().getDataList()));
      }
      case INT8, INT16, INT32 -> {
        requireForm(field, scalars, DataCase.INT_DATA, "int array");
        yield new Int32Column(ints(scalars.getIntData()));
      }
      case INT64 -> {
        requireForm(field, scalars, DataCase.LONG_DATA, "long int array");
        yield new Int64Column(longs(scalars.getLongData()));
      }
      case TIMESTAMPTZ -> {
        requireForm(field, scalars, DataCase.TIMESTAMPTZ_DATA, "long int array");
        yield new Int64Column(
            scalars.getTimestamptzData().getDataList().stream()
                .mapToLong(Long::longValue)
                .toArray());
      }
      case FLOAT -> {
        requireForm(field, scalars, DataCase.FLOAT_DATA, "float32 array");
        yield new FloatColumn(floats(scalars.getFloatData()));
      }
      case DOUBLE -> {
        requireForm(field, scalars, DataCase.DOUBLE_DATA, "float64(double) array");
        yield new DoubleColumn(doubles(scalars.getDoubleData()));
      }
      case VARCHAR -> {
        requireForm(field, scalars, DataCase.STRING_DATA, "string array");
        yield texts(scalars);
      }
      case TEXT -> {
        requireForm(field, scalars, DataCase.STRING_DATA, "text array");
        yield texts(scalars);
      }
      case JSON -> {
        requireForm(field, scalars, DataCase.JSON_DATA, "json array");
        yield new BytesColumn(bytes(scalars.getJsonData().getDataList()));
      }
      case GEOMETRY -> {
        requireForm(field, scalars, DataCase.GEOMETRY_DATA, "geometry array");
        yield new BytesColumn(bytes(scalars.getGeometryData().getDataList()));
      }
      case ARRAY -> {
        requireForm(
            field, scalars, DataCase.ARRAY_DATA, field.element().type().milvusName() + " array");
        yield lists(field, scalars.getArrayData().getDataList());
      }
      case FLOAT_VECTOR,
          BINARY_VECTOR,
          FLOAT16_VECTOR,
          BFLOAT16_VECTOR,
          SPARSE_FLOAT_VECTOR,
          INT8_VECTOR,
          ARRAY_OF_VECTOR ->
          throw new IllegalArgumentException("field %s is a vector".formatted(field.name()));
    };
  }

  private static void requireForm(
      Field field, ScalarField scalars, DataCase expected, String form) {
    if (scalars.getDataCase() != expected) {
      throw FieldDataCodec.mismatch(field, form);
    }
  }

  /// Whatever the rows say of their type, the schema counts.
  private static ListColumn lists(Field field, List<ScalarField> rows) {
    Field element = field.element();
    List<Column> parts = new ArrayList<>();
    parts.add(Columns.noValues(element));
    int[] starts = new int[rows.size() + 1];
    for (int row = 0; row < rows.size(); row++) {
      Column values = elements(element, rows.get(row));
      starts[row + 1] = Math.addExact(starts[row], values.rowCount());
      parts.add(values);
    }
    return new ListColumn(Columns.concat(parts), starts);
  }

  private static Column elements(Field element, ScalarField row) {
    DataCase expected =
        switch (element.type().form()) {
          case BOOL -> DataCase.BOOL_DATA;
          case INT32 -> DataCase.INT_DATA;
          case INT64 -> DataCase.LONG_DATA;
          case FLOAT -> DataCase.FLOAT_DATA;
          case DOUBLE -> DataCase.DOUBLE_DATA;
          default -> DataCase.STRING_DATA;
        };
    if (row.getDataCase() == DataCase.DATA_NOT_SET) {
      return Columns.noValues(element);
    }
    if (row.getDataCase() != expected) {
      throw FieldDataCodec.invalid(
          name(expected), name(row.getDataCase()), "insert data does not match");
    }
    return decode(element, row);
  }

  private static String name(DataCase form) {
    return switch (form) {
      case BOOL_DATA -> "bool array";
      case INT_DATA -> "int array";
      case LONG_DATA -> "int64 array";
      case FLOAT_DATA -> "float array";
      case DOUBLE_DATA -> "double array";
      case STRING_DATA -> "string array";
      default -> "nil array";
    };
  }

  private static boolean[] booleans(List<Boolean> values) {
    boolean[] array = new boolean[values.size()];
    for (int i = 0; i < array.length; i++) {
      array[i] = values.get(i);
    }
    return array;
  }

  private static int[] ints(IntArray values) {
    return IntStream.range(0, values.getDataCount()).map(values::getData).toArray();
  }

  private static long[] longs(LongArray values) {
    return IntStream.range(0, values.getDataCount()).mapToLong(values::getData).toArray();
  }

  static float[] floats(FloatArray values) {
    float[] array = new float[values.getDataCount()];
    for (int i = 0; i < array.length; i++) {
      array[i] = values.getData(i);
    }
    return array;
  }

  private static double[] doubles(DoubleArray values) {
    return IntStream.range(0, values.getDataCount()).mapToDouble(values::getData).toArray();
  }

  private static VarCharColumn texts(ScalarField scalars) {
    return new VarCharColumn(scalars.getStringData().getDataList().toArray(String[]::new));
  }

  private static byte[][] bytes(List<ByteString> values) {
    return values.stream().map(ByteString::toByteArray).toArray(byte[][]::new);
  }
}
