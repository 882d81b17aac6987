package io.elanus.rpc.codec;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import io.elanus.common.model.Column;
import io.elanus.common.model.Column.BoolColumn;
import io.elanus.common.model.Column.DoubleColumn;
import io.elanus.common.model.Column.FloatVectorColumn;
import io.elanus.common.model.Column.Int64Column;
import io.elanus.common.model.Column.JsonColumn;
import io.elanus.common.model.Column.KeyColumn;
import io.elanus.common.model.Column.VarCharColumn;
import io.elanus.common.model.DataType;
import io.elanus.common.model.Field;
import io.elanus.proto.milvus.FieldData;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class FieldDataCodecTest {
  static List<Column> columns() {
    return List.of(
        new BoolColumn(new boolean[] {true, false}),
        new Int64Column(new long[] {Long.MIN_VALUE, 7}),
        new DoubleColumn(new double[] {0.5, -1e300}),
        new VarCharColumn(new String[] {"", "grüße"}),
        new JsonColumn(new byte[][] {"{}".getBytes(UTF_8), "[1]".getBytes(UTF_8)}),
        new FloatVectorColumn(new float[] {1, 2, 3, 4}, 2),
        new Int64Column(new long[0]));
  }

  @ParameterizedTest
  @MethodSource("columns")
  void whatIsEncodedComesBack(Column column) {
    Field field = field(column.type());

    Column decoded = FieldDataCodec.decode(field, FieldDataCodec.encode(field, column));

    assertThat(decoded).usingRecursiveComparison().isEqualTo(column);
  }

  @Test
  void aColumnSaysWhoseItIs() {
    Field meta =
        new Field(105, Field.DYNAMIC_NAME, "", DataType.JSON, false, false, false, true, Map.of());

    FieldData data = FieldDataCodec.encode(meta, new JsonColumn(new byte[0][]));

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
  void nullsAreRefusedAndSoAreTypesNotServed() {
    FieldData withNulls = FieldData.newBuilder().addValidData(false).build();

    assertThatThrownBy(() -> FieldDataCodec.decode(field(DataType.INT64), withNulls))
        .hasMessageContaining("the length of valid_data of field(f) is wrong");
    assertThatThrownBy(
            () -> FieldDataCodec.decode(field(DataType.INT8), FieldData.getDefaultInstance()))
        .isInstanceOfSatisfying(
            DbException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNSUPPORTED));
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
    return new Field(101, "f", "", type, false, false, false, false, Map.of("dim", "2"));
  }
}
