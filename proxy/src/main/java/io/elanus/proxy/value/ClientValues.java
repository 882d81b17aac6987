package io.elanus.proxy.value;

import com.google.protobuf.ByteString;
import io.elanus.common.model.DataType;
import io.elanus.common.model.Field;
import io.elanus.proto.milvus.FieldData;
import io.elanus.proto.milvus.GeometryArray;
import io.elanus.proto.milvus.GeometryWktArray;
import io.elanus.proto.milvus.ScalarField;
import io.elanus.proto.milvus.TimestamptzArray;
import java.time.ZoneId;
import java.util.stream.IntStream;

/// Columns between clients and Elanus. Times come as ISO 8601 texts (or as microseconds) and are kept as
/// microseconds; geometries come as well-known text and are kept as well-known binary. All others pass as they are.
public final class ClientValues {
  private ClientValues() {}

  /// @param zone of times that do not say theirs
  /// @throws io.elanus.common.error.DbException `INVALID_PARAMETER` for a text that is no time or no geometry
  public static FieldData received(Field field, FieldData data, ZoneId zone) {
    ScalarField scalars = data.getScalars();
    if (field.type() == DataType.TIMESTAMPTZ && scalars.hasStringData()) {
      TimestamptzArray.Builder times = TimestamptzArray.newBuilder();
      scalars.getStringData().getDataList().stream()
          .map(text -> text.isEmpty() ? 0 : ZonedTimes.parse(text, zone))
          .forEach(times::addData);
      return data.toBuilder()
          .setScalars(ScalarField.newBuilder().setTimestamptzData(times))
          .build();
    }
    if (field.type() == DataType.GEOMETRY && scalars.hasGeometryWktData()) {
      GeometryArray.Builder shapes = GeometryArray.newBuilder();
      scalars.getGeometryWktData().getDataList().stream()
          .map(text -> text.isEmpty() ? ByteString.EMPTY : ByteString.copyFrom(Wkt.toWkb(text)))
          .forEach(shapes::addData);
      return data.toBuilder().setScalars(ScalarField.newBuilder().setGeometryData(shapes)).build();
    }
    return data;
  }

  public static FieldData returned(Field field, FieldData data, TimeForm times) {
    if (field.type() == DataType.TIMESTAMPTZ) {
      return times.shown(data);
    }
    if (field.type() == DataType.GEOMETRY) {
      GeometryArray shapes = data.getScalars().getGeometryData();
      GeometryWktArray.Builder texts = GeometryWktArray.newBuilder();
      IntStream.range(0, shapes.getDataCount())
          .mapToObj(row -> isNull(data, row) ? "" : Wkt.ofWkb(shapes.getData(row).toByteArray()))
          .forEach(texts::addData);
      return data.toBuilder()
          .setScalars(ScalarField.newBuilder().setGeometryWktData(texts))
          .build();
    }
    return data;
  }

  private static boolean isNull(FieldData data, int row) {
    return data.getValidDataCount() > 0 && !data.getValidData(row);
  }
}
