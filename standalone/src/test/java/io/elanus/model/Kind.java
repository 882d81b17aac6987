package io.elanus.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.ByteString;
import io.elanus.proto.milvus.DataType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/// What a field can hold, and the Java type the model has for it. Values are drawn from few, so that filters hit.
enum Kind {
  /// `Boolean`
  BOOL(DataType.Bool),
  /// `Long`, as all integers
  INT8(DataType.Int8),
  INT16(DataType.Int16),
  INT32(DataType.Int32),
  INT64(DataType.Int64),
  /// `Float`, a multiple of a half, so that a text of it is exact
  FLOAT(DataType.Float),
  /// `Double`, the same
  DOUBLE(DataType.Double),
  /// `String`
  VARCHAR(DataType.VarChar),
  /// `JsonNode`
  JSON(DataType.JSON),
  /// `List<Long>`
  INT_ARRAY(DataType.Array),
  /// `List<String>`
  TEXT_ARRAY(DataType.Array),
  /// `List<Map<String, Object>>`: structs, each with a value of every sub-field
  STRUCTS(DataType.ArrayOfStruct),
  /// `List<Float>`, of whole numbers: distances are exact
  VECTOR(DataType.FloatVector),
  /// `ByteString`, as all that follow
  BITS(DataType.BinaryVector),
  HALF(DataType.Float16Vector),
  BRAIN(DataType.BFloat16Vector),
  BYTES(DataType.Int8Vector),
  SPARSE(DataType.SparseFloatVector);

  /// Of every vector field but sparse ones.
  static final int DIMENSION = 8;

  /// 0, 1, 2 and -3, as float16 and as bfloat16.
  private static final short[] HALVES = {0, 0x3c00, 0x4000, (short) 0xc200};

  private static final short[] BRAINS = {0, 0x3f80, 0x4000, (short) 0xc040};

  final DataType wire;

  Kind(DataType wire) {
    this.wire = wire;
  }

  boolean isInteger() {
    return this == INT8 || this == INT16 || this == INT32 || this == INT64;
  }

  boolean isNumber() {
    return isInteger() || this == FLOAT || this == DOUBLE;
  }

  boolean isArray() {
    return this == INT_ARRAY || this == TEXT_ARRAY;
  }

  boolean isVector() {
    return ordinal() >= VECTOR.ordinal();
  }

  DataType element() {
    return this == INT_ARRAY ? DataType.Int32 : DataType.VarChar;
  }

  Object draw(RandomGenerator random) {
    return switch (this) {
      case BOOL -> random.nextBoolean();
      case INT8, INT16, INT32, INT64 -> integer(random);
      case FLOAT -> random.nextInt(-6, 7) / 2f;
      case DOUBLE -> random.nextInt(-6, 7) / 2.0;
      case VARCHAR -> text(random);
      case JSON -> json(random);
      case INT_ARRAY -> list(random, integers -> integer(integers));
      case TEXT_ARRAY -> list(random, texts -> text(texts));
      case STRUCTS -> throw new IllegalArgumentException("the field knows what is in its structs");
      case VECTOR ->
          IntStream.range(0, DIMENSION).mapToObj(_ -> (float) random.nextInt(-3, 4)).toList();
      case BITS -> ByteString.copyFrom(new byte[] {(byte) random.nextInt()});
      case HALF -> shorts(HALVES, random);
      case BRAIN -> shorts(BRAINS, random);
      case BYTES -> {
        byte[] bytes = new byte[DIMENSION];
        random.nextBytes(bytes);
        yield ByteString.copyFrom(bytes);
      }
      case SPARSE -> sparse(random);
    };
  }

  static long integer(RandomGenerator random) {
    return random.nextInt(-5, 6);
  }

  static String text(RandomGenerator random) {
    String letters = "abc";
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(4); i > 0; i--) {
      text.append(letters.charAt(random.nextInt(3)));
    }
    return text.toString();
  }

  /// An object; sometimes one with an object in it.
  static ObjectNode json(RandomGenerator random) {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    for (String key : List.of("x", "y", "z")) {
      switch (random.nextInt(5)) {
        case 0 -> node.put(key, (int) integer(random));
        case 1 -> node.put(key, text(random));
        case 2 -> node.put(key, random.nextBoolean());
        case 3 -> node.set(key, JsonNodeFactory.instance.objectNode().put("in", 1));
        default -> {}
      }
    }
    return node;
  }

  private static List<Object> list(
      RandomGenerator random, java.util.function.Function<RandomGenerator, Object> draw) {
    List<Object> list = new ArrayList<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      list.add(draw.apply(random));
    }
    return list;
  }

  private static ByteString shorts(short[] values, RandomGenerator random) {
    ByteBuffer bytes = ByteBuffer.allocate(2 * DIMENSION).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < DIMENSION; i++) {
      bytes.putShort(values[random.nextInt(values.length)]);
    }
    return ByteString.copyFrom(bytes.flip());
  }

  private static ByteString sparse(RandomGenerator random) {
    TreeMap<Integer, Float> entries = new TreeMap<>();
    for (int i = random.nextInt(1, 5); i > 0; i--) {
      entries.put(random.nextInt(100), (float) random.nextInt(1, 5));
    }
    ByteBuffer bytes = ByteBuffer.allocate(8 * entries.size()).order(ByteOrder.LITTLE_ENDIAN);
    entries.forEach((index, value) -> bytes.putInt(index).putFloat(value));
    return ByteString.copyFrom(bytes.flip());
  }

  static boolean isObject(Object value) {
    return value instanceof JsonNode node && node.isObject();
  }
}
