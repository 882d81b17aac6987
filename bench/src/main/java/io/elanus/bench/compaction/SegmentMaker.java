package io.elanus.bench.compaction;

import io.elanus.bench.vectors.KeyedVectors;
import io.elanus.common.manifest.Checkpoint;
import io.elanus.common.manifest.SegmentEntry;
import io.elanus.common.model.CollectionId;
import io.elanus.common.model.CollectionSchema;
import io.elanus.common.model.PartitionId;
import io.elanus.common.model.RowBatch;
import io.elanus.common.model.SegmentId;
import io.elanus.common.model.ShardId;
import io.elanus.common.object.ObjectLayout;
import io.elanus.common.record.LogRecord;
import io.elanus.common.record.RecordHeader;
import io.elanus.common.wal.Position;
import io.elanus.segment.file.SegmentWriter;
import io.elanus.segment.tail.Tail;
import io.elanus.segment.tail.TailCut;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;

/// Segments of random vectors whose keys interleave, as a shard's segments do.
final class SegmentMaker {
  private static final ShardId SHARD = new ShardId(new CollectionId(1), 0);

  private final int dimension;
  private final Random random = new Random(1);

  SegmentMaker(int dimension) {
    this.dimension = dimension;
  }

  CollectionSchema schema() {
    return new KeyedVectors(dimension).schema();
  }

  /// Writes segment `number` of `of`: every `of`-th key.
  SegmentEntry write(Path file, int number, int of, int rows) {
    long[] keys = new long[rows];
    float[] vectors = new float[rows * dimension];
    for (int row = 0; row < rows; row++) {
      keys[row] = (long) row * of + number;
    }
    for (int i = 0; i < vectors.length; i++) {
      vectors[i] = random.nextFloat();
    }
    RowBatch batch = new KeyedVectors(dimension).rows(keys, vectors);
    SegmentId id = new SegmentId(1L + number);
    Tail tail =
        new Tail(schema(), new Checkpoint(new Position(0, 0), number, 0, 0, false, List.of()));
    RecordHeader header = new RecordHeader(SHARD, 1, 1, 0, 1, 0, 0);
    tail.apply(
        new Position(0, 1), new LogRecord.Insert(header, new PartitionId(1), batch), number + 1);
    TailCut cut = TailCut.of(tail.view(), number + 1);
    return SegmentWriter.write(file, cut.partitions().getFirst().rows())
        .toEntry(id, new PartitionId(1), ObjectLayout.segment(SHARD, id), of);
  }
}
