package io.elanus.querynode;

import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import io.elanus.common.model.SegmentId;
import io.elanus.common.model.ShardId;
import io.elanus.common.run.Run;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;

/// The segments this node holds for leaders, by shard. Told what to hold by one thread; read by any.
final class Holdings implements AutoCloseable {
  private final BiFunction<ShardId, Set<SegmentId>, HeldShard> start;
  private final Map<ShardId, HeldShard> shards = new ConcurrentHashMap<>();
  private final Closing closing;

  /// @param start holds segments of a shard
  Holdings(Run run, BiFunction<ShardId, Set<SegmentId>, HeldShard> start) {
    this.start = start;
    this.closing = new Closing(run);
  }

  void hold(ShardId shard, Set<SegmentId> segments) {
    Optional<HeldShard> held = Optional.ofNullable(shards.get(shard));
    if (segments.isEmpty()) {
      held.ifPresent(gone -> {
        shards.remove(shard);
        closing.close("let go of " + shard, gone);
      });
    } else if (held.isPresent()) {
      held.get().name(segments);
    } else {
      shards.put(shard, start.apply(shard, segments));
    }
  }

  void manifestChanged(ShardId shard) {
    Optional.ofNullable(shards.get(shard)).ifPresent(HeldShard::manifestChanged);
  }

  void manifestsChanged() {
    shards.values().forEach(HeldShard::manifestChanged);
  }

  /// @throws DbException `SEGMENT_NOT_LOADED` when this node holds nothing of the shard
  HeldShard require(ShardId shard) {
    return Optional.ofNullable(shards.get(shard))
        .orElseThrow(() ->
            ErrorCode.SEGMENT_NOT_LOADED.because("this node holds no segments of shard %s", shard));
  }

  /// In the order of their shards.
  List<HeldShard> all() {
    return shards.values().stream().sorted((a, b) -> a.shard().compareTo(b.shard())).toList();
  }

  @Override
  public void close() {
    shards.forEach((shard, held) -> closing.close("let go of " + shard, held));
    shards.clear();
    closing.awaitAll();
  }
}
