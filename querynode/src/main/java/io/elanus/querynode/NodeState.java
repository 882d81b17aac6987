package io.elanus.querynode;

import io.elanus.common.manifest.IndexEntry;
import io.elanus.common.manifest.SegmentEntry;
import io.elanus.common.model.SegmentId;
import io.elanus.common.model.ShardId;
import io.elanus.common.run.Deadline;
import io.elanus.common.run.Gate;
import io.elanus.common.run.Run;
import io.elanus.proto.internal.HeldSegment;
import io.elanus.proto.internal.LedShard;
import io.elanus.proto.internal.NodeStatusResponse;
import java.util.Map;
import java.util.TreeMap;

/// What this node leads and holds, for whoever waits until that is another.
final class NodeState {
  private final Gate gate;
  private final Leaders leaders;
  private final Holdings holdings;
  private final FileCache files;
  private final Changes changes;

  /// Counts changes. Apart from the state, because what changes is made before it.
  static final class Changes {
    private final Gate gate;

    // guarded by gate; never 0, and hardly what another start of the process has counted
    private long count;

    Changes(Run run) {
      this.gate = run.gate();
      this.count = 1 + run.random().nextLong(1L << 40);
    }

    void add() {
      gate.change(() -> count++);
    }
  }

  NodeState(Changes changes, Leaders leaders, Holdings holdings, FileCache files) {
    this.gate = changes.gate;
    this.changes = changes;
    this.leaders = leaders;
    this.holdings = holdings;
    this.files = files;
  }

  /// The state, as soon as it is not the one that `seen` stands for, or at `deadline`.
  NodeStatusResponse await(long seen, Deadline deadline) {
    gate.await(() -> changes.count != seen, deadline);
    long now = gate.read(() -> changes.count);
    NodeStatusResponse.Builder status =
        NodeStatusResponse.newBuilder()
            .setSeen(now)
            .setMemoryBytes(files.memoryLimit())
            .setMemoryUsedBytes(files.memoryBytes());
    Map<Place, HeldSegment> segments = new TreeMap<>();
    for (ShardLeader leader : leaders.all()) {
      LeaderState.Report state = leader.report();
      status.addShards(led(leader, state));
      state
          .held()
          .forEach(entry ->
              segments.put(
                  new Place(leader.shard(), entry.id()),
                  held(leader.shard(), entry, state.open().contains(entry.id()), "")));
    }
    for (HeldShard held : holdings.all()) {
      for (HeldShard.State state : held.states()) {
        state
            .entry()
            .ifPresent(entry ->
                segments.merge(
                    new Place(held.shard(), entry.id()),
                    held(held.shard(), entry, state.open(), state.failure()),
                    (a, b) -> a.getReady() ? a : b));
      }
    }
    return status.addAllSegments(segments.values()).build();
  }

  private record Place(ShardId shard, SegmentId segment) implements Comparable<Place> {
    @Override
    public int compareTo(Place other) {
      int byShard = shard.compareTo(other.shard);
      return byShard != 0 ? byShard : segment.compareTo(other.segment);
    }
  }

  private static LedShard led(ShardLeader leader, LeaderState.Report state) {
    return LedShard.newBuilder()
        .setCollectionId(leader.shard().collection().value())
        .setShard(leader.shard().index())
        .setCold(!leader.isRouted())
        .setProgress(state.progress())
        .setServing(state.serving())
        .setFailure(state.failure())
        .setManifestVersion(state.manifestVersion())
        .build();
  }

  private static HeldSegment held(
      ShardId shard, SegmentEntry entry, boolean ready, String failure) {
    long indexBytes =
        entry.indexes().stream().map(IndexEntry::file).mapToLong(file -> file.sizeBytes()).sum();
    return HeldSegment.newBuilder()
        .setCollectionId(shard.collection().value())
        .setShard(shard.index())
        .setSegmentId(entry.id().value())
        .setSizeBytes(entry.file().sizeBytes() + indexBytes)
        .setReady(ready)
        .setFailure(failure)
        .build();
  }
}
