package io.elanus.querycoord.placement;

import io.elanus.common.model.NodeId;
import io.elanus.querycoord.serving.ResourceGroup;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;

/// Which node belongs to which resource group. Keeps what is, brings groups that have fewer nodes than they
/// request up to that from groups that have more than they request, and takes from groups what exceeds
/// their limit.
///
/// ```
///  a requests 2, limit 3     before  a {1}  default {2 3}        after  a {1 3}  default {2}
/// ```
///
/// Nodes no group names are the default group's. A node that is gone, or about to leave, is in no group.
final class GroupPlan {
  private final SortedMap<String, ResourceGroup> groups = new TreeMap<>();

  private GroupPlan(SortedMap<String, ResourceGroup> state, Set<NodeId> staying) {
    SortedSet<NodeId> free = new TreeSet<>(staying);
    for (ResourceGroup group : state.values()) {
      if (!group.isDefault()) {
        SortedSet<NodeId> kept = new TreeSet<>(group.nodes());
        kept.retainAll(free);
        free.removeAll(kept);
        groups.put(group.name(), group.with(kept));
      }
    }
    ResourceGroup base = state.getOrDefault(ResourceGroup.DEFAULT_NAME, ResourceGroup.ofDefault());
    groups.put(base.name(), base.with(free));
  }

  /// All groups with their nodes, the default one too.
  static SortedMap<String, ResourceGroup> plan(
      SortedMap<String, ResourceGroup> state, Set<NodeId> staying) {
    GroupPlan plan = new GroupPlan(state, staying);
    plan.fillMissing();
    plan.giveAwaySpare();
    return plan.groups;
  }

  private void fillMissing() {
    for (Optional<ResourceGroup> needy = neediest(); needy.isPresent(); needy = neediest()) {
      Optional<ResourceGroup> giver = giver(needy.get());
      if (giver.isEmpty()) {
        return;
      }
      move(giver.get(), needy.get());
    }
  }

  private Optional<ResourceGroup> neediest() {
    return most(group -> missing(group) > 0, GroupPlan::missing);
  }

  /// First who has more than its limit, then who the needy one names, then who has most.
  private Optional<ResourceGroup> giver(ResourceGroup needy) {
    Predicate<ResourceGroup> canGive =
        group -> !group.name().equals(needy.name()) && aboveRequest(group) > 0;
    return most(canGive.and(group -> spare(group) > 0), GroupPlan::spare)
        .or(() ->
            most(
                canGive.and(group -> needy.config().from().contains(group.name())),
                GroupPlan::aboveRequest))
        .or(() -> most(canGive, GroupPlan::aboveRequest));
  }

  private void giveAwaySpare() {
    for (Optional<ResourceGroup> rich = richest(); rich.isPresent(); rich = richest()) {
      move(rich.get(), taker(rich.get()).orElseThrow());
    }
  }

  private Optional<ResourceGroup> richest() {
    return most(group -> spare(group) > 0 && taker(group).isPresent(), GroupPlan::spare);
  }

  /// First who the rich one names, then who has most room; the default group has room always.
  private Optional<ResourceGroup> taker(ResourceGroup rich) {
    Predicate<ResourceGroup> canTake =
        group -> !group.name().equals(rich.name()) && room(group) > 0;
    return most(canTake.and(group -> rich.config().to().contains(group.name())), GroupPlan::room)
        .or(() -> most(canTake, GroupPlan::room))
        .or(() -> Optional.ofNullable(rich.isDefault() ? null : defaultGroup()));
  }

  private ResourceGroup defaultGroup() {
    return groups.getOrDefault(ResourceGroup.DEFAULT_NAME, ResourceGroup.ofDefault());
  }

  /// The newest node moves: it is likely to hold the least.
  private void move(ResourceGroup from, ResourceGroup to) {
    NodeId node = from.nodes().last();
    SortedSet<NodeId> less = new TreeSet<>(from.nodes());
    less.remove(node);
    SortedSet<NodeId> more = new TreeSet<>(to.nodes());
    more.add(node);
    groups.put(from.name(), from.with(less));
    groups.put(to.name(), to.with(more));
  }

  /// The first one by name of those that have most of `amount`.
  private Optional<ResourceGroup> most(
      Predicate<ResourceGroup> among, ToIntFunction<ResourceGroup> amount) {
    List<ResourceGroup> fit = groups.values().stream().filter(among).toList();
    Comparator<ResourceGroup> byAmount = Comparator.comparingInt(amount);
    return fit.stream().max(byAmount.thenComparing(ResourceGroup::name, Comparator.reverseOrder()));
  }

  private static int missing(ResourceGroup group) {
    return group.config().requests() - group.nodes().size();
  }

  private static int aboveRequest(ResourceGroup group) {
    return group.nodes().size() - group.config().requests();
  }

  private static int spare(ResourceGroup group) {
    return group.nodes().size() - group.config().limits();
  }

  private static int room(ResourceGroup group) {
    return group.config().limits() - group.nodes().size();
  }
}
