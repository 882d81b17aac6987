package io.elanus.querycoord.placement;

import static org.assertj.core.api.Assertions.assertThat;

import io.elanus.common.model.NodeId;
import io.elanus.querycoord.serving.ResourceGroup;
import io.elanus.querycoord.serving.ResourceGroup.Config;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class GroupPlanTest {
  private final SortedMap<String, ResourceGroup> groups = new TreeMap<>();

  private GroupPlanTest group(String name, int requests, int limits, int... nodes) {
    return group(name, Config.of(requests, limits), nodes);
  }

  private GroupPlanTest group(String name, Config config, int... nodes) {
    groups.put(name, new ResourceGroup(name, config, ids(nodes)));
    return this;
  }

  private static SortedSet<NodeId> ids(int... nodes) {
    return Arrays.stream(nodes)
        .mapToObj(NodeId::new)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private String plan(int... staying) {
    SortedMap<String, ResourceGroup> planned = GroupPlan.plan(groups, ids(staying));
    assertThat(GroupPlan.plan(planned, ids(staying))).isEqualTo(planned);
    return planned.values().stream()
        .map(group -> (group.isDefault() ? "default" : group.name()) + " " + group.nodes())
        .collect(Collectors.joining("  "));
  }

  @Test
  void nodesOfNoGroupAreTheDefaultOnes() {
    assertThat(plan(1, 2)).isEqualTo("default [1, 2]");
  }

  @Test
  void aGroupIsFilledUpToItsRequest() {
    assertThat(group("a", 2, 3).plan(1, 2, 3)).isEqualTo("default [1]  a [2, 3]");
  }

  @Test
  void aGroupKeepsWhatItHasUpToItsLimit() {
    assertThat(group("a", 1, 3, 1, 2, 3).plan(1, 2, 3, 4)).isEqualTo("default [4]  a [1, 2, 3]");
    assertThat(group("a", 1, 2, 1, 2, 3).plan(1, 2, 3, 4)).isEqualTo("default [3, 4]  a [1, 2]");
  }

  @Test
  void nodesThatAreGoneAreReplaced() {
    assertThat(group("a", 2, 2, 1, 2).plan(1, 3)).isEqualTo("default []  a [1, 3]");
  }

  @Test
  void whoIsNamedGivesFirst() {
    Config fromC = new Config(1, 1, List.of("c"), List.of());

    assertThat(group("a", fromC).group("b", 0, 9, 1, 2).group("c", 0, 9, 3).plan(1, 2, 3, 4, 5))
        .isEqualTo("default [4, 5]  a [3]  b [1, 2]  c []");
  }

  @Test
  void whoIsNamedGetsFirst() {
    Config toC = new Config(0, 0, List.of(), List.of("c"));

    assertThat(group("a", toC, 1, 2).group("b", 0, 9).group("c", 0, 1).plan(1, 2))
        .isEqualTo("default [1]  a []  b []  c [2]");
  }

  @Test
  void nobodyGivesWhatItNeeds() {
    assertThat(group("a", 2, 2).group("b", 2, 2, 1, 2).plan(1, 2))
        .isEqualTo("default []  a []  b [1, 2]");
  }

  @Test
  void theDefaultGroupMayAskToo() {
    assertThat(group("a", 0, 9, 1, 2).group(ResourceGroup.DEFAULT_NAME, 1, 9).plan(1, 2))
        .isEqualTo("default [2]  a [1]");
  }
}
