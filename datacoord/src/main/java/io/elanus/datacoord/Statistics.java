package io.elanus.datacoord;

import io.elanus.common.error.ErrorCode;
import io.elanus.common.manifest.Manifest;
import io.elanus.common.manifest.ShardPointer;
import io.elanus.common.model.Collection;
import io.elanus.common.model.IndexDefinition;
import io.elanus.common.model.NodeId;
import io.elanus.common.run.Deadline;
import io.elanus.common.run.FanOut;
import io.elanus.common.wal.LogId;
import io.elanus.proto.internal.IndexProgressResponse;
import io.elanus.proto.internal.UnflushedRowsRequest;
import io.elanus.rpc.internal.Peers;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// Rows counted: by manifests what is in segments, by the owners of the logs what is not yet.
final class Statistics {
  /// A flush between two reads would count rows twice or not at all: then it is counted anew.
  private static final int MAX_TRIES = 5;

  private final ShardManifests manifests;
  private final Peers peers;
  private final FanOut fanOut;

  Statistics(ShardManifests manifests, Peers peers, FanOut fanOut) {
    this.manifests = manifests;
    this.peers = peers;
    this.fanOut = fanOut;
  }

  /// Rows that were inserted; deletes are not subtracted.
  long rowCount(Collection collection, DataState state, Deadline deadline) {
    for (int tries = 1; ; tries++) {
      List<ShardPointer> before = manifests.pointers(collection.id());
      long unflushed = unflushedRows(collection, state, deadline);
      long flushed = manifests.newest(collection.id()).stream().mapToLong(Manifest::rowCount).sum();
      if (manifests.pointers(collection.id()).equals(before) || tries == MAX_TRIES) {
        return flushed + unflushed;
      }
    }
  }

  /// @param failure why a build of this index failed last
  IndexProgressResponse indexProgress(
      Collection collection, IndexDefinition index, Optional<String> failure) {
    List<Manifest> newest = manifests.newest(collection.id());
    long total = newest.stream().mapToLong(Manifest::rowCount).sum();
    long pending =
        newest.stream().mapToLong(manifest -> IndexPlan.pendingRows(manifest, index)).sum();
    return IndexProgressResponse.newBuilder()
        .setTotalRows(total)
        .setIndexedRows(total - pending)
        .setPendingRows(pending)
        .setFinished(pending == 0)
        .setFailure(pending == 0 ? "" : failure.orElse(""))
        .build();
  }

  private long unflushedRows(Collection collection, DataState state, Deadline deadline) {
    Set<NodeId> owners = new TreeSet<>();
    collection.shardLogs().forEach(log -> owners.add(requireOwner(state, log)));
    var request =
        UnflushedRowsRequest.newBuilder().setCollectionId(collection.id().value()).build();
    return fanOut
        .all(owners, deadline, owner -> peers.dataNode(owner).unflushedRows(request).getRowCount())
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
