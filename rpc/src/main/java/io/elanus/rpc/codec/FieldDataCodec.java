package io.elanus.rpc.codec;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import io.elanus.common.model.Column;
import io.elanus.common.model.Column.BoolColumn;
import io.elanus.common.model.Column.DoubleColumn;
import io.elanus.common.model.Column.FloatVectorColumn;
import io.elanus.common.model.Column.Int64Column;
import io.elanus.common.model.Column.JsonColumn;
import io.elanus.common.model.Column.VarCharColumn;
import io.elanus.common.model.Field;
import io.elanus.proto.milvus.BoolArray;
import io.elanus.proto.milvus.DoubleArray;
import io.elanus.proto.milvus.FieldData;
import io.elanus.proto.milvus.FloatArray;
import io.elanus.proto.milvus.JSONArray;
import io.elanus.proto.milvus.LongArray;
import io.elanus.proto.milvus.ScalarField;
import io.elanus.proto.milvus.ScalarField.DataCase;
import io.elanus.proto.milvus.StringArray;
import io.elanus.proto.milvus.VectorField;
import java.util.Arrays;
import java.util.List;

/// Columns of rows. Decoding checks that the values have the form the field asks for; their lengths,
/// NaN and JSON are the proxy's to check. Error texts are Milvus's.
public final class FieldDataCodec {
  private FieldDataCodec() {}

  public static FieldData encode(Field field, Column column) {
    FieldData.Builder data =
        FieldData.newBuilder()
            .setType(SchemaCodec.encode(field.type()))
            .setFieldName(field.name())
            .setFieldId(field.id())
            .setIsDynamic(field.dynamic());
    return switch (column) {
      case FloatVectorColumn vectors -> data.setVectors(encode(vectors)).build();
      case BoolColumn(boolean[] values) -> data.setScalars(encode(values)).build();
      case Int64Column(long[] values) -> data.setScalars(encode(values)).build();
      case DoubleColumn(double[] values) -> data.setScalars(encode(values)).build();
      case VarCharColumn(String[] values) -> data.setScalars(encode(values)).build();
      case JsonColumn(byte[][] values) -> data.setScalars(encode(values)).build();
    };
  }

  private static VectorField encode(FloatVectorColumn vectors) {
    FloatArray.Builder array = FloatArray.newBuilder();
    for (float value : vectors.values()) {
      array.addData(value);
    }
    return VectorField.newBuilder().setDim(vectors.dimension()).setFloatVector(array).build();
  }

  private static ScalarField encode(boolean[] values) {
    BoolArray.Builder array = BoolArray.newBuilder();
    for (boolean value : values) {
      array.addData(value);
    }
    return ScalarField.newBuilder().setBoolData(array).build();
  }

  private static ScalarField encode(long[] values) {
    LongArray.Builder array = LongArray.newBuilder();
    for (long value : values) {
      array.addData(value);
    }
    return ScalarField.newBuilder().setLongData(array).build();
  }

  private static ScalarField encode(double[] values) {
    DoubleArray.Builder array = DoubleArray.newBuilder();
    for (double value : values) {
      array.addData(value);
    }
    return ScalarField.newBuilder().setDoubleData(array).build();
  }

  private static ScalarField encode(String[] values) {
    StringArray array = StringArray.newBuilder().addAllData(Arrays.asList(values)).build();
    return ScalarField.newBuilder().setStringData(array).build();
  }

  private static ScalarField encode(byte[][] values) {
    JSONArray.Builder array = JSONArray.newBuilder();
    for (byte[] value : values) {
      array.addData(UnsafeByteOperations.unsafeWrap(value));
    }
    return ScalarField.newBuilder().setJsonData(array).build();
  }

  /// @throws DbException `INVALID_PARAMETER` when the values are of another type or dimension than
  ///     `field`, `UNSUPPORTED` for a field of a type that is not served
  public static Column decode(Field field, FieldData data) {
    requireNoNulls(field, data);
    ScalarField scalars = data.getScalars();
    return switch (field.type()) {
      case BOOL -> {
        requireForm(field, scalars, DataCase.BOOL_DATA, "bool");
        yield new BoolColumn(booleans(scalars.getBoolData().getDataList()));
      }
      case INT64 -> {
        requireForm(field, scalars, DataCase.LONG_DATA, "long int");
        yield new Int64Column(longs(scalars.getLongData()));
      }
      case DOUBLE -> {
        requireForm(field, scalars, DataCase.DOUBLE_DATA, "float64(double)");
        yield new DoubleColumn(doubles(scalars.getDoubleData()));
      }
      case VARCHAR -> {
        requireForm(field, scalars, DataCase.STRING_DATA, "string");
        yield new VarCharColumn(scalars.getStringData().getDataList().toArray(String[]::new));
      }
      case JSON -> {
        requireForm(field, scalars, DataCase.JSON_DATA, "json");
        yield new JsonColumn(bytes(scalars.getJsonData().getDataList()));
      }
      case FLOAT_VECTOR -> vectors(field, data.getVectors());
      case INT8,
          INT16,
          INT32,
          FLOAT,
          ARRAY,
          GEOMETRY,
          TEXT,
          TIMESTAMPTZ,
          BINARY_VECTOR,
          FLOAT16_VECTOR,
          BFLOAT16_VECTOR,
          SPARSE_FLOAT_VECTOR,
          INT8_VECTOR ->
          throw ErrorCode.UNSUPPORTED.because(
              "data type %s of field %s is not supported yet",
              field.type().milvusName(), field.name());
    };
  }

  private static void requireNoNulls(Field field, FieldData data) {
    if (data.getValidDataCount() > 0) {
      throw invalid(
          0,
          data.getValidDataCount(),
          "the length of valid_data of field(%s) is wrong".formatted(field.name()));
    }
  }

  private static void requireForm(
      Field field, ScalarField scalars, DataCase expected, String form) {
    if (scalars.getDataCase() != expected) {
      throw invalid("need " + form + " array", "got nil", mismatch(field));
    }
  }

  private static String mismatch(Field field) {
    String kind =
        switch (field.type()) {
          case VARCHAR -> "varchar ";
          case JSON -> "json ";
          case FLOAT_VECTOR -> "float vector ";
          default -> "";
        };
    return "%sfield '%s' is illegal, array type mismatch".formatted(kind, field.name());
  }

  private static boolean[] booleans(List<Boolean> values) {
    boolean[] array = new boolean[values.size()];
    for (int i = 0; i < array.length; i++) {
      array[i] = values.get(i);
    }
    return array;
  }

  private static long[] longs(LongArray values) {
    long[] array = new long[values.getDataCount()];
    for (int i = 0; i < array.length; i++) {
      array[i] = values.getData(i);
    }
    return array;
  }

  private static double[] doubles(DoubleArray values) {
    double[] array = new double[values.getDataCount()];
    for (int i = 0; i < array.length; i++) {
      array[i] = values.getData(i);
    }
    return array;
  }

  private static byte[][] bytes(List<ByteString> values) {
    return values.stream().map(ByteString::toByteArray).toArray(byte[][]::new);
  }

  private static FloatVectorColumn vectors(Field field, VectorField vectors) {
    if (!vectors.hasFloatVector()) {
      throw invalid("need float vector", "got nil", mismatch(field));
    }
    int dimension = field.dimension();
    if (vectors.getDim() != dimension) {
      throw invalid(
          dimension,
          vectors.getDim(),
          "the dim (%d) of field data(%s) is not equal to schema dim (%d)"
              .formatted(vectors.getDim(), field.name(), dimension));
    }
    FloatArray values = vectors.getFloatVector();
    if (values.getDataCount() % dimension != 0) {
      throw ErrorCode.INVALID_PARAMETER.because(
          "the length(%d) of float data should divide the dim(%d)",
          values.getDataCount(), dimension);
    }
    float[] array = new float[values.getDataCount()];
    for (int i = 0; i < array.length; i++) {
      array[i] = values.getData(i);
    }
    return new FloatVectorColumn(array, dimension);
  }

  private static DbException invalid(Object expected, Object actual, String message) {
    DbException cause = ErrorCode.INVALID_PARAMETER.with("expected", expected, "actual", actual);
    return new DbException(ErrorCode.INVALID_PARAMETER, message + ": " + cause.text());
  }
}
