package io.elanus.rpc.codec;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import io.elanus.common.model.Column;
import io.elanus.common.model.Column.ByteVectorColumn;
import io.elanus.common.model.Column.BytesColumn;
import io.elanus.common.model.Column.FloatVectorColumn;
import io.elanus.common.model.Columns;
import io.elanus.common.model.Field;
import io.elanus.common.model.HalfFloats;
import io.elanus.common.model.ListColumn;
import io.elanus.proto.milvus.FloatArray;
import io.elanus.proto.milvus.SparseFloatArray;
import io.elanus.proto.milvus.VectorArray;
import io.elanus.proto.milvus.VectorField;
import io.elanus.proto.milvus.VectorField.DataCase;
import java.util.ArrayList;
import java.util.List;

/// Vectors of all types, none of them null.
final class VectorCodec {
  private static final int SPARSE_ENTRY_BYTES = 8;

  private VectorCodec() {}

  static VectorField encode(Field field, Column column) {
    VectorField.Builder data = VectorField.newBuilder();
    switch (column) {
      case FloatVectorColumn(float[] values, int dimension) -> {
        FloatArray.Builder array = FloatArray.newBuilder();
        for (float value : values) {
          array.addData(value);
        }
        data.setDim(dimension).setFloatVector(array);
      }
      case ByteVectorColumn(byte[] values, _) -> encodeBytes(field, values, data);
      case BytesColumn(byte[][] values) -> {
        SparseFloatArray.Builder array = SparseFloatArray.newBuilder();
        long dimension = 0;
        for (byte[] value : values) {
          array.addContents(UnsafeByteOperations.unsafeWrap(value));
          dimension = Math.max(dimension, sparseDimension(value));
        }
        data.setDim(dimension).setSparseFloatVector(array.setDim(dimension));
      }
      case ListColumn lists -> {
        Field element = field.element();
        VectorArray.Builder array =
            VectorArray.newBuilder()
                .setDim(element.dimension())
                .setElementType(SchemaCodec.encode(element.type()));
        for (int row = 0; row < lists.rowCount(); row++) {
          array.addData(encode(element, lists.row(row)));
        }
        data.setDim(element.dimension()).setVectorArray(array);
      }
      default ->
          throw new IllegalArgumentException(
              "field %s has no vectors of form %s".formatted(field.name(), column.form()));
    }
    return data.build();
  }

  private static void encodeBytes(Field field, byte[] values, VectorField.Builder data) {
    ByteString bytes = UnsafeByteOperations.unsafeWrap(values);
    data.setDim(field.dimension());
    switch (field.type()) {
      case BINARY_VECTOR -> data.setBinaryVector(bytes);
      case FLOAT16_VECTOR -> data.setFloat16Vector(bytes);
      case BFLOAT16_VECTOR -> data.setBfloat16Vector(bytes);
      default -> data.setInt8Vector(bytes);
    }
  }

  /// The largest index and one more; entries ascend.
  private static long sparseDimension(byte[] entries) {
    if (entries.length < SPARSE_ENTRY_BYTES) {
      return 0;
    }
    int at = entries.length - SPARSE_ENTRY_BYTES;
    long index = 0;
    for (int i = 3; i >= 0; i--) {
      index = index << 8 | entries[at + i] & 0xff;
    }
    return index + 1;
  }

  static Column decode(Field field, VectorField vectors) {
    if (vectors.getDataCase() == DataCase.DATA_NOT_SET && field.optional()) {
      return Columns.noValues(field);
    }
    return switch (field.type()) {
      case FLOAT_VECTOR -> {
        requireForm(field, vectors, DataCase.FLOAT_VECTOR, "float vector");
        yield new FloatVectorColumn(floats(field, vectors), field.dimension());
      }
      case BINARY_VECTOR -> {
        requireForm(field, vectors, DataCase.BINARY_VECTOR, "binary vector");
        yield bytes(field, vectors, vectors.getBinaryVector());
      }
      case FLOAT16_VECTOR ->
          vectors.hasFloatVector()
              ? new ByteVectorColumn(
                  HalfFloats.toFloat16(floats(field, vectors)), field.vectorBytes())
              : halves(field, vectors, DataCase.FLOAT16_VECTOR, vectors.getFloat16Vector());
      case BFLOAT16_VECTOR ->
          vectors.hasFloatVector()
              ? new ByteVectorColumn(
                  HalfFloats.toBFloat16(floats(field, vectors)), field.vectorBytes())
              : halves(field, vectors, DataCase.BFLOAT16_VECTOR, vectors.getBfloat16Vector());
      case INT8_VECTOR -> {
        requireForm(field, vectors, DataCase.INT8_VECTOR, "int8 vector");
        yield bytes(field, vectors, vectors.getInt8Vector());
      }
      case SPARSE_FLOAT_VECTOR -> {
        requireForm(field, vectors, DataCase.SPARSE_FLOAT_VECTOR, "sparse float vector");
        yield new BytesColumn(
            vectors.getSparseFloatVector().getContentsList().stream()
                .map(ByteString::toByteArray)
                .toArray(byte[][]::new));
      }
      case ARRAY_OF_VECTOR -> {
        requireForm(
            field, vectors, DataCase.VECTOR_ARRAY, field.element().type().milvusName() + " array");
        yield lists(field, vectors.getVectorArray().getDataList());
      }
      case BOOL,
          INT8,
          INT16,
          INT32,
          INT64,
          FLOAT,
          DOUBLE,
          VARCHAR,
          TEXT,
          JSON,
          ARRAY,
          GEOMETRY,
          TIMESTAMPTZ ->
          throw new IllegalArgumentException("field %s is no vector".formatted(field.name()));
    };
  }

  private static void requireForm(
      Field field, VectorField vectors, DataCase expected, String form) {
    if (vectors.getDataCase() != expected) {
      throw FieldDataCodec.mismatch(field, form);
    }
  }

  private static ByteVectorColumn halves(
      Field field, VectorField vectors, DataCase expected, ByteString bytes) {
    String form = expected == DataCase.FLOAT16_VECTOR ? "float16 vector" : "bfloat16 vector";
    requireForm(field, vectors, expected, form);
    return bytes(field, vectors, bytes);
  }

  private static ByteVectorColumn bytes(Field field, VectorField vectors, ByteString bytes) {
    requireDimension(field, vectors);
    int rowBytes = field.vectorBytes();
    if (bytes.size() % rowBytes != 0) {
      throw doesNotDivide(bytes.size(), field);
    }
    return new ByteVectorColumn(bytes.toByteArray(), rowBytes);
  }

  private static float[] floats(Field field, VectorField vectors) {
    requireDimension(field, vectors);
    FloatArray values = vectors.getFloatVector();
    if (values.getDataCount() % field.dimension() != 0) {
      throw doesNotDivide(values.getDataCount(), field);
    }
    return ScalarCodec.floats(values);
  }

  private static void requireDimension(Field field, VectorField vectors) {
    int dimension = field.dimension();
    if (vectors.getDim() != dimension) {
      throw FieldDataCodec.invalid(
          dimension,
          vectors.getDim(),
          "the dim (%d) of field data(%s) is not equal to schema dim (%d)"
              .formatted(vectors.getDim(), field.name(), dimension));
    }
  }

  private static DbException doesNotDivide(int length, Field field) {
    String kind =
        switch (field.type()) {
          case BINARY_VECTOR -> "binary";
          case FLOAT16_VECTOR -> "float16";
          case BFLOAT16_VECTOR -> "bfloat16";
          case INT8_VECTOR -> "int8";
          default -> "float";
        };
    return ErrorCode.INVALID_PARAMETER.because(
        "the length(%d) of %s data should divide the dim(%d)", length, kind, field.dimension());
  }

  /// Some clients say it of the whole array only.
  private static VectorField withDimension(Field element, VectorField vectors) {
    return vectors.getDim() == 0
        ? vectors.toBuilder().setDim(element.dimension()).build()
        : vectors;
  }

  private static ListColumn lists(Field field, List<VectorField> rows) {
    Field element = field.element();
    List<Column> parts = new ArrayList<>();
    parts.add(Columns.noValues(element));
    int[] starts = new int[rows.size() + 1];
    for (int row = 0; row < rows.size(); row++) {
      VectorField vectors = rows.get(row);
      Column values =
          vectors.getDataCase() == DataCase.DATA_NOT_SET
              ? Columns.noValues(element)
              : decode(element, withDimension(element, vectors));
      starts[row + 1] = Math.addExact(starts[row], values.rowCount());
      parts.add(values);
    }
    return new ListColumn(Columns.concat(parts), starts);
  }
}
