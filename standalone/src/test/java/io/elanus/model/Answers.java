package io.elanus.model;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.elanus.proto.milvus.FieldData;
import io.elanus.proto.milvus.IDs;
import io.elanus.proto.milvus.QueryResults;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;

/// What comes back, as rows.
final class Answers {
  private Answers() {}

  static List<Object> ids(IDs ids) {
    return ids.hasIntId()
        ? List.copyOf(ids.getIntId().getDataList())
        : List.copyOf(ids.getStrId().getDataList());
  }

  static List<Row> decode(ModelSchema schema, QueryResults results) {
    Map<String, FieldData> byName = new TreeMap<>();
    results
        .getFieldsDataList()
        .forEach(data -> byName.put(data.getIsDynamic() ? "$meta" : data.getFieldName(), data));
    FieldData keyData = Objects.requireNonNull(byName.get(schema.key().name()));
    int count =
        keyData.getScalars().getLongData().getDataCount()
            + keyData.getScalars().getStringData().getDataCount();
    List<Map<String, Object>> values = new ArrayList<>();
    IntStream.range(0, count).forEach(_ -> values.add(new TreeMap<>()));
    for (ModelField field : schema.fields()) {
      FieldData data = byName.get(field.name());
      Difference.unless(data != null, "no field %s in %s", field.name(), byName.keySet());
      List<Optional<Object>> column = Wire.decode(field, Objects.requireNonNull(data), count);
      for (int i = 0; i < count; i++) {
        Map<String, Object> row = values.get(i);
        column.get(i).ifPresent(value -> row.put(field.name(), value));
      }
    }
    Optional<FieldData> more = Optional.ofNullable(byName.get("$meta"));
    List<Row> decoded = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int row = i;
      ObjectNode undeclared =
          more.map(data -> (ObjectNode) Wire.parse(data.getScalars().getJsonData().getData(row)))
              .orElseGet(JsonNodeFactory.instance::objectNode);
      Map<String, Object> of = values.get(i);
      decoded.add(new Row(Objects.requireNonNull(of.get("id")), "", of, undeclared));
    }
    return decoded;
  }

  static List<Row> byKey(ModelSchema schema, QueryResults results) {
    return decode(schema, results).stream()
        .sorted(Comparator.comparing(row -> (Comparable<Object>) row.key()))
        .toList();
  }

  static void requireSame(List<Row> found, List<Row> wanted) {
    boolean same =
        found.size() == wanted.size()
            && IntStream.range(0, found.size())
                .allMatch(i -> found.get(i).looksLike(wanted.get(i)));
    Difference.unless(same, "found%n  %s%n  wanted%n  %s", lines(found), lines(wanted));
  }

  private static String lines(List<Row> rows) {
    return String.join("\n  ", rows.stream().map(Row::toString).toList());
  }
}
