package io.elanus.model;

import io.elanus.proto.milvus.ArrayArray;
import io.elanus.proto.milvus.DataType;
import io.elanus.proto.milvus.FieldData;
import io.elanus.proto.milvus.ScalarField;
import io.elanus.proto.milvus.VectorArray;
import io.elanus.proto.milvus.VectorField;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/// Columns of structs, as SDKs send and read them: one of lists for each sub-field.
final class Structs {
  private Structs() {}

  /// Which rows are null the struct says, or each sub-field, or both.
  static FieldData encode(
      ModelField field,
      List<Optional<Object>> values,
      FieldData.Builder data,
      RandomGenerator random) {
    List<Object> sent = Wire.sent(field, values, data, false, random);
    List<Boolean> flags = List.copyOf(data.getValidDataList());
    int who = random.nextInt(3);
    if (who == 0) {
      data.clearValidData();
    }
    for (ModelField part : field.parts()) {
      FieldData.Builder column = encode(part, sent).setFieldName(part.name());
      data.getStructArraysBuilder().addFields(who == 1 ? column : column.addAllValidData(flags));
    }
    return data.build();
  }

  private static FieldData.Builder encode(ModelField part, List<Object> rows) {
    FieldData.Builder column = FieldData.newBuilder();
    if (part.kind().isVector()) {
      VectorArray.Builder lists =
          column
              .setType(DataType.ArrayOfVector)
              .getVectorsBuilder()
              .setDim(Kind.DIMENSION)
              .getVectorArrayBuilder()
              .setDim(Kind.DIMENSION)
              .setElementType(part.kind().wire);
      rows.forEach(row -> lists.addData(Wire.vectors(part.kind(), of(part, row))));
    } else {
      ArrayArray.Builder lists =
          column
              .setType(DataType.Array)
              .getScalarsBuilder()
              .getArrayDataBuilder()
              .setElementType(part.kind().wire);
      rows.forEach(row -> lists.addData(Wire.scalars(part.kind(), of(part, row))));
    }
    return column;
  }

  /// The values that the structs of a row have for `part`.
  private static List<Object> of(ModelField part, Object structs) {
    return ((List<?>) structs)
        .stream()
            .map(struct -> Objects.requireNonNull(((Map<?, ?>) struct).get(part.name())))
            .map(Object.class::cast)
            .toList();
  }

  /// Lists come in full length, with something in the place of nulls, and flags at every sub-field.
  static List<Optional<Object>> decode(ModelField field, FieldData data, int rowCount) {
    List<FieldData> columns = data.getStructArrays().getFieldsList();
    List<String> names = columns.stream().map(FieldData::getFieldName).toList();
    Difference.unless(
        data.getType() == DataType.ArrayOfStruct
            && names.equals(field.parts().stream().map(ModelField::name).toList()),
        "%s has %s, not %s",
        field.name(),
        names,
        field.parts());
    List<Optional<Object>> rows = new ArrayList<>();
    for (int row = 0; row < rowCount; row++) {
      rows.add(Optional.of(new ArrayList<Map<String, Object>>()));
    }
    for (int i = 0; i < columns.size(); i++) {
      ModelField part = field.parts().get(i);
      List<Object> lists = lists(part.kind(), columns.get(i));
      Difference.unless(lists.size() == rowCount, "%d lists of %s", lists.size(), part.name());
      List<Optional<Object>> values = Wire.byFlags(lists, columns.get(i), rowCount);
      for (int row = 0; row < rowCount; row++) {
        rows.set(row, together(part, i == 0, rows.get(row), values.get(row)));
      }
    }
    return rows;
  }

  private static List<Object> lists(Kind kind, FieldData column) {
    List<Object> lists = new ArrayList<>();
    for (ScalarField row : column.getScalars().getArrayData().getDataList()) {
      lists.add(Wire.scalars(kind, row));
    }
    for (VectorField row : column.getVectors().getVectorArray().getDataList()) {
      lists.add(Wire.vectors(kind, row));
    }
    return lists;
  }

  /// The structs of a row with the values of one more sub-field.
  @SuppressWarnings("unchecked") // structs as they were made here
  private static Optional<Object> together(
      ModelField part, boolean first, Optional<Object> structs, Optional<Object> values) {
    if (first && values.isEmpty()) {
      return Optional.empty();
    }
    Difference.unless(
        structs.isPresent() == values.isPresent(), "%s is null, or not, alone", part.name());
    if (structs.isEmpty()) {
      return structs;
    }
    List<Map<String, Object>> list = (List<Map<String, Object>>) structs.orElseThrow();
    List<?> more = (List<?>) values.orElseThrow();
    for (int i = 0; first && i < more.size(); i++) {
      list.add(new TreeMap<>());
    }
    Difference.unless(list.size() == more.size(), "%s has %d values", part.name(), more.size());
    for (int i = 0; i < more.size(); i++) {
      list.get(i).put(part.name(), more.get(i));
    }
    return structs;
  }

  /// The lists of the last row first: of structs, all others stay as they are.
  static FieldData backwards(FieldData data) {
    if (!data.hasStructArrays()) {
      return data;
    }
    FieldData.Builder mixed = data.toBuilder();
    for (FieldData.Builder part : mixed.getStructArraysBuilder().getFieldsBuilderList()) {
      if (part.hasScalars()) {
        ArrayArray.Builder lists = part.getScalarsBuilder().getArrayDataBuilder();
        List<ScalarField> rows = List.copyOf(lists.getDataList());
        lists.clearData().addAllData(rows.reversed());
      } else {
        VectorArray.Builder lists = part.getVectorsBuilder().getVectorArrayBuilder();
        List<VectorField> rows = List.copyOf(lists.getDataList());
        lists.clearData().addAllData(rows.reversed());
      }
    }
    return mixed.build();
  }
}
