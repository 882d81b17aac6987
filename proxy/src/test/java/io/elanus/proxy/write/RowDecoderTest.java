package io.elanus.proxy.write;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.time.ZoneOffset.UTC;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.elanus.common.error.DbException;
import io.elanus.common.model.CollectionSchema;
import io.elanus.common.model.Column;
import io.elanus.common.model.Column.BytesColumn;
import io.elanus.common.model.RowBatch;
import io.elanus.proto.milvus.FieldData;
import io.elanus.proxy.Films;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class RowDecoderTest {
  private static final FieldData IDS = Films.ids(1, 2);
  private static final FieldData TITLES = Films.titles("a", "b");
  private static final FieldData VECTORS = Films.vectors(1, 2, 3, 4);

  @Test
  void everyFieldGetsAColumnAndUndeclaredKeysAnEmptyObject() {
    SortedMap<Long, Column> columns = decode(Films.SCHEMA, VECTORS, IDS, TITLES);

    assertThat(columns.keySet()).containsExactly(100L, 101L, 102L, 103L);
    BytesColumn meta = (BytesColumn) new RowBatch(2, columns).column(Films.META);
    assertThat(meta.values())
        .isDeepEqualTo(new byte[][] {"{}".getBytes(UTF_8), "{}".getBytes(UTF_8)});
  }

  @Test
  void theKeyMayBeMissingWhereItIsAssigned() {
    List<FieldData> data = List.of(VECTORS, TITLES);

    assertThat(RowDecoder.decode(Films.SCHEMA, UTC, data, 2, false)).doesNotContainKey(100L);
    assertThatThrownBy(() -> RowDecoder.decode(Films.SCHEMA, UTC, data, 2, true))
        .hasMessage("fieldSchema(id) has no corresponding fieldData pass in: invalid parameter");
  }

  /// How many rows there are is at first only what the request says.
  @Test
  void manyRowsWithoutAnyValueAreRefused() {
    CollectionSchema schema = new CollectionSchema("films", "", List.of(Films.ID, Films.META), 1);

    assertThat(RowDecoder.decode(schema, UTC, List.of(), 16_384, false)).containsOnlyKeys(103L);
    assertThatThrownBy(() -> RowDecoder.decode(schema, UTC, List.of(), Integer.MAX_VALUE, false))
        .isInstanceOf(DbException.class)
        .hasMessageStartingWith("2147483647 rows without a value for any field");
    assertThatThrownBy(() -> RowDecoder.decode(schema, UTC, List.of(IDS), Integer.MAX_VALUE, true))
        .hasMessageContaining("the num_rows (2) of field (id) is not equal to passed num_rows");
  }

  @Test
  void aLengthIsCountedInBytes() {
    assertThat(decode(Films.STRICT, IDS, Films.titles("0123456789", "üüüüü"), VECTORS)).hasSize(3);
  }

  @ParameterizedTest
  @MethodSource("mistakes")
  void aMistakeIsNamedInMilvusWords(List<FieldData> data, String text) {
    assertThatThrownBy(() -> decode(Films.SCHEMA, data.toArray(FieldData[]::new)))
        .isInstanceOf(DbException.class)
        .hasMessageContaining(text);
  }

  static Stream<Arguments> mistakes() {
    return Stream.of(
        mistake(
            "fieldSchema(title) has no corresponding fieldData pass in: invalid parameter",
            IDS,
            VECTORS),
        mistake(
            "the num_rows (1) of field (title) is not equal to passed num_rows (2):"
                + " invalid parameter[expected=2][actual=1]",
            IDS,
            VECTORS,
            Films.titles("a")),
        mistake(
            "the num_rows (3) of field (v) is not equal to passed num_rows (2)",
            IDS,
            TITLES,
            Films.vectors(1, 2, 3, 4, 5, 6)),
        mistake(
            "length of varchar field title exceeds max length, row number: 1, length: 12,"
                + " max length: 10",
            IDS,
            VECTORS,
            Films.titles("a", "üüüüüü")),
        mistake(
            "value 'NaN' is not a number or infinity",
            IDS,
            TITLES,
            Films.vectors(1, 2, Float.NaN, 4)),
        mistake(
            "value '-Infinity' is not a number or infinity",
            IDS,
            TITLES,
            Films.vectors(1, 2, 3, Float.NEGATIVE_INFINITY)),
        mistake("duplicated field data of field id", IDS, IDS, TITLES, VECTORS),
        mistake(
            "fieldName year not exist in collection schema, more fieldData has pass in:"
                + " invalid parameter[expected=3][actual=4]",
            IDS,
            TITLES,
            VECTORS,
            IDS.toBuilder().setFieldName("year").build()),
        mistake(
            "invalid dynamic field data, only json map is supported",
            IDS,
            TITLES,
            VECTORS,
            Films.meta("{}", "[1]")),
        mistake(
            "invalid json data of field $meta, row number: 0",
            IDS,
            TITLES,
            VECTORS,
            Films.meta("{\"a\":", "{}")),
        mistake(
            "dynamic field name cannot include the static field name: title",
            IDS,
            TITLES,
            VECTORS,
            Films.meta("{\"a\":1}", "{\"title\":\"x\"}")),
        mistake(
            "cannot set json key to: $meta",
            IDS,
            TITLES,
            VECTORS,
            Films.meta("{}", "{\"$meta\":{}}")),
        mistake(
            "the length (65546) of dynamic field exceeds max length (65536)",
            IDS,
            TITLES,
            VECTORS,
            Films.meta("{\"a\":\"" + "x".repeat(65538) + "\"}", "{}")));
  }

  @Test
  void undeclaredKeysNeedThePermissionOfTheSchema() {
    assertThatThrownBy(() -> decode(Films.STRICT, IDS, TITLES, VECTORS, Films.meta("{}", "{}")))
        .hasMessage(
            "without dynamic schema enabled, the field name cannot be set to $meta:"
                + " invalid parameter");
  }

  @Test
  void anEmptyRequestIsRefused() {
    assertThatThrownBy(() -> RowDecoder.decode(Films.SCHEMA, UTC, new ArrayList<>(), 0, true))
        .hasMessage(
            "num_rows should be greater than 0: "
                + "invalid parameter[expected=invalid num_rows][actual=0]");
  }

  private static SortedMap<Long, Column> decode(CollectionSchema schema, FieldData... data) {
    return RowDecoder.decode(schema, UTC, List.of(data), 2, true);
  }

  private static Arguments mistake(String text, FieldData... data) {
    return Arguments.of(List.of(data), text);
  }
}
