package io.elanus.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.elanus.proto.milvus.FieldData;
import io.elanus.proto.milvus.FieldPartialUpdateOp.OpType;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.IntStream;

/// Columns of rows that are to be written.
final class RowDraft {
  private final Expected expected;
  private final SplittableRandom random;
  private final Map<ModelField, List<Optional<Object>>> columns =
      new TreeMap<>(Comparator.comparing(ModelField::name));
  private final Map<String, OpType> ops = new TreeMap<>();
  private Optional<List<ObjectNode>> more = Optional.empty();

  RowDraft(Expected expected, SplittableRandom random) {
    this.expected = expected;
    this.random = random;
  }

  /// How the arrays of a field are merged into those that are there.
  Map<String, OpType> ops() {
    return ops;
  }

  /// Whole rows. Optional fields are given for some rows, for all, or not at all.
  void fill(int count, List<Object> keys, boolean keysAreAssigned) {
    for (ModelField field : expected.schema().fields()) {
      if (field.isKey()) {
        if (!keysAreAssigned) {
          columns.put(field, keys.stream().map(Optional::of).toList());
        }
      } else if (!field.isOptional() || random.nextInt(4) > 0) {
        columns.put(field, values(field, count));
      }
    }
    drawMore(count);
  }

  void fillPartly(List<Object> keys) {
    columns.put(expected.schema().key(), keys.stream().map(Optional::of).toList());
    for (ModelField field : expected.schema().fields()) {
      if (!field.isKey() && random.nextInt(3) == 0) {
        columns.put(field, values(field, keys.size()));
        if (field.kind().isArray() && random.nextBoolean() && fits(field, keys)) {
          ops.put(field.name(), random.nextBoolean() ? OpType.ARRAY_APPEND : OpType.ARRAY_REMOVE);
        }
      }
    }
    drawMore(keys.size());
  }

  /// Whether arrays stay within their capacity if what was drawn is appended.
  private boolean fits(ModelField field, List<Object> keys) {
    return keys.stream()
        .map(key ->
            Optional.ofNullable(expected.rows().get(key)).flatMap(row -> row.value(field.name())))
        .allMatch(
            array -> array.map(a -> ((List<?>) a).size()).orElse(0) <= ModelField.MAX_CAPACITY - 3);
  }

  private void drawMore(int count) {
    if (expected.schema().isDynamic() && random.nextBoolean()) {
      more = Optional.of(IntStream.range(0, count).mapToObj(_ -> Kind.json(random)).toList());
    }
  }

  private List<Optional<Object>> values(ModelField field, int count) {
    List<Optional<Object>> values = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      values.add(
          field.isOptional() && random.nextInt(4) == 0
              ? Optional.empty()
              : Optional.of(field.draw(random)));
    }
    return values;
  }

  List<FieldData> wire() {
    List<FieldData> data = new ArrayList<>();
    columns.forEach((field, values) -> data.add(Wire.encode(field, values, random)));
    more.ifPresent(
        nodes -> data.add(Wire.encodeDynamic(nodes.stream().map(n -> (JsonNode) n).toList())));
    return data;
  }

  Row row(int i, Object key, String partition) {
    Map<String, Object> values = new TreeMap<>();
    for (ModelField field : expected.schema().fields()) {
      Optional.ofNullable(columns.get(field))
          .flatMap(column -> column.get(i))
          .or(field::fallback)
          .ifPresent(value -> values.put(field.name(), value));
    }
    values.put(expected.schema().key().name(), key);
    return new Row(key, partition, values, undeclared(i));
  }

  /// What a partial upsert makes of a row.
  Row changed(int i, Row before, Object key) {
    Map<String, Optional<Object>> newer = new TreeMap<>();
    columns.forEach((field, column) -> {
      Optional<Object> given = column.get(i).or(field::fallback);
      OpType op = ops.getOrDefault(field.name(), OpType.REPLACE);
      newer.put(
          field.name(),
          op == OpType.REPLACE ? given : merged(before.value(field.name()), op, given));
    });
    newer.put(expected.schema().key().name(), Optional.of(key));
    Row changed = before.with(newer, undeclared(i), before.partition());
    return new Row(key, changed.partition(), changed.values(), changed.more());
  }

  private static Optional<Object> merged(
      Optional<Object> before, OpType op, Optional<Object> given) {
    if (before.isEmpty() && given.isEmpty()) {
      return Optional.empty();
    }
    List<Object> array = new ArrayList<>(before.map(a -> (List<?>) a).orElse(List.of()));
    List<?> other = given.map(a -> (List<?>) a).orElse(List.of());
    if (op == OpType.ARRAY_APPEND) {
      array.addAll(other);
    } else {
      array.removeAll(other);
    }
    return Optional.of(array);
  }

  private ObjectNode undeclared(int i) {
    return more.map(nodes -> nodes.get(i)).orElseGet(JsonNodeFactory.instance::objectNode);
  }

  @Override
  public String toString() {
    return columns + " " + ops + " " + more;
  }
}
