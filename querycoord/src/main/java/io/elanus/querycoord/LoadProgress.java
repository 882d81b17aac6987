package io.elanus.querycoord;

import io.elanus.common.error.DbException;
import io.elanus.common.meta.MetaKeys;
import io.elanus.common.meta.MetaStore;
import io.elanus.common.meta.MetaStore.MetaEntry;
import io.elanus.common.model.CollectionId;
import io.elanus.common.model.NodeId;
import io.elanus.common.run.Deadline;
import io.elanus.common.run.FanOut;
import io.elanus.proto.internal.RouteMeta;
import io.elanus.proto.internal.ShardProgressRequest;
import io.elanus.proto.internal.ShardState;
import io.elanus.rpc.codec.CatalogCodec;
import io.elanus.rpc.internal.Peers;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// How far the leaders of a collection's shards are, asked of them now.
final class LoadProgress {
  private static final Logger log = LoggerFactory.getLogger(LoadProgress.class);

  private final MetaStore store;
  private final Peers peers;
  private final FanOut fanOut;

  LoadProgress(MetaStore store, Peers peers, FanOut fanOut) {
    this.store = store;
    this.peers = peers;
    this.fanOut = fanOut;
  }

  /// The mean over `shardCount` shards, 0..100; 100 only when every shard has a leader that answers
  /// searches. A shard without a leader, or whose leader does not answer, counts 0.
  int percent(CollectionId collection, int shardCount, Deadline deadline) {
    Map<NodeId, List<Integer>> shardsByLeader =
        store.range(MetaKeys.routes(collection)).entries().stream()
            .collect(
                Collectors.groupingBy(
                    LoadProgress::leader,
                    Collectors.mapping(
                        entry -> ServingLoader.shard(entry.key()).index(), Collectors.toList())));
    int sum =
        fanOut
            .all(
                shardsByLeader.entrySet(),
                deadline,
                led -> percentOf(collection, led.getKey(), led.getValue()))
            .stream()
            .mapToInt(Integer::intValue)
            .sum();
    return shardCount == 0 ? 0 : sum / shardCount;
  }

  private static NodeId leader(MetaEntry entry) {
    return new NodeId(CatalogCodec.parse(entry, RouteMeta.parser()).getNodeId());
  }

  private int percentOf(CollectionId collection, NodeId leader, List<Integer> shards) {
    var request = ShardProgressRequest.newBuilder().setCollectionId(collection.value()).build();
    try {
      return peers.queryNode(leader).shardProgress(request).getShardsList().stream()
          .filter(state -> shards.contains(state.getShard()))
          .mapToInt(LoadProgress::percentOf)
          .sum();
    } catch (DbException e) {
      log.debug("leader does not answer node={} collection={}", leader, collection, e);
      return 0;
    }
  }

  private static int percentOf(ShardState state) {
    return state.getServing() ? 100 : Math.clamp(state.getProgress(), 0, 99);
  }
}
