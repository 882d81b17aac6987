package io.elanus.proxy.write;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.elanus.common.model.CollectionSchema;
import io.elanus.common.model.Column;
import io.elanus.common.model.Column.Int64Column;
import io.elanus.common.model.DataType;
import io.elanus.common.model.Field;
import io.elanus.common.model.ListColumn;
import io.elanus.common.model.StructField;
import io.elanus.proto.milvus.FieldData;
import io.elanus.proto.milvus.StructArrayField;
import io.elanus.rpc.codec.FieldDataCodec;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// A struct `s` of two lists of numbers, in two rows.
class StructColumnsTest {
  private static final FieldData A = list("a", 1, 2);
  private static final FieldData B = list("b", 1, 2);

  private static CollectionSchema schema(boolean nullable) {
    return new CollectionSchema(
        "c",
        "",
        List.of(field(101, "s[a]", nullable), field(102, "s[b]", nullable)),
        List.of(new StructField(100, "s", "", nullable, Map.of())),
        1);
  }

  private static Field field(long id, String name, boolean nullable) {
    return new Field(
        id,
        name,
        "",
        DataType.ARRAY,
        false,
        false,
        false,
        false,
        nullable,
        Optional.empty(),
        Optional.of(DataType.INT64),
        Map.of("max_capacity", "5"));
  }

  /// Rows of as many numbers as `lengths` say.
  private static FieldData list(String name, int... lengths) {
    int[] starts = new int[lengths.length + 1];
    for (int row = 0; row < lengths.length; row++) {
      starts[row + 1] = starts[row] + lengths[row];
    }
    Column lists = new ListColumn(new Int64Column(new long[starts[lengths.length]]), starts);
    return FieldDataCodec.encode(field(0, name, false), lists);
  }

  private static FieldData.Builder empty(String name, Boolean... valid) {
    return FieldData.newBuilder().setFieldName(name).addAllValidData(List.of(valid));
  }

  private static FieldData valid(FieldData data, Boolean... valid) {
    return data.toBuilder().addAllValidData(List.of(valid)).build();
  }

  private static FieldData struct(FieldData... fields) {
    return FieldData.newBuilder()
        .setFieldName("s")
        .setStructArrays(StructArrayField.newBuilder().addAllFields(List.of(fields)))
        .build();
  }

  private static SortedMap<Long, Column> decode(boolean nullable, FieldData... data) {
    return RowDecoder.decode(schema(nullable), ZoneOffset.UTC, List.of(data), 2, true);
  }

  @Test
  void subFieldsAreFoundByTheirNamesInAnyOrder() {
    assertThat(decode(false, struct(B, A)).keySet()).containsExactly(101L, 102L);
    FieldData longName = A.toBuilder().setFieldName("s[a]").build();
    assertThat(decode(false, struct(longName, B)).keySet()).containsExactly(101L, 102L);
  }

  @Test
  void nullsAreSaidByTheSubFieldsOrByTheStruct() {
    FieldData a = list("a", 2);
    FieldData b = list("b", 2);
    FieldData byFields = struct(valid(a, false, true), valid(b, false, true));
    FieldData byStruct = valid(struct(a, b), false, true);

    assertThat(decode(true, byFields)).usingRecursiveComparison().isEqualTo(decode(true, byStruct));
    assertThat(decode(true))
        .usingRecursiveComparison()
        .isEqualTo(
            decode(
                true, struct(empty("a", false, false).build(), empty("b", false, false).build())));
    assertThat(decode(true, struct(empty("a").build(), empty("b").build())))
        .usingRecursiveComparison()
        .isEqualTo(decode(true));
  }

  @ParameterizedTest
  @MethodSource("mistakes")
  void aMistakeIsNamedInMilvusWords(boolean nullable, List<FieldData> data, String text) {
    assertThatThrownBy(() -> decode(nullable, data.toArray(FieldData[]::new)))
        .hasMessageStartingWith(text);
  }

  static Stream<Arguments> mistakes() {
    return Stream.of(
        mistake(false, "required struct array field 's' is missing in insert data"),
        mistake(
            false,
            "fieldName s[a] not exist in collection schema, fieldType Array, fieldId 0",
            A.toBuilder().setFieldName("s[a]").build(),
            B.toBuilder().setFieldName("s[b]").build()),
        mistake(
            false,
            "field convert FieldData_StructArrays fail in fieldData, fieldName: s,"
                + " collectionName:c",
            A.toBuilder().setFieldName("s").build()),
        mistake(
            false,
            "length of fields of struct field mismatch length of the fields in schema, fieldName:"
                + " s, collectionName:c, fieldData fields length:1, schema fields length:2",
            struct(A)),
        mistake(
            false,
            "sub-field 'x' not found in struct schema 's'",
            struct(A, B.toBuilder().setFieldName("x").build())),
        mistake(false, "duplicated field data of field s[a]", struct(A, A)),
        mistake(
            false,
            "inconsistent sub-field data in struct 's': 1 of 2 sub-fields have data,"
                + " all must be present or all absent",
            struct(A, empty("b").build())),
        mistake(
            true,
            "sub-field 'b' in struct 's' claims row 1 is valid but no payload is provided",
            struct(empty("a").build(), empty("b", false, true).build())),
        mistake(
            false,
            "inconsistent struct element count in struct 's' at row 1: 'a' has 2, 'b' has 3",
            struct(A, list("b", 1, 3))),
        mistake(
            true,
            "inconsistent struct element count in struct 's' at row 1: 'a' has 2, 'b' has 3",
            struct(valid(list("a", 2), false, true), valid(list("b", 3), false, true))),
        mistake(
            true,
            "sub-field ValidData mismatch in struct 's' at row 0: 'a'=false, 'b'=true",
            struct(valid(list("a", 2), false, true), valid(list("b", 2), true, false))),
        mistake(
            false,
            "the num_rows (1) of field (s[b]) is not equal to passed num_rows (2)",
            struct(A, list("b", 1))),
        mistake(
            false,
            "the length (6) of 1th array exceeds max capacity (5)",
            struct(list("a", 1, 6), list("b", 1, 6))));
  }

  private static Arguments mistake(boolean nullable, String text, FieldData... data) {
    return Arguments.of(nullable, List.of(data), text);
  }
}
