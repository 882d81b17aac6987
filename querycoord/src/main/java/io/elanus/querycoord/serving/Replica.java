package io.elanus.querycoord.serving;

import io.elanus.common.model.NodeId;
import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;

/// Which nodes may serve one replica of a collection. The only one of its collection in a resource group has
/// all of the group's nodes; those that share a group divide them.
///
/// @param nodes of the group; empty unless `sharesGroup`
public record Replica(String group, boolean sharesGroup, SortedSet<NodeId> nodes) {
  public Replica {
    if (!sharesGroup && !nodes.isEmpty()) {
      throw new IllegalArgumentException("the only replica of a group names nodes " + nodes);
    }
    nodes = Collections.unmodifiableSortedSet(new TreeSet<>(nodes));
  }

  /// One that has all nodes of its group.
  public static Replica alone(String group) {
    return new Replica(group, false, new TreeSet<>());
  }

  public static Replica sharing(String group, SortedSet<NodeId> nodes) {
    return new Replica(group, true, nodes);
  }
}
