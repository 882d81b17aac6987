package io.elanus.querycoord.placement;

import io.elanus.common.error.ErrorCode;
import io.elanus.common.model.CollectionId;
import io.elanus.common.model.NodeId;
import io.elanus.common.model.SegmentId;
import io.elanus.querycoord.serving.ReplicaKey;
import io.elanus.querycoord.serving.ServingChange;
import io.elanus.querycoord.serving.ServingState;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Moves of segments that somebody asked for, as Milvus's LoadBalance does. What they leave uneven,
/// [Placement] evens out again.
public final class ManualMove {
  /// @param targets none: any node of the replica
  /// @param segments none: all of the source
  public record Wish(
      CollectionId collection, NodeId source, Set<NodeId> targets, Set<SegmentId> segments) {}

  private ManualMove() {}

  /// @throws io.elanus.common.error.DbException `COLLECTION_NOT_LOADED`, `NODE_NOT_FOUND`,
  ///     `SEGMENT_NOT_FOUND`
  public static List<ServingChange> plan(ServingState state, Observed observed, Wish wish) {
    if (!state.loads().containsKey(wish.collection())) {
      throw ErrorCode.COLLECTION_NOT_LOADED.with("collection", wish.collection());
    }
    Drafts drafts = Placement.drafts(state, observed);
    ReplicaDraft replica = replicaOf(drafts, wish);
    wish.targets().stream()
        .filter(node -> !replica.isUsable(node))
        .findFirst()
        .ifPresent(node -> {
          throw ErrorCode.NODE_NOT_FOUND.because(
              "destination node not found in the same replica: %s",
              ErrorCode.NODE_NOT_FOUND.with("node", node).text());
        });
    for (Item item : items(replica, wish)) {
      replica
          .lightest(item.segment.bytes, node -> isTarget(item.shard, node, wish))
          .ifPresent(node -> replica.move(item.segment, node));
    }
    return drafts.changes().stream().filter(change -> isOf(change, replica.key)).toList();
  }

  private record Item(ShardDraft shard, SegmentDraft segment) {}

  private static ReplicaDraft replicaOf(Drafts drafts, Wish wish) {
    return drafts.replicas.stream()
        .filter(replica -> replica.key.collection().equals(wish.collection()))
        .filter(replica ->
            replica.isUsable(wish.source())
                || replica.segments().stream().anyMatch(s -> wish.source().equals(s.at)))
        .findFirst()
        .orElseThrow(() ->
            ErrorCode.NODE_NOT_FOUND.because(
                "source node not found in any replica of collection %s: %s",
                wish.collection(), ErrorCode.NODE_NOT_FOUND.with("node", wish.source()).text()));
  }

  private static List<Item> items(ReplicaDraft replica, Wish wish) {
    List<Item> items = new ArrayList<>();
    for (ShardDraft shard : replica.shards) {
      shard.segments.values().stream()
          .filter(segment -> segment.isSettledAt(wish.source()) && !segment.gone)
          .filter(segment -> wish.segments().isEmpty() || wish.segments().contains(segment.id))
          .forEach(segment -> items.add(new Item(shard, segment)));
    }
    Optional<SegmentId> missing =
        wish.segments().stream()
            .filter(id -> items.stream().noneMatch(item -> item.segment.id.equals(id)))
            .findFirst();
    missing.ifPresent(id -> {
      throw ErrorCode.SEGMENT_NOT_FOUND.because(
          "segment not found in source node: %s",
          ErrorCode.SEGMENT_NOT_FOUND.with("segment", id).text());
    });
    return items;
  }

  private static boolean isTarget(ShardDraft shard, NodeDraft node, Wish wish) {
    return !node.id.equals(wish.source())
        && !shard.givers().contains(node.id)
        && !shard.takers().contains(wish.source())
        && (wish.targets().isEmpty() || wish.targets().contains(node.id));
  }

  private static boolean isOf(ServingChange change, ReplicaKey replica) {
    return change instanceof ServingChange.PutRoute put && put.key().replicaKey().equals(replica);
  }
}
