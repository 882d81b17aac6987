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
/// @param lengths of the lists of vectors, which lie one after the other, where a list is searched for; else empty
record QueryVectors(boolean dense, List<ByteString> vectors, List<Integer> lengths) {
  /// From the type of a vector to that of a list of them, as placeholders have it.
  private static final int LIST_OF = 200;

  QueryVectors {
    vectors = List.copyOf(vectors);
    lengths = List.copyOf(lengths);
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
    return isOfLists(field)
        ? decodeLists(field.element(), placeholder)
        : decodeVectors(field, placeholder);
  }

  private static QueryVectors decodeVectors(Field field, PlaceholderValue placeholder) {
    List<ByteString> vectors = new ArrayList<>();
    for (ByteString value : placeholder.getValuesList()) {
      vectors.add(decode(field, placeholder.getType(), value));
    }
    return new QueryVectors(isDense(field), vectors, List.of());
  }

  /// Each value is the bytes of a list's vectors, one after the other.
  private static QueryVectors decodeLists(Field element, PlaceholderValue placeholder) {
    PlaceholderType type = PlaceholderType.forNumber(placeholder.getTypeValue() - LIST_OF);
    int bytes =
        type == PlaceholderType.FloatVector
            ? element.dimension() * Float.BYTES
            : element.vectorBytes();
    List<ByteString> vectors = new ArrayList<>();
    List<Integer> lengths = new ArrayList<>();
    for (ByteString value : placeholder.getValuesList()) {
      if (value.isEmpty() || value.size() % bytes != 0) {
        throw wrongSize(bytes, value);
      }
      for (int from = 0; from < value.size(); from += bytes) {
        vectors.add(decode(element, type, value.substring(from, from + bytes)));
      }
      lengths.add(value.size() / bytes);
    }
    return new QueryVectors(isDense(element), vectors, lengths);
  }

  private static boolean isOfLists(Field field) {
    return field.type() == DataType.ARRAY_OF_VECTOR;
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
      throw wrongSize(expected, value);
    }
  }

  private static DbException wrongSize(int expected, ByteString value) {
    return Invalid.parameter(
        "vector dimension mismatch, expected vector size(byte) %d, actual %d",
        expected, value.size());
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
    DataType vectors = field.vectorType();
    boolean halves = vectors == DataType.FLOAT16_VECTOR || vectors == DataType.BFLOAT16_VECTOR;
    int type = placeholder.getTypeValue() - (isOfLists(field) ? LIST_OF : 0);
    boolean fits = type == vectors.number() || halves && type == PlaceholderType.FloatVector_VALUE;
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
    return new QueryVectors(isDense(field), vectors, List.of());
  }

  /// Of vectors, or lists, that are searched for.
  int count() {
    return lengths.isEmpty() ? vectors.size() : lengths.size();
  }

  void addTo(SearchShardRequest.Builder request) {
    request.setVectorCount(count()).addAllListLengths(lengths);
    if (dense) {
      request.setVectors(ByteString.copyFrom(vectors));
    } else {
      request.addAllEncodedVectors(vectors);
    }
  }
}
