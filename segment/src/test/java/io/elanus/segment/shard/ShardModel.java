package io.elanus.segment.shard;

import io.elanus.common.model.Column.BoolColumn;
import io.elanus.common.model.Column.FloatVectorColumn;
import io.elanus.common.model.Column.Int64Column;
import io.elanus.common.model.Column.KeyColumn;
import io.elanus.common.model.Column.VarCharColumn;
import io.elanus.common.model.DefaultValue;
import io.elanus.common.model.Field;
import io.elanus.common.model.Key;
import io.elanus.common.model.PartitionId;
import io.elanus.common.model.RowBatch;
import io.elanus.common.topk.Grouping;
import io.elanus.index.Metric;
import io.elanus.segment.Samples;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;

/// A shard as a list of rows and a list of deletes, searched by looking at all of them: what a
/// [LiveShard] must agree with.
final class ShardModel {
  record Row(
      Key key,
      PartitionId partition,
      long version,
      int index,
      boolean flag,
      long count,
      String name,
      float[] vector,
      Map<Long, Optional<Long>> added) {
    /// The value of a field of integers that was added when the shard had rows already.
    Optional<Long> value(Field field) {
      Optional<Long> absent =
          field.defaultValue().map(value -> ((DefaultValue.IntValue) value).value());
      return added.getOrDefault(field.id(), absent);
    }

    String id() {
      return "%s@%d.%d".formatted(key, version, index);
    }
  }

  /// @param key empty for every key
  record Delete(Optional<Key> key, long version, long upTo, Optional<PartitionId> partition) {
    boolean removes(Row row, long at) {
      return (key.isEmpty() || key.get().equals(row.key))
          && row.version < version
          && version <= at
          && row.version <= upTo
          && (partition.isEmpty() || partition.get().equals(row.partition));
    }
  }

  record Expired(long version, long through) {}

  record Scored(Row row, float score) {}

  private final List<Row> rows = new ArrayList<>();
  private final List<Delete> deletes = new ArrayList<>();
  private final List<Expired> expiries = new ArrayList<>();

  void insert(PartitionId partition, RowBatch batch, long version) {
    KeyColumn keys = Samples.column(batch, Samples.KEY, KeyColumn.class);
    boolean[] flags = Samples.column(batch, Samples.FLAG, BoolColumn.class).values();
    long[] counts = Samples.column(batch, Samples.COUNT, Int64Column.class).values();
    String[] names = Samples.column(batch, Samples.NAME, VarCharColumn.class).values();
    FloatVectorColumn vectors = Samples.column(batch, Samples.VECTOR, FloatVectorColumn.class);
    for (int i = 0; i < batch.rowCount(); i++) {
      float[] vector = vectors.select(new int[] {i}).values();
      rows.add(
          new Row(
              keys.key(i),
              partition,
              version,
              i,
              flags[i],
              counts[i],
              names[i],
              vector,
              added(batch, i)));
    }
  }

  private static Map<Long, Optional<Long>> added(RowBatch batch, int row) {
    Map<Long, Optional<Long>> added = new TreeMap<>();
    batch
        .columns()
        .tailMap(Samples.META + 1)
        .forEach((id, column) -> added.put(id, Samples.longs(column).get(row)));
    return added;
  }

  void delete(KeyColumn keys, long version, long upTo, Optional<PartitionId> partition) {
    for (int i = 0; i < keys.rowCount(); i++) {
      deletes.add(new Delete(Optional.of(keys.key(i)), version, upTo, partition));
    }
  }

  void deleteAll(long version, Optional<PartitionId> partition) {
    deletes.add(new Delete(Optional.empty(), version, version - 1, partition));
  }

  void expire(long version, long through) {
    expiries.add(new Expired(version, through));
  }

  private boolean isExpired(Row row, long at) {
    return expiries.stream().anyMatch(e -> e.version <= at && row.version <= e.through);
  }

  void drop() {
    rows.clear();
  }

  List<Row> matching(long at, Set<PartitionId> partitions, Predicate<Row> filter) {
    return rows.stream()
        .filter(row -> row.version <= at)
        .filter(row -> !isExpired(row, at))
        .filter(row -> deletes.stream().noneMatch(delete -> delete.removes(row, at)))
        .filter(row -> partitions.isEmpty() || partitions.contains(row.partition))
        .filter(filter)
        .toList();
  }

  /// Of each key the newest row, by key.
  static List<Row> query(List<Row> matching, int limit) {
    Map<Key, Row> newest = new LinkedHashMap<>();
    matching.stream()
        .sorted(
            Comparator.comparing(Row::key)
                .thenComparing(
                    Comparator.comparingLong(Row::version).thenComparingInt(Row::index).reversed()))
        .forEach(row -> newest.putIfAbsent(row.key(), row));
    return newest.values().stream().limit(limit).toList();
  }

  /// Of each key the best score, best first, then by key.
  static List<Scored> search(List<Row> matching, Metric metric, float[] query, int k) {
    Map<Key, Scored> best = new LinkedHashMap<>();
    matching.stream()
        .map(row -> new Scored(row, score(metric, query, row.vector())))
        .sorted(
            Comparator.<Scored>comparingDouble(s -> metric == Metric.L2 ? s.score : -s.score)
                .thenComparing(s -> s.row.key()))
        .forEach(scored -> best.putIfAbsent(scored.row.key(), scored));
    return best.values().stream().limit(k).toList();
  }

  /// Of each key the best score in each group, best first, then by key: up to the first row of the last group, or until all groups are
  /// full.
  static <G extends Comparable<G>> List<Scored> groups(
      List<Row> matching,
      Metric metric,
      float[] query,
      Function<Row, G> groupOf,
      Predicate<G> wanted,
      Grouping grouping) {
    Map<G, Set<Key>> members = new HashMap<>();
    List<Scored> best = new ArrayList<>();
    List<Scored> sorted =
        matching.stream()
            .filter(row -> wanted.test(groupOf.apply(row)))
            .map(row -> new Scored(row, score(metric, query, row.vector())))
            .sorted(
                Comparator.<Scored>comparingDouble(s -> metric == Metric.L2 ? s.score : -s.score)
                    .thenComparing(s -> s.row.key())
                    .thenComparing(s -> groupOf.apply(s.row)))
            .toList();
    for (Scored next : sorted) {
      G group = groupOf.apply(next.row);
      if (members.containsKey(group) || members.size() < grouping.groups()) {
        Set<Key> keys = members.computeIfAbsent(group, _ -> new HashSet<>());
        if (keys.size() < grouping.size() && keys.add(next.row.key())) {
          best.add(next);
        }
      }
      if (grouping.extent() == Grouping.Extent.NEARER_THAN_LAST
          && members.size() == grouping.groups()) {
        break;
      }
    }
    return best;
  }

  private static float score(Metric metric, float[] a, float[] b) {
    float sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += metric == Metric.L2 ? (a[i] - b[i]) * (a[i] - b[i]) : a[i] * b[i];
    }
    return sum;
  }
}
