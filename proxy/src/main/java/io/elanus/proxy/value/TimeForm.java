package io.elanus.proxy.value;

import io.elanus.proto.milvus.ArrayArray;
import io.elanus.proto.milvus.DataType;
import io.elanus.proto.milvus.FieldData;
import io.elanus.proto.milvus.LongArray;
import io.elanus.proto.milvus.ScalarField;
import io.elanus.proto.milvus.StringArray;
import io.elanus.proto.milvus.TimestamptzArray;
import io.elanus.proxy.Invalid;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoField;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// How an answer shows points in time.
public sealed interface TimeForm {
  /// A column of them as it is returned. Rows that are null have an empty value in it.
  FieldData shown(FieldData data);

  /// The text of a request that asks for parts: their names, between commas or blanks.
  ///
  /// @throws io.elanus.common.error.DbException `INVALID_PARAMETER` for a name that is none
  static TimeForm parts(String names, ZoneId zone) {
    return new Parts(
        Stream.of(names.split("[, ]+")).filter(name -> !name.isEmpty()).map(Parts::field).toList(),
        zone);
  }

  /// ISO 8601, in a zone.
  record Text(ZoneId zone) implements TimeForm {
    @Override
    public FieldData shown(FieldData data) {
      TimestamptzArray times = data.getScalars().getTimestamptzData();
      StringArray.Builder texts = StringArray.newBuilder();
      IntStream.range(0, times.getDataCount())
          .mapToObj(row -> isNull(data, row) ? "" : ZonedTimes.text(times.getData(row), zone))
          .forEach(texts::addData);
      return data.toBuilder().setScalars(ScalarField.newBuilder().setStringData(texts)).build();
    }
  }

  /// An array of numbers per time: its year, its hour, whatever was asked for, in that order, in a zone.
  record Parts(List<ChronoField> fields, ZoneId zone) implements TimeForm {
    private static final Map<String, ChronoField> BY_NAME =
        Map.of(
            "year", ChronoField.YEAR,
            "month", ChronoField.MONTH_OF_YEAR,
            "day", ChronoField.DAY_OF_MONTH,
            "hour", ChronoField.HOUR_OF_DAY,
            "minute", ChronoField.MINUTE_OF_HOUR,
            "second", ChronoField.SECOND_OF_MINUTE,
            "microsecond", ChronoField.MICRO_OF_SECOND);

    public Parts {
      fields = List.copyOf(fields);
    }

    /// The text is Milvus's, to the letter.
    private static ChronoField field(String name) {
      ChronoField field = BY_NAME.get(name.toLowerCase(Locale.ROOT));
      if (field == null) {
        throw Invalid.parameter(
            "unsupported field for extraction: %s, fields should be seprated by ',' or ' '", name);
      }
      return field;
    }

    @Override
    public FieldData shown(FieldData data) {
      TimestamptzArray times = data.getScalars().getTimestamptzData();
      ArrayArray.Builder rows = ArrayArray.newBuilder().setElementType(DataType.Int64);
      IntStream.range(0, times.getDataCount())
          .mapToObj(row -> isNull(data, row) ? LongArray.newBuilder() : of(times.getData(row)))
          .forEach(parts -> rows.addData(ScalarField.newBuilder().setLongData(parts)));
      return data.toBuilder()
          .setType(DataType.Array)
          .setScalars(ScalarField.newBuilder().setArrayData(rows))
          .build();
    }

    private LongArray.Builder of(long micros) {
      ZonedDateTime time = ZonedTimes.instant(micros).atZone(zone);
      LongArray.Builder parts = LongArray.newBuilder();
      fields.forEach(field -> parts.addData(time.get(field)));
      return parts;
    }
  }

  private static boolean isNull(FieldData data, int row) {
    return data.getValidDataCount() > 0 && !data.getValidData(row);
  }
}
