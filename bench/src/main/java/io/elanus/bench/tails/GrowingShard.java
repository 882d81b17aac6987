package io.elanus.bench.tails;

import io.elanus.bench.vectors.DataSet;
import io.elanus.bench.vectors.KeyedVectors;
import io.elanus.common.expr.Expr;
import io.elanus.common.manifest.Checkpoint;
import io.elanus.common.memory.HeapShare;
import io.elanus.common.model.CollectionId;
import io.elanus.common.model.Key;
import io.elanus.common.model.Metric;
import io.elanus.common.model.PartitionId;
import io.elanus.common.model.RowBatch;
import io.elanus.common.model.ShardId;
import io.elanus.common.record.LogRecord;
import io.elanus.common.record.RecordHeader;
import io.elanus.common.wal.Position;
import io.elanus.index.BuildControl;
import io.elanus.index.SearchParams;
import io.elanus.segment.shard.Cancellation;
import io.elanus.segment.shard.Hit;
import io.elanus.segment.shard.LiveShard;
import io.elanus.segment.shard.Queries;
import io.elanus.segment.shard.SearchRequest;
import io.elanus.segment.shard.ShardSnapshot;
import io.elanus.segment.shard.TailGraph;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// A shard as its leader has it, of a data set's rows, that was never flushed.
final class GrowingShard {
  private static final int ROWS_OF_A_RECORD = 1_000;

  private final Metric metric;
  private final LiveShard shard;

  GrowingShard(DataSet data) {
    this.metric =
        switch (data.metric()) {
          case L2 -> Metric.L2;
          case INNER_PRODUCT -> Metric.IP;
          case COSINE -> Metric.COSINE;
        };
    this.shard =
        new LiveShard(
            new KeyedVectors(data.base().columns()).schema(),
            Checkpoint.start(new Position(0, 0)),
            List.of(),
            List.of());
    for (int from = 0; from < data.base().rows(); from += ROWS_OF_A_RECORD) {
      insert(data, from, Math.min(data.base().rows(), from + ROWS_OF_A_RECORD));
    }
  }

  private void insert(DataSet data, int from, int to) {
    int dimension = data.base().columns();
    long[] keys = new long[to - from];
    float[] vectors = new float[keys.length * dimension];
    for (int i = 0; i < keys.length; i++) {
      keys[i] = (long) from + i;
      System.arraycopy(data.base().row(from + i), 0, vectors, i * dimension, dimension);
    }
    RowBatch rows = new KeyedVectors(dimension).rows(keys, vectors);
    long next = shard.position().offset() + 1;
    RecordHeader header =
        new RecordHeader(new ShardId(new CollectionId(1), 0), 1, next, 0, next, 1, 0);
    shard.apply(new Position(0, next), new LogRecord.Insert(header, new PartitionId(1), rows));
  }

  int blocks() {
    return shard.tail().blocks().size();
  }

  long bytes() {
    return shard.tail().sizeBytes();
  }

  long graphBytes() {
    return shard.tail().indexBytes();
  }

  /// The rows found for each of `queries`, `k` each.
  int[] search(List<float[]> queries, int k, SearchParams params) {
    SearchRequest request =
        new SearchRequest(
            KeyedVectors.VECTOR,
            metric,
            new Queries.Dense(queries),
            k,
            params,
            Expr.ALWAYS,
            Set.of());
    try (ShardSnapshot snapshot = shard.snapshot()) {
      return snapshot.search(request, Cancellation.NEVER, HeapShare.UNCOUNTED).stream()
          .flatMap(List::stream)
          .mapToInt(GrowingShard::row)
          .toArray();
    }
  }

  private static int row(Hit hit) {
    return hit.key() instanceof Key.LongKey(long value) ? (int) value : -1;
  }

  boolean isGraphDue() {
    try (ShardSnapshot snapshot = shard.snapshot()) {
      return snapshot.graphDue(KeyedVectors.VECTOR, metric).isPresent();
    }
  }

  /// @return whether one was due, and is there now
  boolean makeGraph() {
    try (ShardSnapshot snapshot = shard.snapshot()) {
      Optional<TailGraph> due = snapshot.graphDue(KeyedVectors.VECTOR, metric);
      due.ifPresent(graph -> graph.make(BuildControl.onCallingThread()));
      return due.isPresent();
    }
  }
}
