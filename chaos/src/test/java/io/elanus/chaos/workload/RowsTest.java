package io.elanus.chaos.workload;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RowsTest {
  private final Rows rows = new Rows("birds", 37);

  @Test
  void whatWasWrittenIsGenuine() {
    for (long key = -50; key < 50; key++) {
      assertThat(rows.defect(returned(rows.row(key, key * key + 1)))).isEmpty();
    }
  }

  @Test
  void everyVersionOfEveryKeyIsItsOwn() {
    Set<List<Float>> vectors = new HashSet<>();
    for (long key = 0; key < 100; key++) {
      for (long version = 1; version <= 10; version++) {
        vectors.add(rows.vector(key, version));
      }
    }

    assertThat(vectors).hasSize(1000);
    assertThat(new Rows("others", 37).vector(1, 1)).isNotEqualTo(rows.vector(1, 1));
  }

  @Test
  void anyChangeIsFound() {
    assertChangeIsFound(Rows.ID, 4L);
    assertChangeIsFound(Rows.VERSION, 8L);
    assertChangeIsFound(Rows.NUMBER, 0.5);
    assertChangeIsFound(Rows.TEXT, "");
    List<Float> vector = new ArrayList<>(rows.vector(3, 7));
    vector.set(36, Math.nextUp(vector.get(36)));
    assertChangeIsFound(Rows.VECTOR, vector);
  }

  private void assertChangeIsFound(String field, Object value) {
    Map<String, Object> row = returned(rows.row(3, 7));
    row.put(field, value);

    assertThat(rows.defect(row)).isPresent();
  }

  /// What the SDK makes of the row on its way back.
  private static Map<String, Object> returned(JsonObject row) {
    Map<String, Object> fields = new HashMap<>();
    fields.put(Rows.ID, row.get(Rows.ID).getAsLong());
    fields.put(Rows.VERSION, row.get(Rows.VERSION).getAsLong());
    fields.put(Rows.NUMBER, row.get(Rows.NUMBER).getAsDouble());
    fields.put(Rows.TEXT, Objects.requireNonNull(row.get(Rows.TEXT)).getAsString());
    List<Float> vector = new ArrayList<>();
    row.getAsJsonArray(Rows.VECTOR).forEach(value -> vector.add(value.getAsFloat()));
    fields.put(Rows.VECTOR, vector);
    return fields;
  }
}
