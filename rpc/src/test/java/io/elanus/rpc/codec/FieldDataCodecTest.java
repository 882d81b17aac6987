package io.elanus.rpc.codec;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.elanus.common.error.DbException;
import io.elanus.common.model.Column;
import io.elanus.common.model.Column.BoolColumn;
import io.elanus.common.model.Column.ByteVectorColumn;
import io.elanus.common.model.Column.BytesColumn;
import io.elanus.common.model.Column.DoubleColumn;
import io.elanus.common.model.Column.FloatColumn;
import io.elanus.common.model.Column.FloatVectorColumn;
import io.elanus.common.model.Column.Int32Column;
import io.elanus.common.model.Column.Int64Column;
import io.elanus.common.model.Column.KeyColumn;
import io.elanus.common.model.Column.VarCharColumn;
import io.elanus.common.model.DataType;
import io.elanus.common.model.Field;
import io.elanus.common.model.ListColumn;
import io.elanus.common.model.NullableColumn;
import io.elanus.proto.milvus.FieldData;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class FieldDataCodecTest {
  static Stream<Arguments> columns() {
    byte[] sparse = {1, 0, 0, 0, 0, 0, 0, 63};
    return Stream.of(
        Arguments.of(DataType.BOOL, new BoolColumn(new boolean[] {true, false})),
        Arguments.of(DataType.INT8, new Int32Column(new int[] {-128, 127})),
        Arguments.of(DataType.INT64, new Int64Column(new long[] {Long.MIN_VALUE, 7})),
        Arguments.of(DataType.INT64, new Int64Column(new long[0])),
        Arguments.of(DataType.TIMESTAMPTZ, new Int64Column(new long[] {1, -1})),
        Arguments.of(DataType.FLOAT, new FloatColumn(new float[] {0.5f, -1e30f})),
        Arguments.of(DataType.DOUBLE, new DoubleColumn(new double[] {0.5, -1e300})),
        Arguments.of(DataType.VARCHAR, new VarCharColumn(new String[] {"", "grüße"})),
        Arguments.of(DataType.TEXT, new VarCharColumn(new String[] {"", "grüße"})),
        Arguments.of(DataType.JSON, new BytesColumn(new byte[][] {utf8("{}"), utf8("[1]")})),
        Arguments.of(DataType.GEOMETRY, new BytesColumn(new byte[][] {{1}, {2, 3}})),
        Arguments.of(
            DataType.ARRAY,
            new ListColumn(new VarCharColumn(new String[] {"a", "b"}), new int[] {0, 2, 2})),
        Arguments.of(DataType.FLOAT_VECTOR, new FloatVectorColumn(new float[] {1, 2, 3, 4}, 2)),
        Arguments.of(DataType.FLOAT16_VECTOR, new ByteVectorColumn(new byte[8], 4)),
        Arguments.of(DataType.BFLOAT16_VECTOR, new ByteVectorColumn(new byte[8], 4)),
        Arguments.of(DataType.INT8_VECTOR, new ByteVectorColumn(new byte[] {1, 2, 3, 4}, 2)),
        Arguments.of(DataType.SPARSE_FLOAT_VECTOR, new BytesColumn(new byte[][] {{}, sparse})));
  }

  private static byte[] utf8(String text) {
    return text.getBytes(UTF_8);
  }

  @ParameterizedTest
  @MethodSource("columns")
  void whatIsEncodedComesBack(DataType type, Column column) {
    Field field = field(type);

    Column decoded = FieldDataCodec.decode(field, FieldDataCodec.encode(field, column));

    assertThat(decoded).usingRecursiveComparison().isEqualTo(column);
  }

  @ParameterizedTest
  @MethodSource("columns")
  void nullsComeBackAsWell(DataType type, Column values) {
    Field field = nullable(type);
    boolean[] valid = new boolean[values.rowCount() + 2];
    Arrays.fill(valid, 1, values.rowCount() + 1, true);
    NullableColumn column = new NullableColumn(values, valid);

    FieldData data = FieldDataCodec.encode(field, column);

    assertThat(data.getValidDataCount()).isEqualTo(valid.length);
    assertThat(FieldDataCodec.decode(field, data)).usingRecursiveComparison().isEqualTo(column);
  }

  @Test
  void nullsMayTakeAPlaceOrNone() {
    FieldData.Builder gaps = scalars(7, 9).addAllValidData(List.of(true, false, true));
    FieldData.Builder full = scalars(7, 0, 9).addAllValidData(List.of(true, false, true));
    Column expected =
        new NullableColumn(new Int64Column(new long[] {7, 9}), new boolean[] {true, false, true});

    Field field = nullable(DataType.INT64);

    assertThat(FieldDataCodec.decode(field, gaps.build()))
        .usingRecursiveComparison()
        .isEqualTo(expected);
    assertThat(FieldDataCodec.decode(field, full.build()))
        .usingRecursiveComparison()
        .isEqualTo(expected);
    assertThatThrownBy(() -> FieldDataCodec.decode(field, gaps.clone().addValidData(true).build()))
        .hasMessageContaining("the length of valid_data of field(f) is wrong");
  }

  private static FieldData.Builder scalars(long... values) {
    return FieldDataCodec.encode(field(DataType.INT64), new Int64Column(values)).toBuilder();
  }

  @Test
  void halfFloatsMayComeAsFloats() {
    FieldData floats =
        FieldDataCodec.encode(
            field(DataType.FLOAT_VECTOR), new FloatVectorColumn(new float[] {1, -2}, 2));

    assertThat(FieldDataCodec.decode(field(DataType.FLOAT16_VECTOR), floats))
        .usingRecursiveComparison()
        .isEqualTo(new ByteVectorColumn(new byte[] {0, 0x3c, 0, (byte) 0xc0}, 4));
    assertThat(FieldDataCodec.decode(field(DataType.BFLOAT16_VECTOR), floats))
        .usingRecursiveComparison()
        .isEqualTo(new ByteVectorColumn(new byte[] {(byte) 0x80, 0x3f, 0, (byte) 0xc0}, 4));
  }

  @Test
  void aColumnSaysWhoseItIs() {
    Field meta =
        new Field(105, Field.DYNAMIC_NAME, "", DataType.JSON, false, false, false, true, Map.of());

    FieldData data = FieldDataCodec.encode(meta, new BytesColumn(new byte[0][]));

    assertThat(data.getFieldName()).isEqualTo("$meta");
    assertThat(data.getFieldId()).isEqualTo(105);
    assertThat(data.getIsDynamic()).isTrue();
  }

  @Test
  void valuesOfAnotherTypeAreRefused() {
    FieldData numbers =
        FieldDataCodec.encode(field(DataType.INT64), new Int64Column(new long[] {1}));

    assertThatThrownBy(() -> FieldDataCodec.decode(field(DataType.VARCHAR), numbers))
        .isInstanceOf(DbException.class)
        .hasMessage(
            "varchar field 'f' is illegal, array type mismatch: "
                + "invalid parameter[expected=need string array][actual=got nil]");
  }

  @Test
  void vectorsOfAnotherDimensionAreRefused() {
    FieldData vectors =
        FieldDataCodec.encode(field(DataType.FLOAT_VECTOR), new FloatVectorColumn(new float[3], 3));

    assertThatThrownBy(() -> FieldDataCodec.decode(field(DataType.FLOAT_VECTOR), vectors))
        .hasMessage(
            "the dim (3) of field data(f) is not equal to schema dim (2): "
                + "invalid parameter[expected=2][actual=3]");
  }

  @Test
  void vectorsThatEndInTheMiddleOfARowAreRefused() {
    FieldData.Builder vectors =
        FieldDataCodec.encode(field(DataType.FLOAT_VECTOR), new FloatVectorColumn(new float[4], 2))
            .toBuilder();
    vectors.getVectorsBuilder().getFloatVectorBuilder().addData(1);

    assertThatThrownBy(() -> FieldDataCodec.decode(field(DataType.FLOAT_VECTOR), vectors.build()))
        .hasMessage("the length(5) of float data should divide the dim(2)");
  }

  @Test
  void nullsAreRefusedWhereThereAreNone() {
    FieldData withNulls = FieldData.newBuilder().addValidData(false).build();

    assertThatThrownBy(() -> FieldDataCodec.decode(field(DataType.INT64), withNulls))
        .hasMessageContaining("the length of valid_data of field(f) is wrong");
  }

  @Test
  void keysComeBackAsTheTypeOfTheKey() {
    KeyColumn numbers = new Int64Column(new long[] {3, 1});
    KeyColumn texts = new VarCharColumn(new String[0]);

    assertThat(KeysCodec.decode(field(DataType.INT64), KeysCodec.encode(numbers)))
        .usingRecursiveComparison()
        .isEqualTo(numbers);
    assertThat(KeysCodec.decode(field(DataType.VARCHAR), KeysCodec.encode(texts)))
        .usingRecursiveComparison()
        .isEqualTo(texts);
  }

  private static Field field(DataType type) {
    return field(type, false);
  }

  private static Field nullable(DataType type) {
    return field(type, true);
  }

  private static Field field(DataType type, boolean nullable) {
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
        Optional.empty(),
        Optional.of(DataType.VARCHAR),
        Map.of("dim", "2"));
  }
}
