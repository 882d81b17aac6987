package io.elanus.proxy.write;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.elanus.common.model.Collection;
import io.elanus.common.model.CollectionId;
import io.elanus.common.model.CollectionSchema;
import io.elanus.common.model.CollectionState;
import io.elanus.common.model.Column;
import io.elanus.common.model.Column.Int64Column;
import io.elanus.common.model.Column.VarCharColumn;
import io.elanus.common.model.ConsistencyLevel;
import io.elanus.common.model.DataType;
import io.elanus.common.model.DatabaseId;
import io.elanus.common.model.Field;
import io.elanus.common.model.Partition;
import io.elanus.common.model.PartitionId;
import io.elanus.common.model.RowBatch;
import io.elanus.common.wal.LogId;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RowPartitionsTest {
  private static final RowBatch ROWS = rows(40);

  private static RowBatch rows(int count) {
    TreeMap<Long, Column> columns = new TreeMap<>();
    columns.put(100L, new Int64Column(IntStream.range(0, count).mapToLong(i -> i).toArray()));
    columns.put(
        101L,
        new VarCharColumn(
            IntStream.range(0, count).mapToObj(i -> "tenant" + i % 10).toArray(String[]::new)));
    return new RowBatch(count, columns);
  }

  @Test
  void rowsOfOneKeyGoToOnePartitionAndKeysToSeveral() {
    RowPartitions partitions = RowPartitions.of(collection(true), "", ROWS);

    for (int row = 0; row < 40; row++) {
      assertThat(partitions.ofRow()[row]).isEqualTo(partitions.ofRow()[row % 10]);
    }
    assertThat(IntStream.of(partitions.ofRow()).distinct().count()).isGreaterThan(2);
  }

  @Test
  void aRecordHasRowsOfOneShardAndOnePartition() {
    RowPartitions partitions = RowPartitions.of(collection(true), "", ROWS);
    int[] shards = IntStream.range(0, 40).map(row -> row % 3).toArray();

    int[] groups = partitions.groups(shards);

    for (int row = 0; row < 40; row++) {
      assertThat(partitions.shard(groups[row])).isEqualTo(shards[row]);
      assertThat(partitions.partition(groups[row]))
          .isEqualTo(partitions.ids().get(partitions.ofRow()[row]));
    }
  }

  @Test
  void aPartitionIsNamedOnlyWhereThereIsNoKey() {
    RowPartitions all = RowPartitions.of(collection(false), "_default_2", ROWS);

    assertThat(all.ids()).containsExactly(new PartitionId(12));
    assertThatThrownBy(() -> RowPartitions.of(collection(true), "_default_2", ROWS))
        .hasMessageContaining(
            "not support manually specifying the partition names if partition key mode is used");
  }

  private static Collection collection(boolean keyed) {
    CollectionSchema schema =
        new CollectionSchema(
            "c",
            "",
            List.of(
                new Field(100, "id", "", DataType.INT64, true, false, false, false, Map.of()),
                new Field(
                    101, "tenant", "", DataType.VARCHAR, false, false, keyed, false, Map.of())),
            1);
    return new Collection(
        new CollectionId(7),
        new DatabaseId(1),
        "default",
        schema,
        List.of(new LogId(0)),
        IntStream.range(0, 4)
            .mapToObj(i -> new Partition(new PartitionId(10 + i), Partition.keyed(i), 5))
            .toList(),
        ConsistencyLevel.BOUNDED,
        Map.of(),
        3,
        0,
        5,
        6,
        CollectionState.ACTIVE);
  }
}
