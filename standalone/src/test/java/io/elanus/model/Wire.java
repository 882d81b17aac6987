package io.elanus.model;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.ByteString;
import io.elanus.proto.milvus.DataType;
import io.elanus.proto.milvus.FieldData;
import io.elanus.proto.milvus.ScalarField;
import io.elanus.proto.milvus.VectorField;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/// Columns as SDKs send and read them.
final class Wire {
  private static final ObjectMapper JSON = new ObjectMapper();

  private Wire() {}

  /// Nulls travel as flags; the values beside them are left out, or filled in, as SDKs do either.
  static FieldData encode(ModelField field, List<Optional<Object>> values, RandomGenerator random) {
    FieldData.Builder data =
        FieldData.newBuilder().setFieldName(field.name()).setType(field.kind().wire);
    if (field.kind() == Kind.STRUCTS) {
      return Structs.encode(field, values, data, random);
    }
    List<Object> sent = sent(field, values, data, field.kind().isVector(), random);
    if (field.kind().isVector()) {
      data.setVectors(vectors(field.kind(), sent));
    } else {
      data.setScalars(scalars(field.kind(), sent));
    }
    return data.build();
  }

  /// The values that travel; `data` gets the flags.
  static List<Object> sent(
      ModelField field,
      List<Optional<Object>> values,
      FieldData.Builder data,
      boolean compactOnly,
      RandomGenerator random) {
    boolean anyNull = values.stream().anyMatch(Optional::isEmpty);
    boolean compact = compactOnly || random.nextBoolean();
    List<Object> sent = new ArrayList<>();
    for (Optional<Object> value : values) {
      if (anyNull) {
        data.addValidData(value.isPresent());
      }
      if (value.isPresent() || !compact) {
        sent.add(value.orElseGet(() -> field.draw(random)));
      }
    }
    return sent;
  }

  /// Undeclared keys of each row.
  static FieldData encodeDynamic(List<JsonNode> rows) {
    ScalarField.Builder scalars = ScalarField.newBuilder();
    rows.forEach(row -> scalars.getJsonDataBuilder().addData(bytes(row)));
    return FieldData.newBuilder()
        .setType(DataType.JSON)
        .setIsDynamic(true)
        .setScalars(scalars)
        .build();
  }

  private static ByteString bytes(Object json) {
    try {
      return ByteString.copyFrom(JSON.writeValueAsBytes(json));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  static JsonNode parse(ByteString json) {
    try {
      return JSON.readTree(json.toByteArray());
    } catch (IOException e) {
      throw new IllegalStateException(json.toString(UTF_8), e);
    }
  }

  static ScalarField scalars(Kind kind, List<Object> values) {
    ScalarField.Builder scalars = ScalarField.newBuilder();
    switch (kind) {
      case BOOL -> scalars.getBoolDataBuilder();
      case INT8, INT16, INT32 -> scalars.getIntDataBuilder();
      case INT64 -> scalars.getLongDataBuilder();
      case FLOAT -> scalars.getFloatDataBuilder();
      case DOUBLE -> scalars.getDoubleDataBuilder();
      case VARCHAR -> scalars.getStringDataBuilder();
      case JSON -> scalars.getJsonDataBuilder();
      default -> scalars.getArrayDataBuilder().setElementType(kind.element());
    }
    for (Object value : values) {
      switch (kind) {
        case BOOL -> scalars.getBoolDataBuilder().addData((Boolean) value);
        case INT8, INT16, INT32 -> scalars.getIntDataBuilder().addData(((Long) value).intValue());
        case INT64 -> scalars.getLongDataBuilder().addData((Long) value);
        case FLOAT -> scalars.getFloatDataBuilder().addData((Float) value);
        case DOUBLE -> scalars.getDoubleDataBuilder().addData((Double) value);
        case VARCHAR -> scalars.getStringDataBuilder().addData((String) value);
        case JSON -> scalars.getJsonDataBuilder().addData(bytes(value));
        default -> scalars.getArrayDataBuilder().addData(elements(kind, (List<?>) value));
      }
    }
    return scalars.build();
  }

  private static ScalarField elements(Kind kind, List<?> values) {
    ScalarField.Builder elements = ScalarField.newBuilder();
    if (kind == Kind.INT_ARRAY) {
      elements.getIntDataBuilder();
      values.forEach(value -> elements.getIntDataBuilder().addData(((Long) value).intValue()));
    } else {
      elements.getStringDataBuilder();
      values.forEach(value -> elements.getStringDataBuilder().addData((String) value));
    }
    return elements.build();
  }

  static VectorField vectors(Kind kind, List<Object> values) {
    VectorField.Builder vectors = VectorField.newBuilder().setDim(Kind.DIMENSION);
    switch (kind) {
      case VECTOR -> {
        vectors.getFloatVectorBuilder();
        for (Object value : values) {
          ((List<?>) value).forEach(x -> vectors.getFloatVectorBuilder().addData((Float) x));
        }
      }
      case BITS -> vectors.setBinaryVector(joined(values));
      case HALF -> vectors.setFloat16Vector(joined(values));
      case BRAIN -> vectors.setBfloat16Vector(joined(values));
      case BYTES -> vectors.setInt8Vector(joined(values));
      default -> {
        vectors.setDim(100).getSparseFloatVectorBuilder().setDim(100);
        values.forEach(
            value -> vectors.getSparseFloatVectorBuilder().addContents((ByteString) value));
      }
    }
    return vectors.build();
  }

  private static ByteString joined(List<Object> values) {
    return ByteString.copyFrom(values.stream().map(ByteString.class::cast).toList());
  }

  /// One value per row; nulls as flags say, whether or not something stands in their place.
  static List<Optional<Object>> decode(ModelField field, FieldData data, int rowCount) {
    Kind kind = field.kind();
    if (kind == Kind.STRUCTS) {
      return Structs.decode(field, data, rowCount);
    }
    return byFlags(
        kind.isVector() ? vectors(kind, data.getVectors()) : scalars(kind, data.getScalars()),
        data,
        rowCount);
  }

  static List<Optional<Object>> byFlags(List<Object> values, FieldData data, int rowCount) {
    List<Boolean> valid = data.getValidDataList();
    List<Optional<Object>> rows = new ArrayList<>();
    int next = 0;
    boolean compact = values.size() < rowCount;
    for (int row = 0; row < rowCount; row++) {
      boolean there = valid.isEmpty() || valid.get(row);
      rows.add(there ? Optional.of(values.get(next)) : Optional.empty());
      next += there || !compact ? 1 : 0;
    }
    return rows;
  }

  static List<Object> scalars(Kind kind, ScalarField data) {
    return switch (kind) {
      case BOOL -> List.copyOf(data.getBoolData().getDataList());
      case INT8, INT16, INT32 -> longs(data);
      case INT64 -> List.copyOf(data.getLongData().getDataList());
      case FLOAT -> List.copyOf(data.getFloatData().getDataList());
      case DOUBLE -> List.copyOf(data.getDoubleData().getDataList());
      case VARCHAR -> List.copyOf(data.getStringData().getDataList());
      case JSON ->
          data.getJsonData().getDataList().stream().map(json -> (Object) parse(json)).toList();
      default ->
          data.getArrayData().getDataList().stream()
              .map(array ->
                  (Object)
                      (kind == Kind.INT_ARRAY
                          ? longs(array)
                          : List.copyOf(array.getStringData().getDataList())))
              .toList();
    };
  }

  private static List<Object> longs(ScalarField data) {
    return data.getIntData().getDataList().stream().map(i -> (Object) i.longValue()).toList();
  }

  static List<Object> vectors(Kind kind, VectorField vectors) {
    return switch (kind) {
      case VECTOR -> {
        List<Float> all = vectors.getFloatVector().getDataList();
        List<Object> each = new ArrayList<>();
        for (int i = 0; i < all.size(); i += Kind.DIMENSION) {
          each.add(List.copyOf(all.subList(i, i + Kind.DIMENSION)));
        }
        yield each;
      }
      case BITS -> cut(vectors.getBinaryVector(), Kind.DIMENSION / 8);
      case HALF -> cut(vectors.getFloat16Vector(), 2 * Kind.DIMENSION);
      case BRAIN -> cut(vectors.getBfloat16Vector(), 2 * Kind.DIMENSION);
      case BYTES -> cut(vectors.getInt8Vector(), Kind.DIMENSION);
      default -> List.copyOf(vectors.getSparseFloatVector().getContentsList());
    };
  }

  private static List<Object> cut(ByteString bytes, int size) {
    List<Object> each = new ArrayList<>();
    for (int i = 0; i < bytes.size(); i += size) {
      each.add(bytes.substring(i, i + size));
    }
    return each;
  }
}
