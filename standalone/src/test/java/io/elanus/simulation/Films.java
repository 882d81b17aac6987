package io.elanus.simulation;

import com.google.protobuf.ByteString;
import io.elanus.common.model.CollectionSchema;
import io.elanus.common.model.DataType;
import io.elanus.common.model.Field;
import io.elanus.proto.milvus.FieldData;
import io.elanus.proto.milvus.FloatArray;
import io.elanus.proto.milvus.LongArray;
import io.elanus.proto.milvus.PlaceholderGroup;
import io.elanus.proto.milvus.PlaceholderType;
import io.elanus.proto.milvus.PlaceholderValue;
import io.elanus.proto.milvus.ScalarField;
import io.elanus.proto.milvus.VectorField;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Map;

/// The collection everybody works on. A row's vector and its `tag` tell which write made it.
final class Films {
  static final String NAME = "films";
  static final int DIMENSION = 4;

  /// In vectors; one less than a power of two.
  static final int LARGEST = 7;

  static final long ID = Field.FIRST_ID;
  static final long VECTOR = Field.FIRST_ID + 1;
  static final long TAG = Field.FIRST_ID + 2;
  static final long GROUP = Field.FIRST_ID + 3;

  private Films() {}

  static CollectionSchema schema() {
    return new CollectionSchema(
        NAME,
        "",
        List.of(
            field("id", DataType.INT64, true, Map.of()),
            field("v", DataType.FLOAT_VECTOR, false, Map.of("dim", "" + DIMENSION)),
            field("tag", DataType.INT64, false, Map.of()),
            field("grp", DataType.INT64, false, Map.of())),
        0);
  }

  private static Field field(String name, DataType type, boolean key, Map<String, String> params) {
    return new Field(0, name, "", type, key, false, false, false, params);
  }

  /// @param keys, tags, groups of the rows, in their order
  static List<FieldData> columns(long[] keys, long[] tags, long[] groups) {
    FloatArray.Builder vectors = FloatArray.newBuilder();
    for (long tag : tags) {
      for (float value : vector(tag)) {
        vectors.addData(value);
      }
    }
    FieldData vector =
        FieldData.newBuilder()
            .setFieldName("v")
            .setType(io.elanus.proto.milvus.DataType.FloatVector)
            .setVectors(VectorField.newBuilder().setDim(DIMENSION).setFloatVector(vectors))
            .build();
    return List.of(longs("id", keys), vector, longs("tag", tags), longs("grp", groups));
  }

  private static FieldData longs(String name, long[] values) {
    LongArray.Builder array = LongArray.newBuilder();
    for (long value : values) {
      array.addData(value);
    }
    return FieldData.newBuilder()
        .setFieldName(name)
        .setType(io.elanus.proto.milvus.DataType.Int64)
        .setScalars(ScalarField.newBuilder().setLongData(array))
        .build();
  }

  /// A vector of small integers, drawn by the tag: distances are exact, and often equal.
  static float[] vector(long tag) {
    float[] vector = new float[DIMENSION];
    long bits = tag * 0x9E37_79B9_7F4A_7C15L;
    for (int i = 0; i < DIMENSION; i++) {
      vector[i] = bits >>> (16 * i) & LARGEST;
    }
    return vector;
  }

  static ByteString placeholders(float[] vector) {
    ByteBuffer bytes = ByteBuffer.allocate(4 * vector.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(vector);
    PlaceholderValue value =
        PlaceholderValue.newBuilder()
            .setTag("$0")
            .setType(PlaceholderType.FloatVector)
            .addValues(ByteString.copyFrom(bytes))
            .build();
    return PlaceholderGroup.newBuilder().addPlaceholders(value).build().toByteString();
  }
}
