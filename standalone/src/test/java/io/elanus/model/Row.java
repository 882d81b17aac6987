package io.elanus.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/// A row of the model; never changed.
///
/// @param key `Long` or `String`
/// @param values by field, the key's too; a null is not there
/// @param more undeclared keys
record Row(Object key, String partition, Map<String, Object> values, ObjectNode more) {
  Optional<Object> value(String field) {
    return Optional.ofNullable(values.get(field));
  }

  Optional<JsonNode> undeclared(String name) {
    return Optional.ofNullable(more.get(name));
  }

  /// With what is there in `newer`: a partial upsert.
  Row with(Map<String, Optional<Object>> newer, ObjectNode newerMore, String newPartition) {
    Map<String, Object> merged = new TreeMap<>(values);
    newer.forEach((field, value) ->
        value.ifPresentOrElse(v -> merged.put(field, v), () -> merged.remove(field)));
    ObjectNode mergedMore = more.deepCopy();
    mergedMore.setAll(newerMore);
    return new Row(key, newPartition, merged, mergedMore);
  }

  /// With nothing but the key, and one sub-field of structs.
  Row only(ModelField structs, ModelField part) {
    Map<String, Object> kept = new TreeMap<>();
    kept.put("id", key);
    value(structs.name()).ifPresent(list -> kept.put(structs.name(), only(list, part)));
    return new Row(key, partition, kept, JsonNodeFactory.instance.objectNode());
  }

  private static List<Map<String, Object>> only(Object structs, ModelField part) {
    return ((List<?>) structs)
        .stream()
            .map(struct ->
                Map.of(part.name(), Objects.requireNonNull(((Map<?, ?>) struct).get(part.name()))))
            .toList();
  }

  /// Whether both would be answered alike: partitions do not show.
  boolean looksLike(Row other) {
    return key.equals(other.key) && values.equals(other.values) && more.equals(other.more);
  }

  @Override
  public String toString() {
    return "%s%s%s".formatted(partition.isEmpty() ? "" : partition + " ", values, more);
  }
}
