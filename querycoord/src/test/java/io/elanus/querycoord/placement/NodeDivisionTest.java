package io.elanus.querycoord.placement;

import static org.assertj.core.api.Assertions.assertThat;

import io.elanus.common.meta.Member;
import io.elanus.common.model.NodeId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class NodeDivisionTest {
  private final SortedMap<NodeId, Member> nodes = new TreeMap<>();

  private NodeDivisionTest zone(String zone, int... ids) {
    Arrays.stream(ids).forEach(id -> node(zone, id, 1));
    return this;
  }

  private NodeDivisionTest node(String zone, int id, long memoryBytes) {
    Member member = new Member(new NodeId(id), "querynode", "", "test").with(zone, memoryBytes);
    nodes.put(member.node(), member);
    return this;
  }

  /// `1 2 | 3`: nodes of the first and of the second replica.
  private String divide(String current) {
    List<SortedSet<NodeId>> sets = new ArrayList<>();
    for (String set : current.split("\\|", -1)) {
      sets.add(
          Arrays.stream(set.strip().split(" "))
              .filter(id -> !id.isEmpty())
              .map(id -> new NodeId(Long.parseLong(id)))
              .collect(Collectors.toCollection(TreeSet::new)));
    }
    List<SortedSet<NodeId>> division = NodeDivision.divide(sets, nodes);
    assertThat(NodeDivision.divide(division, nodes)).isEqualTo(division);
    return text(division);
  }

  private static String text(List<SortedSet<NodeId>> division) {
    return division.stream()
        .map(set -> set.stream().map(NodeId::toString).collect(Collectors.joining(" ")))
        .collect(Collectors.joining(" | "));
  }

  @Test
  void withoutZonesNodesAreDividedEvenly() {
    assertThat(zone("", 1, 2, 3, 4, 5).divide("|")).isEqualTo("1 3 5 | 2 4");
  }

  @Test
  void memoryCountsNotNodes() {
    assertThat(node("", 1, 100).node("", 2, 30).node("", 3, 30).node("", 4, 30).divide("|"))
        .isEqualTo("1 | 2 3 4");
  }

  @Test
  void whatReplicasHaveTheyKeep() {
    assertThat(zone("", 1, 2, 3, 4).divide("3 | 1")).isEqualTo("2 3 | 1 4");
  }

  @Test
  void anUnevenDivisionIsEvenedOut() {
    assertThat(zone("", 1, 2, 3, 4).divide("1 2 3 4 |")).isEqualTo("1 2 | 3 4");
  }

  @Test
  void fewerNodesThanReplicasLeaveSomeWithout() {
    assertThat(zone("", 1).divide("|")).isEqualTo("1 | ");
    assertThat(zone("", 1).divide("| 1")).isEqualTo(" | 1");
  }

  @Test
  void eachReplicaHasZonesOfItsOwn() {
    assertThat(zone("a", 1, 2).zone("b", 3).zone("c", 4).divide("|")).isEqualTo("1 2 | 3 4");
  }

  @Test
  void aReplicaStaysInItsZone() {
    assertThat(zone("a", 1, 2).zone("b", 3, 4).divide("3 | 1")).isEqualTo("3 4 | 1 2");
  }

  @Test
  void replicasThatShareAZonePart() {
    assertThat(zone("a", 1, 2).zone("b", 3).divide("1 | 2")).isEqualTo("1 2 | 3");
  }

  @Test
  void moreReplicasThanZonesShareThem() {
    assertThat(zone("a", 1, 2).zone("b", 3).divide("||")).isEqualTo("1 | 3 | 2");
  }

  @Test
  void aZoneThatIsTooSmallIsNoReplica() {
    assertThat(zone("a", 1, 2, 3, 4, 5).zone("b", 6).divide("|")).isEqualTo("1 3 5 | 2 4 6");
  }

  @Test
  void losingAnyZoneLeavesAReplicaWhole() {
    SplittableRandom random = new SplittableRandom(11);
    for (int round = 0; round < 1_000; round++) {
      nodes.clear();
      int zones = random.nextInt(2, 5);
      int perZone = random.nextInt(1, 6);
      int replicas = random.nextInt(2, 5);
      for (int i = 0; i < zones * perZone; i++) {
        node("zone" + i % zones, i + 1, 1);
      }
      if (zones * perZone < replicas) {
        continue;
      }
      String division = divide("|".repeat(replicas - 1));
      for (int lost = 0; lost < zones; lost++) {
        String zone = "zone" + lost;
        assertThat(division.split(" \\| "))
            .as("%s without %s", division, zone)
            .anyMatch(replica ->
                Arrays.stream(replica.split(" "))
                    .noneMatch(id ->
                        Objects.requireNonNull(nodes.get(new NodeId(Long.parseLong(id))))
                            .zone()
                            .equals(zone)));
      }
    }
  }
}
