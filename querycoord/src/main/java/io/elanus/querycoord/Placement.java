package io.elanus.querycoord;

import io.elanus.common.model.CollectionId;
import io.elanus.common.model.NodeId;
import io.elanus.common.model.ShardId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// Which node leads which shard. Keeps what is placed, replaces dead leaders, and takes back what is no
/// longer wanted; each shard goes to the node that holds the fewest by then.
///
/// ```
///  wanted 7/0 7/1 8/0     before  7/0 -> 1   7/1 -> 2   9/0 -> 1      nodes 1, 3
///                         after   7/0 -> 1   7/1 -> 3   8/0 -> 1
/// ```
///
/// Without any node everything stays as it is: the one that comes back first serves again at once.
final class Placement {
  private final ServingState state;
  private final Set<NodeId> nodes;
  private final Map<NodeId, Integer> shardsHeld = new TreeMap<>();
  private final List<ServingChange> moves = new ArrayList<>();

  private Placement(ServingState state, Set<NodeId> nodes) {
    this.state = state;
    this.nodes = nodes;
  }

  /// Idempotent: planned again after its moves, it plans none.
  static List<ServingChange> plan(ServingState state, Set<NodeId> nodes) {
    Placement placement = new Placement(state, nodes);
    placement.countKept();
    placement.removeUnwanted();
    if (!nodes.isEmpty()) {
      placement.placeWanted();
    }
    return placement.moves;
  }

  private void countKept() {
    nodes.forEach(node -> shardsHeld.put(node, 0));
    state
        .routes()
        .forEach((shard, node) -> {
          if (isWanted(shard)) {
            shardsHeld.computeIfPresent(node, (_, held) -> held + 1);
          }
        });
  }

  private void removeUnwanted() {
    state.routes().keySet().stream()
        .filter(shard -> !isWanted(shard))
        .forEach(shard -> moves.add(new ServingChange.RemoveRoute(shard)));
  }

  private void placeWanted() {
    state.loads().forEach(this::placeShards);
  }

  private void placeShards(CollectionId collection, ServingState.Load load) {
    for (int index = 0; index < load.shardCount(); index++) {
      ShardId shard = new ShardId(collection, index);
      NodeId leader = state.routes().get(shard);
      if (leader == null || !nodes.contains(leader)) {
        place(shard);
      }
    }
  }

  private void place(ShardId shard) {
    NodeId fewest =
        nodes.stream()
            .min(Comparator.<NodeId>comparingInt(shardsHeld::get).thenComparing(node -> node))
            .orElseThrow();
    shardsHeld.merge(fewest, 1, Integer::sum);
    moves.add(new ServingChange.PutRoute(shard, fewest));
  }

  private boolean isWanted(ShardId shard) {
    ServingState.Load load = state.loads().get(shard.collection());
    return load != null && shard.index() < load.shardCount();
  }
}
