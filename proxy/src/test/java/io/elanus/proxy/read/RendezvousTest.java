package io.elanus.proxy.read;

import static org.assertj.core.api.Assertions.assertThat;

import io.elanus.common.model.CollectionId;
import io.elanus.common.model.NodeId;
import io.elanus.common.model.ShardId;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class RendezvousTest {
  private static final Set<NodeId> NODES =
      LongStream.range(1, 11).mapToObj(NodeId::new).collect(Collectors.toCollection(TreeSet::new));

  private static ShardId shard(int i) {
    return new ShardId(new CollectionId(i / 4), i % 4);
  }

  @Test
  void shardsAreSpreadEvenly() {
    Map<NodeId, Integer> shards = new TreeMap<>();
    for (int i = 0; i < 10_000; i++) {
      shards.merge(Rendezvous.order(shard(i), NODES).getFirst(), 1, Integer::sum);
    }

    assertThat(shards).hasSize(10);
    assertThat(shards.values()).allMatch(count -> count > 850 && count < 1_150);
  }

  @Test
  void whenANodeGoesOnlyItsShardsFindAnother() {
    NodeId gone = new NodeId(3);
    Set<NodeId> left = new TreeSet<>(NODES);
    left.remove(gone);

    for (int i = 0; i < 1_000; i++) {
      List<NodeId> before = Rendezvous.order(shard(i), NODES);
      NodeId expected = before.getFirst().equals(gone) ? before.get(1) : before.getFirst();
      assertThat(Rendezvous.order(shard(i), left).getFirst()).isEqualTo(expected);
    }
  }
}
