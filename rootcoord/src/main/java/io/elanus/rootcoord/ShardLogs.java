package io.elanus.rootcoord;

import io.elanus.common.model.Collection;
import io.elanus.common.wal.LogId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/// Which logs the shards of a new collection write to.
///
/// ```
///  shards per log   0:2  1:1  2:1      3 new shards ──> 1, 2, 0      2:2  1:2  0:3
/// ```
final class ShardLogs {
  private record Load(LogId log, int shards) {
    static final Comparator<Load> FEWEST_FIRST =
        Comparator.comparingInt(Load::shards).thenComparing(Load::log);
  }

  private ShardLogs() {}

  /// Each shard goes to the log that has the fewest by then, so a collection uses as many logs as it can.
  static List<LogId> assign(Iterable<Collection> collections, int logCount, int shardCount) {
    PriorityQueue<Load> loads = new PriorityQueue<>(Load.FEWEST_FIRST);
    int[] shards = count(collections, logCount);
    for (int log = 0; log < logCount; log++) {
      loads.add(new Load(new LogId(log), shards[log]));
    }
    List<LogId> assigned = new ArrayList<>();
    for (int shard = 0; shard < shardCount; shard++) {
      Load fewest = loads.remove();
      assigned.add(fewest.log());
      loads.add(new Load(fewest.log(), fewest.shards() + 1));
    }
    return assigned;
  }

  private static int[] count(Iterable<Collection> collections, int logCount) {
    int[] shards = new int[logCount];
    for (Collection collection : collections) {
      collection.shardLogs().forEach(log -> shards[log.value()]++);
    }
    return shards;
  }
}
