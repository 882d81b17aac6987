package io.elanus.proxy.read;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import io.elanus.common.model.Column;
import io.elanus.common.model.Column.ByteVectorColumn;
import io.elanus.common.model.Column.BytesColumn;
import io.elanus.common.model.Column.FloatVectorColumn;
import io.elanus.common.model.DataType;
import io.elanus.common.model.Field;
import io.elanus.common.model.HalfFloats;
import io.elanus.proto.internal.SearchShardRequest;
import io.elanus.proto.milvus.PlaceholderGroup;
import io.elanus.proto.milvus.PlaceholderType;
import io.elanus.proto.milvus.PlaceholderValue;
import io.elanus.proxy.Invalid;
import io.elanus.proxy.write.SparseCheck;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/// What is searched for.
///
/// @param vectors of bits or sparse ones as a row of the field has them, all others as little-endian float32
record QueryVectors(boolean dense, List<ByteString> vectors) {
  QueryVectors {
    vectors = List.copyOf(vectors);
  }

  /// @param declared how many the request says there are; 0 when it does not say
  static QueryVectors decode(Field field, ByteString placeholderGroup, long declared) {
    PlaceholderValue placeholder = parse(placeholderGroup);
    requireType(field, placeholder);
    ReadLimits.checkQueryCount(placeholder.getValuesCount());
    if (declared != 0 && declared != placeholder.getValuesCount()) {
      throw Invalid.parameter(
          "nq [%d] is invalid, the request has %d vectors", declared, placeholder.getValuesCount());
    }
    List<ByteString> vectors = new ArrayList<>();
    for (ByteString value : placeholder.getValuesList()) {
      vectors.add(decode(field, placeholder.getType(), value));
    }
    return new QueryVectors(isDense(field), vectors);
  }

  private static boolean isDense(Field field) {
    return field.type() != DataType.BINARY_VECTOR && field.type() != DataType.SPARSE_FLOAT_VECTOR;
  }

  private static ByteString decode(Field field, PlaceholderType type, ByteString value) {
    switch (type) {
      case SparseFloatVector -> {
        SparseCheck.check(value.asReadOnlyByteBuffer());
        return value;
      }
      case FloatVector -> {
        requireSize(field.dimension() * Float.BYTES, value);
        return floats(rounded(field, floats(value)));
      }
      default -> {
        requireSize(field.vectorBytes(), value);
        return field.type() == DataType.BINARY_VECTOR
            ? value
            : floats(widened(field, value.toByteArray()));
      }
    }
  }

  private static void requireSize(int expected, ByteString value) {
    if (value.size() != expected) {
      throw Invalid.parameter(
          "vector dimension mismatch, expected vector size(byte) %d, actual %d",
          expected, value.size());
    }
  }

  private static PlaceholderValue parse(ByteString bytes) {
    try {
      PlaceholderGroup group = PlaceholderGroup.parseFrom(bytes);
      if (group.getPlaceholdersCount() != 1) {
        throw Invalid.parameter(
            "a search takes one placeholder, but got %d", group.getPlaceholdersCount());
      }
      return group.getPlaceholders(0);
    } catch (InvalidProtocolBufferException e) {
      throw new DbException(
          ErrorCode.INVALID_PARAMETER, "placeholder group is not a serialized PlaceholderGroup", e);
    }
  }

  /// Floats may stand for floats of half the size.
  private static void requireType(Field field, PlaceholderValue placeholder) {
    if (placeholder.getType() == PlaceholderType.VarChar) {
      throw Invalid.notServed("search by text");
    }
    boolean halves =
        field.type() == DataType.FLOAT16_VECTOR || field.type() == DataType.BFLOAT16_VECTOR;
    boolean fits =
        placeholder.getTypeValue() == field.type().number()
            || halves && placeholder.getType() == PlaceholderType.FloatVector;
    if (!fits) {
      throw Invalid.parameter(
          "vector type must be the same, field %s - type %s, search info type %s",
          field.name(), field.type().milvusName(), placeholder.getType());
    }
  }

  /// As the field would hold them.
  private static float[] rounded(Field field, float[] values) {
    return switch (field.type()) {
      case FLOAT16_VECTOR -> HalfFloats.fromFloat16(HalfFloats.toFloat16(values));
      case BFLOAT16_VECTOR -> HalfFloats.fromBFloat16(HalfFloats.toBFloat16(values));
      default -> values;
    };
  }

  private static float[] widened(Field field, byte[] bytes) {
    return switch (field.type()) {
      case FLOAT16_VECTOR -> HalfFloats.fromFloat16(bytes);
      case BFLOAT16_VECTOR -> HalfFloats.fromBFloat16(bytes);
      default -> {
        float[] values = new float[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
          values[i] = bytes[i];
        }
        yield values;
      }
    };
  }

  private static float[] floats(ByteString value) {
    float[] values = new float[value.size() / Float.BYTES];
    value.asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(values);
    return values;
  }

  private static ByteString floats(float[] values) {
    for (float value : values) {
      if (!Float.isFinite(value)) {
        throw Invalid.parameter("value '%s' is not a number or infinity", value);
      }
    }
    ByteBuffer buffer =
        ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    buffer.asFloatBuffer().put(values);
    return ByteString.copyFrom(buffer);
  }

  /// Those of stored rows, none of them null.
  static QueryVectors of(Field field, Column column) {
    List<ByteString> vectors = new ArrayList<>();
    for (int row = 0; row < column.rowCount(); row++) {
      vectors.add(
          switch (column.select(new int[] {row})) {
            case FloatVectorColumn(float[] values, _) -> floats(values);
            case ByteVectorColumn(byte[] values, _) when isDense(field) ->
                floats(widened(field, values));
            case ByteVectorColumn(byte[] values, _) -> ByteString.copyFrom(values);
            case BytesColumn(byte[][] values) -> ByteString.copyFrom(values[0]);
            default -> throw new IllegalArgumentException("no vectors: " + column.form());
          });
    }
    return new QueryVectors(isDense(field), vectors);
  }

  int count() {
    return vectors.size();
  }

  void addTo(SearchShardRequest.Builder request) {
    request.setVectorCount(count());
    if (dense) {
      request.setVectors(ByteString.copyFrom(vectors));
    } else {
      request.addAllEncodedVectors(vectors);
    }
  }
}
