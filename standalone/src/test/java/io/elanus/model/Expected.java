package io.elanus.model;

import io.elanus.model.Calls.Reading;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;

/// The collection as it should be: plain maps, changed when a write was acknowledged.
final class Expected {
  private static final String DEFAULT_PARTITION = "_default";

  /// What reads at weak levels may still see.
  record Version(Object key, Row row) {}

  private final List<String> partitions = new ArrayList<>(List.of(DEFAULT_PARTITION));
  private final TreeMap<Object, Row> rows = new TreeMap<>();
  private final Set<Version> versions = new HashSet<>();
  private ModelSchema schema;
  private long lastWrite = 1;

  Expected(ModelSchema schema) {
    this.schema = schema;
  }

  ModelSchema schema() {
    return schema;
  }

  /// By key.
  TreeMap<Object, Row> rows() {
    return rows;
  }

  List<Object> keys() {
    return List.copyOf(rows.keySet());
  }

  List<String> partitions() {
    return partitions;
  }

  /// Empty where the partition key decides.
  String somePartition(SplittableRandom random) {
    return schema.isDivided() ? "" : partitions.get(random.nextInt(partitions.size()));
  }

  /// Of rows in `partition`, all where that is empty.
  List<Object> keysOf(String partition, int most, SplittableRandom random) {
    List<Object> some = new ArrayList<>();
    for (Row row : rows.values()) {
      if ((partition.isEmpty() || row.partition().equals(partition)) && random.nextInt(3) == 0) {
        some.add(row.key());
      }
    }
    return new ArrayList<>(some.subList(0, Math.min(most, some.size())));
  }

  void put(Row row) {
    rows.put(row.key(), row);
    versions.add(new Version(row.key(), row));
  }

  /// @param timestamp that the acknowledgement had
  void written(long timestamp) {
    lastWrite = timestamp;
  }

  /// The timestamp of the last write.
  long lastWrite() {
    return lastWrite;
  }

  void add(ModelField field) {
    schema = schema.with(field);
    rows.replaceAll((_, row) -> withAdded(row));
  }

  /// Whether somebody wrote this row, perhaps before fields were added.
  boolean everHad(Row row) {
    return versions.stream()
        .anyMatch(v -> v.key.equals(row.key()) && withAdded(v.row).looksLike(row));
  }

  /// Fields that were added since are null, or have their default value.
  private Row withAdded(Row row) {
    Map<String, Object> values = new TreeMap<>(row.values());
    for (ModelField field : schema.fields()) {
      if (field.name().startsWith("added")) {
        field.fallback().ifPresent(value -> values.putIfAbsent(field.name(), value));
      }
    }
    return new Row(row.key(), row.partition(), values, row.more());
  }

  List<Row> matching(Reading reading) {
    return rows.values().stream()
        .filter(
            row -> reading.partitions().isEmpty() || reading.partitions().contains(row.partition()))
        .filter(row -> reading.filter().map(filter -> filter.accepts(row)).orElse(true))
        .toList();
  }
}
