package io.elanus.querynode;

import io.elanus.common.meta.MetaKeys;
import io.elanus.common.meta.MetaStore.MetaEntry;
import io.elanus.common.model.LoadScope;
import io.elanus.common.model.NodeId;
import io.elanus.common.model.SegmentId;
import io.elanus.common.model.ShardId;
import io.elanus.proto.internal.RouteMeta;
import io.elanus.proto.internal.SegmentHolder;
import io.elanus.rpc.codec.CatalogCodec;
import io.elanus.rpc.codec.LoadScopeCodec;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// A `route/` entry: who serves one replica of a shard.
///
/// @param next takes the shard up beside the leader, to become it
/// @param holders nodes that hold segments for the leader; the first one named for a segment answers
/// @param scope what of the shard is to be served
record Route(
    ShardId shard, NodeId leader, Optional<NodeId> next, List<Holder> holders, LoadScope scope) {
  record Holder(NodeId node, Set<SegmentId> segments) {}

  static ShardId shardOf(String key) {
    return MetaKeys.routedShard(key);
  }

  static Route decode(MetaEntry entry) {
    RouteMeta meta = CatalogCodec.parse(entry, RouteMeta.parser());
    return new Route(
        shardOf(entry.key()),
        new NodeId(meta.getNodeId()),
        Optional.of(meta.getNextNodeId()).filter(id -> id != 0).map(NodeId::new),
        meta.getHoldersList().stream().map(Route::decode).toList(),
        LoadScopeCodec.decode(meta.getScope()));
  }

  private static Holder decode(SegmentHolder meta) {
    Set<SegmentId> segments = new LinkedHashSet<>();
    meta.getSegmentIdsList().forEach(id -> segments.add(new SegmentId(id)));
    return new Holder(new NodeId(meta.getNodeId()), segments);
  }

  /// Whether `node` is to lead the shard, now or next.
  boolean isLedBy(NodeId node) {
    return leader.equals(node) || next.filter(node::equals).isPresent();
  }

  boolean names(NodeId node) {
    return isLedBy(node) || holders.stream().anyMatch(holder -> holder.node.equals(node));
  }
}
