package io.elanus.querynode;

import io.elanus.common.manifest.Checkpoint;
import io.elanus.common.model.PartitionId;
import io.elanus.common.model.ShardId;
import io.elanus.common.record.LogRecord;
import io.elanus.common.record.RecordHeader;
import io.elanus.common.wal.Position;
import io.elanus.segment.shard.LiveShard;
import io.elanus.segment.shard.ShardSnapshot;
import java.util.List;
import java.util.stream.LongStream;

/// A shard of [Films] that is never flushed, without a node around it. The tag of a row is its key.
final class FilmsShard implements AutoCloseable {
  static final ShardId ID = new ShardId(Films.COLLECTION, 0);

  private final LiveShard shard =
      new LiveShard(Films.schema(), Checkpoint.start(new Position(0, 0)), List.of(), List.of());
  private long sequence;

  /// With the keys from 0 to before `rows`.
  FilmsShard(int rows) {
    insert(0, rows);
  }

  void insert(long from, long to) {
    sequence++;
    long[] keys = LongStream.range(from, to).toArray();
    shard.apply(
        new Position(0, sequence),
        new LogRecord.Insert(
            new RecordHeader(ID, 1, sequence, 0, 1000 + sequence, 1, 0),
            new PartitionId(1),
            Films.rows(keys, keys)));
  }

  ShardSnapshot snapshot() {
    return shard.snapshot();
  }

  ShardSnapshot snapshot(long version) {
    return shard.snapshot(version);
  }

  long graphBytes() {
    return shard.tail().indexBytes();
  }

  @Override
  public void close() {
    shard.close();
  }
}
