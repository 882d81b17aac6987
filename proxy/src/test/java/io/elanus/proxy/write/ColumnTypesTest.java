package io.elanus.proxy.write;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.elanus.common.model.CollectionSchema;
import io.elanus.common.model.Column;
import io.elanus.common.model.Column.ByteVectorColumn;
import io.elanus.common.model.Column.BytesColumn;
import io.elanus.common.model.Column.Int32Column;
import io.elanus.common.model.Column.Int64Column;
import io.elanus.common.model.Column.VarCharColumn;
import io.elanus.common.model.DataType;
import io.elanus.common.model.DefaultValue;
import io.elanus.common.model.Field;
import io.elanus.common.model.HalfFloats;
import io.elanus.common.model.ListColumn;
import io.elanus.common.model.NullableColumn;
import io.elanus.proto.milvus.FieldData;
import io.elanus.proto.milvus.ScalarField;
import io.elanus.proto.milvus.StringArray;
import io.elanus.rpc.codec.FieldDataCodec;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// What rows of each type may hold, and what they get that come without a value.
class ColumnTypesTest {
  @Test
  void rowsWithoutAValueGetTheDefaultOrNull() {
    Field seven =
        field(DataType.INT64, false, Optional.of(new DefaultValue.IntValue(7)), Optional.empty());
    Field either =
        field(DataType.INT64, true, Optional.of(new DefaultValue.IntValue(7)), Optional.empty());
    Field nothing = field(DataType.INT64, true, Optional.empty(), Optional.empty());
    FieldData some =
        FieldDataCodec.encode(
            nothing,
            new NullableColumn(new Int64Column(new long[] {1}), new boolean[] {true, false}));

    assertThat(decode(seven, some)).isEqualTo("1 7");
    assertThat(decode(either, some)).isEqualTo("1 7");
    assertThat(decode(nothing, some)).isEqualTo("1 null");
    assertThat(decode(seven)).isEqualTo("7 7");
    assertThat(decode(either)).isEqualTo("7 7");
    assertThat(decode(nothing)).isEqualTo("null null");
  }

  private static String decode(Field field, FieldData... data) {
    CollectionSchema schema = new CollectionSchema("c", "", List.of(field), 1);
    NullableColumn column =
        NullableColumn.allValid(
            Objects.requireNonNull(
                RowDecoder.decode(schema, ZoneOffset.UTC, List.of(data), 2, true).get(field.id())));
    long[] values = ((Int64Column) column.values()).values();
    int[] ranks = column.ranks();
    return text(column.valid()[0], values, ranks[0])
        + " "
        + text(column.valid()[1], values, ranks[1]);
  }

  private static String text(boolean valid, long[] values, int rank) {
    return valid ? Long.toString(values[rank]) : "null";
  }

  @Test
  void timesComeAsTexts() {
    Field field = field(DataType.TIMESTAMPTZ, true, Optional.empty(), Optional.empty());
    FieldData texts =
        FieldData.newBuilder()
            .setFieldName("f")
            .setScalars(
                ScalarField.newBuilder()
                    .setStringData(StringArray.newBuilder().addData("1970-01-01T00:00:01Z")))
            .addAllValidData(List.of(true, false))
            .build();

    assertThat(decode(field, texts)).isEqualTo("1000000 null");
  }

  @ParameterizedTest
  @MethodSource("mistakes")
  void aMistakeIsNamedInMilvusWords(DataType type, Column column, String text) {
    Field field = field(type, false, Optional.empty(), Optional.of(DataType.VARCHAR));

    assertThatThrownBy(() -> ColumnCheck.check(field, column)).hasMessageContaining(text);
  }

  static Stream<Arguments> mistakes() {
    return Stream.of(
        Arguments.of(
            DataType.INT8,
            new Int32Column(new int[] {1, 128}),
            "the 1th element (128) out of range: [-128, 127]: invalid parameter"
                + "[expected=integer doesn't overflow][actual=out of range]"),
        Arguments.of(
            DataType.INT16, new Int32Column(new int[] {-32769}), "out of range: [-32768, 32767]"),
        Arguments.of(
            DataType.FLOAT16_VECTOR,
            new ByteVectorColumn(HalfFloats.toFloat16(new float[] {1, Float.NaN}), 4),
            "value 'NaN' is not a number or infinity"),
        Arguments.of(
            DataType.ARRAY,
            new ListColumn(new VarCharColumn(new String[] {"a", "b", "c"}), new int[] {0, 3}),
            "the length (3) of 0th array exceeds max capacity (2)"),
        Arguments.of(
            DataType.ARRAY,
            new ListColumn(new VarCharColumn(new String[] {"a", "too long"}), new int[] {0, 0, 2}),
            "length of Array array field \"f\" exceeds max length, row number: 1, array index: 1,"
                + " length: 8, max length: 5"),
        sparse("unsorted or same indices in sparse float vector", 5, 1, 5, 1),
        sparse("unsorted or same indices in sparse float vector", 5, 1, 4, 1),
        sparse("negative value in sparse float vector", 5, -1),
        sparse("value 'Infinity' is not a number or infinity", 5, Float.POSITIVE_INFINITY),
        sparse("invalid index in sparse float vector", -1, 1),
        Arguments.of(
            DataType.SPARSE_FLOAT_VECTOR,
            new BytesColumn(new byte[][] {new byte[7]}),
            "invalid data length in sparse float vector: 7"));
  }

  /// @param entries indexes and values in turn
  private static Arguments sparse(String text, float... entries) {
    ByteBuffer bytes = ByteBuffer.allocate(4 * entries.length).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < entries.length; i += 2) {
      bytes.putInt((int) entries[i]).putFloat(entries[i + 1]);
    }
    return Arguments.of(
        DataType.SPARSE_FLOAT_VECTOR, new BytesColumn(new byte[][] {bytes.array()}), text);
  }

  private static Field field(
      DataType type, boolean nullable, Optional<DefaultValue> value, Optional<DataType> element) {
    return new Field(
        101,
        "f",
        "",
        type,
        false,
        false,
        false,
        false,
        nullable,
        value,
        element,
        Map.of("dim", "2", "max_length", "5", "max_capacity", "2"));
  }
}
