package io.elanus.proxy.write;

import io.elanus.common.model.DataType;
import io.elanus.common.model.Field;
import io.elanus.common.model.Key;
import io.elanus.common.model.KeyHash;
import io.elanus.common.run.Gate;
import io.elanus.common.run.Run;
import io.elanus.proto.internal.AllocateIdsRequest;
import io.elanus.proto.internal.AllocateIdsResponse;
import io.elanus.rpc.internal.Peers;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/// Keys for rows that come without, from ranges of ids that rootcoord gives out.
public final class RowIds {
  /// Ids taken at a time: enough for many small inserts, lost without regret when the process ends.
  private static final int RANGE = 65_536;

  private static final int MAX_RANGE = 1 << 20;

  private final Peers peers;
  private final Gate gate;

  // guarded by gate: ids from next to end - 1 are free
  private long next;
  private long end;

  public RowIds(Run run, Peers peers) {
    this.peers = peers;
    this.gate = run.gate();
  }

  /// `count` new keys of the type of `primaryKey`.
  public List<Key> keys(Field primaryKey, int count) {
    return ids(count).stream().map(id -> key(primaryKey, id)).toList();
  }

  /// New keys, the i-th of which belongs to the shard `shards[i]`.
  public List<Key> keys(Field primaryKey, int[] shards, int shardCount) {
    List<Deque<Key>> drawn = new ArrayList<>();
    for (int i = 0; i < shardCount; i++) {
      drawn.add(new ArrayDeque<>());
    }
    List<Key> keys = new ArrayList<>(shards.length);
    for (int shard : shards) {
      while (drawn.get(shard).isEmpty()) {
        draw(primaryKey, shardCount, drawn);
      }
      keys.add(drawn.get(shard).remove());
    }
    return keys;
  }

  private void draw(Field primaryKey, int shardCount, List<Deque<Key>> drawn) {
    for (Key key : keys(primaryKey, shardCount)) {
      drawn.get(KeyHash.shard(key, shardCount)).add(key);
    }
  }

  private static Key key(Field primaryKey, long id) {
    return primaryKey.type() == DataType.INT64 ? Key.of(id) : Key.of(Long.toString(id));
  }

  private List<Long> ids(int count) {
    List<Long> ids = new ArrayList<>(count);
    take(ids, count);
    while (ids.size() < count) {
      fetch(count - ids.size());
      take(ids, count);
    }
    return ids;
  }

  private void take(List<Long> ids, int count) {
    gate.change(() -> {
      while (next < end && ids.size() < count) {
        ids.add(next++);
      }
    });
  }

  /// Two callers may fetch at once; the larger rest is kept, and nothing is given out twice.
  private void fetch(int missing) {
    int size = Math.min(MAX_RANGE, Math.max(RANGE, missing));
    AllocateIdsResponse range =
        peers.rootCoord().allocateIds(AllocateIdsRequest.newBuilder().setCount(size).build());
    gate.change(() -> {
      if (range.getCount() > end - next) {
        next = range.getFirst();
        end = range.getFirst() + range.getCount();
      }
    });
  }
}
