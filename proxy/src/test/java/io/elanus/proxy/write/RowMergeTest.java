package io.elanus.proxy.write;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.elanus.common.model.Column;
import io.elanus.common.model.Column.BytesColumn;
import io.elanus.common.model.Column.FloatVectorColumn;
import io.elanus.common.model.Column.Int64Column;
import io.elanus.common.model.Column.VarCharColumn;
import io.elanus.common.model.Key;
import io.elanus.common.model.RowBatch;
import io.elanus.proxy.Films;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class RowMergeTest {
  private static final Column STORED_TITLES = new VarCharColumn(new String[] {"a", "b"});
  private static final Column STORED_VECTORS = new FloatVectorColumn(new float[] {1, 2, 3, 4}, 2);

  private static BytesColumn texts(String... texts) {
    byte[][] values = new byte[texts.length][];
    for (int i = 0; i < texts.length; i++) {
      values[i] = texts[i].getBytes(UTF_8);
    }
    return new BytesColumn(values);
  }

  private static RowBatch given(int rows, Map<Long, Column> columns) {
    return new RowBatch(rows, new TreeMap<>(columns));
  }

  /// Keys 7 and 8 are stored.
  private static StoredRows stored(Map<Long, Column> columns) {
    return new StoredRows(Map.of(Key.of(7), 0, Key.of(8), 1), columns, List.of(5L));
  }

  @Test
  void fieldsThatAreNotGivenKeepTheirValues() {
    SortedMap<Long, Column> merged =
        RowMerge.merge(
            Films.SCHEMA,
            given(
                2,
                Map.of(
                    100L, new Int64Column(new long[] {8, 7}),
                    101L, new VarCharColumn(new String[] {"new 8", "new 7"}))),
            Map.of(),
            stored(Map.of(102L, STORED_VECTORS, 103L, texts("{\"k\": 1}", "{}"))));

    assertThat(column(merged, 101, VarCharColumn.class).values()).containsExactly("new 8", "new 7");
    assertThat(column(merged, 102, FloatVectorColumn.class).values()).containsExactly(3, 4, 1, 2);
    assertThat(text(merged, 0)).isEqualTo("{}");
    assertThat(text(merged, 1)).isEqualTo("{\"k\": 1}");
  }

  @Test
  void undeclaredKeysAreMergedOneByOne() {
    SortedMap<Long, Column> merged =
        RowMerge.merge(
            Films.SCHEMA,
            given(
                2,
                Map.of(
                    100L,
                    new Int64Column(new long[] {7, 8}),
                    103L,
                    texts("{\"b\":[1,{\"c\":2}],\"n\":null}", "{\"a\":1}"))),
            Map.of(),
            stored(
                Map.of(
                    101L, STORED_TITLES,
                    102L, STORED_VECTORS,
                    103L, texts("{\"a\": 1.50, \"b\": \"x\"}", "{}"))));

    assertThat(text(merged, 0)).isEqualTo("{\"a\":1.50,\"b\":[1,{\"c\":2}],\"n\":null}");
    assertThat(text(merged, 1)).isEqualTo("{\"a\":1}");
  }

  @Test
  void aRowThatIsNotThereNeedsWhatAnInsertNeeds() {
    RowBatch keysAlone = given(1, Map.of(100L, new Int64Column(new long[] {9})));
    StoredRows stored =
        stored(Map.of(101L, STORED_TITLES, 102L, STORED_VECTORS, 103L, texts("{}", "{}")));

    assertThatThrownBy(() -> RowMerge.merge(Films.SCHEMA, keysAlone, Map.of(), stored))
        .hasMessageStartingWith("fieldSchema(title) has no corresponding fieldData pass in");

    SortedMap<Long, Column> merged =
        RowMerge.merge(
            Films.SCHEMA,
            given(
                1,
                Map.of(
                    100L, new Int64Column(new long[] {9}),
                    101L, new VarCharColumn(new String[] {"t"}),
                    102L, new FloatVectorColumn(new float[] {5, 6}, 2))),
            Map.of(),
            stored);
    assertThat(text(merged, 0)).isEqualTo("{}");
  }

  private static <C extends Column> C column(
      SortedMap<Long, Column> columns, long fieldId, Class<C> type) {
    return type.cast(Objects.requireNonNull(columns.get(fieldId)));
  }

  private static String text(SortedMap<Long, Column> merged, int row) {
    return new String(column(merged, 103, BytesColumn.class).values()[row], UTF_8);
  }
}
