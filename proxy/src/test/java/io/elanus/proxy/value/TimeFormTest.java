package io.elanus.proxy.value;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.elanus.proto.milvus.DataType;
import io.elanus.proto.milvus.FieldData;
import io.elanus.proto.milvus.ScalarField;
import io.elanus.proto.milvus.TimestamptzArray;
import java.time.ZoneId;
import java.util.List;
import org.junit.jupiter.api.Test;

class TimeFormTest {
  private static final ZoneId HAVANA = ZoneId.of("America/Havana");

  private static final FieldData COLUMN =
      FieldData.newBuilder()
          .setFieldName("at")
          .setType(DataType.Timestamptz)
          .setScalars(
              ScalarField.newBuilder()
                  .setTimestamptzData(
                      TimestamptzArray.newBuilder()
                          .addData(ZonedTimes.parse("2025-01-02T03:04:05.000006Z", HAVANA))
                          .addData(0)
                          .addData(-1)))
          .addAllValidData(List.of(true, false, true))
          .build();

  @Test
  void textsAreInTheZone() {
    FieldData shown = new TimeForm.Text(HAVANA).shown(COLUMN);

    assertThat(shown.getType()).isEqualTo(DataType.Timestamptz);
    assertThat(shown.getScalars().getStringData().getDataList())
        .containsExactly(
            "2025-01-01T22:04:05.000006-05:00", "", "1969-12-31T18:59:59.999999-05:00");
  }

  @Test
  void partsComeInTheOrderTheyAreAskedFor() {
    assertThat(parts("year, month, day, hour, minute, second, microsecond"))
        .containsExactly(
            List.of(2025L, 1L, 1L, 22L, 4L, 5L, 6L),
            List.of(),
            List.of(1969L, 12L, 31L, 18L, 59L, 59L, 999_999L));
    assertThat(parts("HOUR year,hour"))
        .containsExactly(List.of(22L, 2025L, 22L), List.of(), List.of(18L, 1969L, 18L));
  }

  private static List<List<Long>> parts(String names) {
    FieldData shown = TimeForm.parts(names, HAVANA).shown(COLUMN);
    assertThat(shown.getType()).isEqualTo(DataType.Array);
    assertThat(shown.getScalars().getArrayData().getElementType()).isEqualTo(DataType.Int64);
    assertThat(shown.getValidDataList()).isEqualTo(COLUMN.getValidDataList());
    return shown.getScalars().getArrayData().getDataList().stream()
        .map(row -> row.getLongData().getDataList())
        .toList();
  }

  @Test
  void whatIsNoPartIsRefused() {
    assertThatThrownBy(() -> TimeForm.parts("year, week", HAVANA))
        .hasMessageContaining(
            "unsupported field for extraction: week, fields should be seprated by ',' or ' '");
  }
}
