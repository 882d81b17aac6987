package io.elanus.querynode;

import static org.assertj.core.api.Assertions.assertThat;

import io.elanus.common.model.Column.Int64Column;
import io.elanus.common.model.PartitionId;
import io.elanus.common.model.RowBatch;
import io.elanus.common.record.LogRecord;
import io.elanus.proto.internal.Grouping;
import io.elanus.proto.internal.QueryShardRequest;
import io.elanus.proto.internal.QueryShardResponse;
import io.elanus.proto.internal.SearchShardRequest;
import io.elanus.proto.internal.SearchShardResponse;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;

/// One shard as a list of rows and a list of deletes, read by looking at all of them: what every answer
/// must agree with, at the version it says it was read at.
final class Oracle {
  record Row(long key, PartitionId partition, long version, int index, long tag) {
    float distance(float[] query) {
      return Films.distance(query, Films.vector(tag));
    }
  }

  private record Delete(long key, long version, long upTo, Optional<PartitionId> partition) {
    boolean removes(Row row, long at) {
      return key == row.key
          && row.version < version
          && version <= at
          && row.version <= upTo
          && (partition.isEmpty() || partition.get().equals(row.partition));
    }
  }

  private final List<Row> rows = new ArrayList<>();
  private final List<Delete> deletes = new ArrayList<>();
  private long version;

  /// The version of the last record.
  long version() {
    return version;
  }

  void apply(LogRecord record) {
    version = Math.max(version + 1, record.header().timestamp());
    switch (record) {
      case LogRecord.Insert r -> insert(r.partition(), r.rows());
      case LogRecord.Upsert r -> {
        delete((Int64Column) r.replaced(), version - 1, Optional.empty());
        insert(r.partition(), r.rows());
      }
      case LogRecord.Delete r ->
          delete(
              (Int64Column) r.keys(),
              Math.min(version - 1, r.upTo().orElse(version)),
              r.partition());
      case LogRecord.AddField _ -> {}
      case LogRecord.DropCollection _,
          LogRecord.Truncate _,
          LogRecord.DropPartition _,
          LogRecord.Rename _,
          LogRecord.ImportCommit _,
          LogRecord.Expire _,
          LogRecord.Mark _,
          LogRecord.Barrier _ ->
          throw new IllegalArgumentException("not in these tests: " + record);
    }
  }

  private void insert(PartitionId partition, RowBatch batch) {
    long[] keys = values(batch, Films.ID);
    long[] tags = values(batch, Films.TAG);
    for (int i = 0; i < keys.length; i++) {
      rows.add(new Row(keys[i], partition, version, i, tags[i]));
    }
  }

  private static long[] values(RowBatch batch, long fieldId) {
    return ((Int64Column) batch.column(Films.schema().requireField(fieldId))).values();
  }

  private void delete(Int64Column keys, long upTo, Optional<PartitionId> partition) {
    for (long key : keys.values()) {
      deletes.add(new Delete(key, version, upTo, partition));
    }
  }

  private List<Row> visible(long at, List<Long> partitions, Predicate<Row> filter) {
    return rows.stream()
        .filter(row -> row.version <= at)
        .filter(row -> partitions.isEmpty() || partitions.contains(row.partition.value()))
        .filter(row -> deletes.stream().noneMatch(delete -> delete.removes(row, at)))
        .filter(filter)
        .toList();
  }

  void check(QueryShardRequest request, Predicate<Row> filter, QueryShardResponse response) {
    List<Row> matching = visible(response.getReadVersion(), request.getPartitionIdsList(), filter);
    if (request.getCountOnly()) {
      assertThat(response.getRowCount())
          .as("rows at %d", response.getReadVersion())
          .isEqualTo(matching.size());
      return;
    }
    Map<Long, Row> newest = new TreeMap<>();
    matching.stream()
        .sorted(Comparator.comparingLong(Row::version).thenComparingInt(Row::index))
        .forEach(row -> newest.put(row.key, row));
    long limit = request.getLimit() == 0 ? Long.MAX_VALUE : request.getLimit();
    List<String> expected =
        newest.values().stream()
            .limit(limit)
            .map(r -> "%d@%d.%d#%d".formatted(r.key, r.version, r.index, r.tag))
            .toList();
    List<String> found = new ArrayList<>();
    for (int i = 0; i < response.getVersionsCount(); i++) {
      found.add(
          "%d@%d.%d#%d"
              .formatted(
                  response.getKeys().getIntId().getData(i),
                  response.getVersions(i),
                  response.getIndexes(i),
                  response.getColumns(0).getScalars().getLongData().getData(i)));
    }
    assertThat(found).as("rows at %d", response.getReadVersion()).isEqualTo(expected);
    assertThat(response.getRowCount()).isEqualTo(expected.size());
  }

  void check(SearchShardRequest request, Predicate<Row> filter, SearchShardResponse response) {
    float[] query = new float[Films.DIMENSION];
    request
        .getVectors()
        .asReadOnlyByteBuffer()
        .order(ByteOrder.LITTLE_ENDIAN)
        .asFloatBuffer()
        .get(query);
    List<Row> matching = visible(response.getReadVersion(), request.getPartitionIdsList(), filter);
    Comparator<Row> order =
        Comparator.<Row>comparingDouble(row -> row.distance(query)).thenComparingLong(Row::key);
    List<Row> best =
        request.hasGrouping()
            ? groups(matching, request, order)
            : keys(matching, query).stream().sorted(order).limit(request.getLimit()).toList();
    List<String> expected =
        best.stream().map(row -> "%d:%.0f".formatted(row.key, row.distance(query))).toList();
    List<String> found = new ArrayList<>();
    for (int i = 0; i < response.getScoresCount(); i++) {
      long key = response.getKeys().getIntId().getData(i);
      long tag = response.getColumns(0).getScalars().getLongData().getData(i);
      long rowVersion = response.getVersions(i);
      found.add("%d:%.0f".formatted(key, response.getScores(i)));
      assertThat(matching)
          .as("hit %d at %d", key, response.getReadVersion())
          .anyMatch(row -> row.key == key && row.version == rowVersion && row.tag == tag);
    }
    assertThat(found).as("hits at %d", response.getReadVersion()).isEqualTo(expected);
    assertThat(response.getHitCounts(0)).isEqualTo(expected.size());
  }

  private static Collection<Row> keys(List<Row> matching, float[] query) {
    Map<Long, Row> best = new TreeMap<>();
    for (Row row : matching) {
      best.merge(row.key, row, (a, b) -> b.distance(query) < a.distance(query) ? b : a);
    }
    return best.values();
  }

  /// By tag, which no two rows have in common but copies of a row.
  private static List<Row> groups(
      List<Row> matching, SearchShardRequest request, Comparator<Row> order) {
    Grouping grouping = request.getGrouping();
    List<Long> wanted =
        grouping.getWantedList().stream()
            .flatMap(tags -> tags.getScalars().getLongData().getDataList().stream())
            .toList();
    boolean named = grouping.getWantedCountsCount() > 0;
    Map<Long, Row> nearest = new LinkedHashMap<>();
    matching.stream()
        .filter(row -> !named || wanted.contains(row.tag))
        .sorted(order)
        .forEach(row -> nearest.putIfAbsent(row.tag, row));
    return nearest.values().stream().limit(named ? Integer.MAX_VALUE : request.getLimit()).toList();
  }
}
