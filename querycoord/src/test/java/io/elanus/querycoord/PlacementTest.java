package io.elanus.querycoord;

import static org.assertj.core.api.Assertions.assertThat;

import io.elanus.common.model.CollectionId;
import io.elanus.common.model.NodeId;
import io.elanus.common.model.ShardId;
import io.elanus.querycoord.ServingState.Load;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class PlacementTest {
  private final TreeMap<CollectionId, Load> loads = new TreeMap<>();
  private final TreeMap<ShardId, NodeId> routes = new TreeMap<>();
  private final Set<NodeId> nodes = new TreeSet<>();

  private PlacementTest nodes(int... ids) {
    for (int id : ids) {
      nodes.add(new NodeId(id));
    }
    return this;
  }

  private PlacementTest wanted(int collection, int shards) {
    loads.put(new CollectionId(collection), new Load(1, shards));
    return this;
  }

  private PlacementTest route(int collection, int shard, int node) {
    routes.put(new ShardId(new CollectionId(collection), shard), new NodeId(node));
    return this;
  }

  private String plan() {
    ServingState state = new ServingState(loads, routes);
    var moves = Placement.plan(state, nodes);
    assertThat(Placement.plan(state.apply(moves), nodes)).isEmpty();
    return moves.stream().map(PlacementTest::text).collect(Collectors.joining("; "));
  }

  private static String text(ServingChange change) {
    return switch (change) {
      case ServingChange.PutRoute(var shard, var node) -> shard + " -> " + node;
      case ServingChange.RemoveRoute(var shard) -> "remove " + shard;
      case ServingChange.PutLoad put -> put.toString();
      case ServingChange.RemoveLoad remove -> remove.toString();
    };
  }

  @Test
  void spreadsByShardsHeld() {
    assertThat(nodes(1, 2).wanted(7, 3).wanted(8, 2).plan())
        .isEqualTo("7/0 -> 1; 7/1 -> 2; 7/2 -> 1; 8/0 -> 2; 8/1 -> 1");
  }

  @Test
  void keepsWhatIsPlaced() {
    assertThat(nodes(1, 2).wanted(7, 2).route(7, 0, 1).route(7, 1, 1).plan()).isEmpty();
  }

  @Test
  void replacesDeadLeadersByTheNodesThatHoldTheFewest() {
    assertThat(nodes(1, 3).wanted(7, 2).wanted(8, 1).route(7, 0, 1).route(7, 1, 2).plan())
        .isEqualTo("7/1 -> 3; 8/0 -> 1");
  }

  @Test
  void takesBackWhatIsNoLongerWanted() {
    assertThat(nodes(1).wanted(7, 1).route(7, 0, 1).route(9, 0, 1).route(9, 1, 2).plan())
        .isEqualTo("remove 9/0; remove 9/1");
  }

  @Test
  void doesNotCountWhatItTakesBack() {
    assertThat(nodes(1, 2).wanted(7, 1).route(9, 0, 1).plan()).isEqualTo("remove 9/0; 7/0 -> 1");
  }

  @Test
  void leavesEverythingWithoutNodes() {
    assertThat(wanted(7, 2).route(7, 0, 1).plan()).isEmpty();
  }
}
