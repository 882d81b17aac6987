package io.elanus.datacoord;

import static org.assertj.core.api.Assertions.assertThat;

import io.elanus.common.manifest.Manifest;
import io.elanus.common.model.CollectionId;
import io.elanus.common.model.DataType;
import io.elanus.common.model.Field;
import io.elanus.common.model.IndexDefinition;
import io.elanus.common.model.ShardId;
import io.elanus.common.wal.Position;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class IndexPlanTest {
  private static final ShardId SHARD = new ShardId(new CollectionId(7), 0);
  private static final IndexDefinition GRAPH = Shards.index(7, 50, "HNSW");
  private static final IndexDefinition AUTO = Shards.index(7, 51, "AUTOINDEX");
  private static final IndexDefinition SPARSE = Shards.index(7, 53, "SPARSE_INVERTED_INDEX");
  private static final IndexDefinition FLAT = Shards.index(7, 52, "FLAT");

  private final IndexPlan plan = new IndexPlan(IndexPlan.MIN_ROWS);

  private final Manifest manifest =
      Shards.manifest(
          SHARD,
          1,
          new Position(1, 0),
          Shards.segment(SHARD, 1, 5_000, 50),
          Shards.segment(SHARD, 2, 1_023),
          Shards.segment(SHARD, 3, 1_024),
          Shards.segment(SHARD, 4, 8_000, 51));

  private String missing(IndexDefinition... definitions) {
    return plan.missing(manifest, List.of(definitions)).stream()
        .map(file -> file.segment() + ":" + file.index())
        .collect(Collectors.joining(" "));
  }

  @Test
  void oneFilePerLargeSegmentAndGraphIndexThatLacksIt() {
    assertThat(missing(GRAPH)).isEqualTo("3:50 4:50");
    assertThat(missing(GRAPH, AUTO)).isEqualTo("1:51 3:50 3:51 4:50");
    assertThat(missing()).isEmpty();
  }

  @Test
  void smallAndFlatRowsCountAsIndexed() {
    assertThat(pending(DataType.FLOAT_VECTOR, GRAPH)).isEqualTo(9_024);
    assertThat(pending(DataType.FLOAT_VECTOR, AUTO)).isEqualTo(6_024);
    assertThat(pending(DataType.FLOAT_VECTOR, FLAT)).isZero();
    assertThat(pending(DataType.INT8_VECTOR, GRAPH)).isEqualTo(9_024);
    assertThat(pending(DataType.BINARY_VECTOR, AUTO)).isZero();
    assertThat(pending(DataType.SPARSE_FLOAT_VECTOR, SPARSE)).isEqualTo(14_024);
    assertThat(pending(DataType.SPARSE_FLOAT_VECTOR, AUTO)).isEqualTo(6_024);
  }

  private long pending(DataType type, IndexDefinition index) {
    Field field = new Field(101, "v", "", type, false, false, false, false, Map.of());
    return plan.pendingRows(manifest, index, Optional.of(field));
  }
}
