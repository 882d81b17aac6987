package io.elanus.datacoord;

import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import io.elanus.common.manifest.Manifest;
import io.elanus.common.manifest.SegmentEntry;
import io.elanus.common.manifest.ShardPointer;
import io.elanus.common.model.Collection;
import io.elanus.common.model.IndexDefinition;
import io.elanus.common.model.NodeId;
import io.elanus.common.model.PartitionId;
import io.elanus.common.run.Backoff;
import io.elanus.common.run.Deadline;
import io.elanus.common.run.FanOut;
import io.elanus.common.run.Run;
import io.elanus.common.wal.LogId;
import io.elanus.proto.internal.IndexProgressResponse;
import io.elanus.proto.internal.UnflushedRowsRequest;
import io.elanus.rpc.internal.Peers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;

/// Rows counted: by manifests what is in segments, by the owners of the logs what is not yet.
final class Statistics {
  /// A flush between two reads would count rows twice or not at all: then it is counted anew.
  private static final int MAX_TRIES = 5;

  /// Between tries while logs change hands, or a process comes up.
  private static final Backoff PAUSE = new Backoff(Duration.ofMillis(50), Duration.ofSeconds(1));

  private final Run run;
  private final ShardManifests manifests;
  private final Peers peers;
  private final FanOut fanOut;
  private final IndexPlan indexPlan;

  Statistics(Run run, ShardManifests manifests, Peers peers, FanOut fanOut, IndexPlan indexPlan) {
    this.run = run;
    this.manifests = manifests;
    this.peers = peers;
    this.fanOut = fanOut;
    this.indexPlan = indexPlan;
  }

  /// Rows that were inserted and acknowledged before this call. Deletes are not subtracted, what a truncate or
  /// the drop of a partition removed is. Waits for owners that take their logs up.
  ///
  /// @param partition only of this one; empty for all
  /// @param state who owns the logs now
  long rowCount(
      Collection collection,
      Optional<PartitionId> partition,
      Supplier<DataState> state,
      Deadline deadline) {
    for (int tries = 1; ; tries++) {
      List<ShardPointer> before = manifests.pointers(collection.id());
      long unflushed = unflushedOnceOwned(collection, partition, state, deadline);
      long flushed = flushedRows(collection, partition);
      if (manifests.pointers(collection.id()).equals(before) || tries == MAX_TRIES) {
        return flushed + unflushed;
      }
    }
  }

  private long flushedRows(Collection collection, Optional<PartitionId> partition) {
    return manifests.newest(collection.id()).stream()
        .flatMap(manifest -> manifest.segments().stream())
        .filter(segment -> partition.isEmpty() || partition.get().equals(segment.partition()))
        .mapToLong(SegmentEntry::rowCount)
        .sum();
  }

  private long unflushedOnceOwned(
      Collection collection,
      Optional<PartitionId> partition,
      Supplier<DataState> state,
      Deadline deadline) {
    for (int failures = 1; ; failures++) {
      try {
        return unflushedRows(collection, partition, state.get(), deadline);
      } catch (DbException e) {
        Duration pause = PAUSE.pause(failures, run.random());
        boolean mayPass =
            switch (e.kind()) {
              case NOT_READY, LOST_RACE, UNKNOWN_OUTCOME -> true;
              case BAD_REQUEST, OVERLOADED, CORRUPT, CANCELED, DENIED, BUG -> false;
            };
        if (!mayPass || deadline.remaining(run).compareTo(pause) <= 0) {
          throw e;
        }
        run.sleep(pause);
      }
    }
  }

  /// @param failure why a build of this index failed last
  IndexProgressResponse indexProgress(
      Collection collection, IndexDefinition index, Optional<String> failure) {
    List<Manifest> newest = manifests.newest(collection.id());
    long total = newest.stream().mapToLong(Manifest::rowCount).sum();
    long pending =
        newest.stream()
            .mapToLong(manifest ->
                indexPlan.pendingRows(manifest, index, collection.schema().field(index.fieldId())))
            .sum();
    return IndexProgressResponse.newBuilder()
        .setTotalRows(total)
        .setIndexedRows(total - pending)
        .setPendingRows(pending)
        .setFinished(pending == 0)
        .setFailure(pending == 0 ? "" : failure.orElse(""))
        .build();
  }

  private long unflushedRows(
      Collection collection, Optional<PartitionId> partition, DataState state, Deadline deadline) {
    Map<NodeId, UnflushedRowsRequest.Builder> requests = new TreeMap<>();
    for (LogId log : new TreeSet<>(collection.shardLogs())) {
      requests
          .computeIfAbsent(requireOwner(state, log), _ -> UnflushedRowsRequest.newBuilder())
          .setCollectionId(collection.id().value())
          .setPartitionId(partition.map(PartitionId::value).orElse(0L))
          .addLogs(log.value());
    }
    return fanOut
        .all(
            requests.entrySet(),
            deadline,
            e -> peers.dataNode(e.getKey()).unflushedRows(e.getValue().build()).getRowCount())
        .stream()
        .mapToLong(Long::longValue)
        .sum();
  }

  private static NodeId requireOwner(DataState state, LogId log) {
    DataState.Owner owner = state.owners().get(log);
    if (owner == null) {
      throw ErrorCode.CHANNEL_NOT_AVAILABLE.because("log %s has no owner yet", log);
    }
    return owner.node();
  }
}
