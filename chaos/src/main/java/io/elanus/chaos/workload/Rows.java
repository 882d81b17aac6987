package io.elanus.chaos.workload;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Rows that verify themselves: every field of a row but its key and version is a function of (collection,
/// key, version) under a secret, HMAC-SHA256. A row read back proves which write it came from and that no byte
/// of it changed.
///
/// | Field | Value |
/// |---|---|
/// | `id` | the key |
/// | `version` | unique among the writes of the key, above 0 |
/// | `vector` | floats in [0, 1) of 16 random bits each |
/// | `number` | a double in [0, 1) of 53 random bits |
/// | `text` | 1 to 200 hexadecimal digits |
public final class Rows {
  /// Of a collection whose vectors are not what matters.
  public static final int SMALL = 8;

  public static final String ID = "id";
  public static final String VERSION = "version";
  public static final String VECTOR = "vector";
  public static final String NUMBER = "number";
  public static final String TEXT = "text";
  static final int MAX_TEXT = 200;

  private static final String ALGORITHM = "HmacSHA256";
  private static final String SECRET = "Elanus: the black-winged kites";
  private static final int BLOCK_BYTES = 32;
  private static final int FIRST_VECTOR_BLOCK = 1_000;

  private final String collection;
  private final int dimension;

  public Rows(String collection, int dimension) {
    this.collection = collection;
    this.dimension = dimension;
  }

  int dimension() {
    return dimension;
  }

  /// The row as the SDK takes it.
  public JsonObject row(long key, long version) {
    Content content = content(key, version);
    JsonArray vector = new JsonArray(dimension);
    content.vector.forEach(vector::add);
    JsonObject row = new JsonObject();
    row.addProperty(ID, key);
    row.addProperty(VERSION, version);
    row.add(VECTOR, vector);
    row.addProperty(NUMBER, content.number);
    row.addProperty(TEXT, content.text);
    return row;
  }

  public List<Float> vector(long key, long version) {
    List<Float> vector = new ArrayList<>(dimension);
    for (int block = 0; vector.size() < dimension; block++) {
      ByteBuffer bytes = block(key, version, FIRST_VECTOR_BLOCK + block);
      while (bytes.hasRemaining() && vector.size() < dimension) {
        vector.add((bytes.getShort() & 0xFFFF) / (float) (1 << 16));
      }
    }
    return vector;
  }

  /// What is wrong with a row as the SDK returns it, all fields; empty when nothing is.
  public Optional<String> defect(Map<String, Object> row) {
    if (!(row.get(ID) instanceof Long key) || !(row.get(VERSION) instanceof Long version)) {
      return Optional.of("a row without key or version: %s".formatted(row));
    }
    Content content = content(key, version);
    boolean genuine =
        Objects.equals(row.get(VECTOR), content.vector)
            && Objects.equals(row.get(NUMBER), content.number)
            && Objects.equals(row.get(TEXT), content.text);
    return genuine
        ? Optional.empty()
        : Optional.of("%s, but version %d was %s".formatted(row, version, content));
  }

  private record Content(List<Float> vector, double number, String text) {}

  private Content content(long key, long version) {
    ByteBuffer numbers = block(key, version, 0);
    double number = (numbers.getLong() >>> 11) * 0x1.0p-53;
    int textLength = 1 + (numbers.getInt() >>> 1) % MAX_TEXT;
    return new Content(vector(key, version), number, text(key, version, textLength));
  }

  private String text(long key, long version, int length) {
    StringBuilder text = new StringBuilder();
    for (int i = 1; text.length() < length; i++) {
      text.append(HexFormat.of().formatHex(block(key, version, i).array()));
    }
    return text.substring(0, length);
  }

  private ByteBuffer block(long key, long version, int number) {
    byte[] name = collection.getBytes(StandardCharsets.UTF_8);
    ByteBuffer message = ByteBuffer.allocate(name.length + 2 * Long.BYTES + Integer.BYTES);
    message.put(name).putLong(key).putLong(version).putInt(number);
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(new SecretKeySpec(SECRET.getBytes(StandardCharsets.UTF_8), ALGORITHM));
      return ByteBuffer.wrap(mac.doFinal(message.array()), 0, BLOCK_BYTES);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK brings " + ALGORITHM, e);
    }
  }
}
