package io.elanus.proxy.read;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import io.elanus.common.model.Column.FloatVectorColumn;
import io.elanus.common.model.Field;
import io.elanus.proto.milvus.PlaceholderGroup;
import io.elanus.proto.milvus.PlaceholderType;
import io.elanus.proto.milvus.PlaceholderValue;
import io.elanus.proxy.Invalid;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// What is searched for.
///
/// @param bytes row-major, little-endian float32
record QueryVectors(int count, ByteString bytes) {
  /// @param declared how many the request says there are; 0 when it does not say
  static QueryVectors decode(Field field, ByteString placeholderGroup, long declared) {
    PlaceholderValue placeholder = parse(placeholderGroup);
    requireType(field, placeholder);
    ReadLimits.checkQueryCount(placeholder.getValuesCount());
    if (declared != 0 && declared != placeholder.getValuesCount()) {
      throw Invalid.parameter(
          "nq [%d] is invalid, the request has %d vectors", declared, placeholder.getValuesCount());
    }
    int expected = field.dimension() * Float.BYTES;
    for (ByteString value : placeholder.getValuesList()) {
      if (value.size() != expected) {
        throw Invalid.parameter(
            "vector dimension mismatch, expected vector size(byte) %d, actual %d",
            expected, value.size());
      }
      requireFinite(value);
    }
    return new QueryVectors(
        placeholder.getValuesCount(), ByteString.copyFrom(placeholder.getValuesList()));
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

  private static void requireType(Field field, PlaceholderValue placeholder) {
    if (placeholder.getType() == PlaceholderType.VarChar) {
      throw Invalid.notServed("search by text");
    }
    if (placeholder.getType() != PlaceholderType.FloatVector) {
      throw Invalid.parameter(
          "vector type must be the same, field %s - type %s, search info type %s",
          field.name(), field.type().milvusName(), placeholder.getType());
    }
  }

  private static void requireFinite(ByteString value) {
    ByteBuffer floats = value.asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
    while (floats.hasRemaining()) {
      float one = floats.getFloat();
      if (!Float.isFinite(one)) {
        throw Invalid.parameter("value '%s' is not a number or infinity", one);
      }
    }
  }

  static QueryVectors of(FloatVectorColumn vectors) {
    ByteBuffer buffer =
        ByteBuffer.allocate(vectors.values().length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    buffer.asFloatBuffer().put(vectors.values());
    return new QueryVectors(vectors.rowCount(), ByteString.copyFrom(buffer));
  }
}
