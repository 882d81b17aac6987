package io.elanus.datacoord;

import io.elanus.common.manifest.Checkpoint;
import io.elanus.common.manifest.FileRef;
import io.elanus.common.manifest.IndexEntry;
import io.elanus.common.manifest.Manifest;
import io.elanus.common.manifest.SegmentEntry;
import io.elanus.common.manifest.ShardPointer;
import io.elanus.common.model.Collection;
import io.elanus.common.model.CollectionId;
import io.elanus.common.model.CollectionSchema;
import io.elanus.common.model.CollectionState;
import io.elanus.common.model.ConsistencyLevel;
import io.elanus.common.model.DataType;
import io.elanus.common.model.DatabaseId;
import io.elanus.common.model.Field;
import io.elanus.common.model.IndexDefinition;
import io.elanus.common.model.IndexId;
import io.elanus.common.model.PartitionId;
import io.elanus.common.model.SegmentId;
import io.elanus.common.model.ShardId;
import io.elanus.common.object.ObjectLayout;
import io.elanus.common.wal.LogId;
import io.elanus.common.wal.Position;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/// Collections, manifests and pointers to test with. Shard i writes to log i.
final class Shards {
  private Shards() {}

  static Collection collection(long id, int shards) {
    Field key = new Field(100, "id", "", DataType.INT64, true, false, false, false, Map.of());
    return new Collection(
        new CollectionId(id),
        new DatabaseId(1),
        "default",
        new CollectionSchema("films", "", List.of(key), 0),
        IntStream.range(0, shards).mapToObj(LogId::new).toList(),
        List.of(),
        ConsistencyLevel.STRONG,
        Map.of(),
        1,
        0,
        1,
        1,
        CollectionState.ACTIVE);
  }

  static IndexDefinition index(long collection, long id, String type) {
    return new IndexDefinition(
        new IndexId(id), new CollectionId(collection), 101, "i", Map.of("index_type", type), 1);
  }

  static SegmentEntry segment(ShardId shard, long id, int rows, long... indexes) {
    FileRef file = new FileRef(ObjectLayout.segment(shard, new SegmentId(id)), 1, 1);
    List<IndexEntry> entries =
        LongStream.of(indexes)
            .mapToObj(index -> new IndexEntry(new IndexId(index), 101, file))
            .toList();
    return new SegmentEntry(
        new SegmentId(id), new PartitionId(1), rows, 1, 2, 0, file, List.of(), entries);
  }

  static Manifest manifest(
      ShardId shard, long version, Position checkpoint, SegmentEntry... segments) {
    return new Manifest(
        shard,
        version,
        1,
        0,
        Optional.empty(),
        Checkpoint.start(checkpoint),
        List.of(segments),
        List.of(),
        List.of());
  }

  static ShardPointer pointer(Manifest manifest) {
    return new ShardPointer(
        manifest.shard(),
        ObjectLayout.manifest(
            manifest.shard(), manifest.epoch(), manifest.version(), manifest.attempt()),
        manifest.version(),
        manifest.epoch(),
        manifest.checkpoint().position(),
        0,
        0,
        1);
  }
}
