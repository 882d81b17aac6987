package io.elanus.querycoord.serving;

import io.elanus.common.model.LoadScope;
import io.elanus.common.model.NodeId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/// Who serves one shard in one replica. A segment that no holder names is the leader's. One that two name
/// moves from the first to the second.
///
/// @param next takes the shard up beside the leader, to become it
/// @param holders each node once; who gives segments away stands before who takes them
public record Route(NodeId leader, Optional<NodeId> next, List<Holder> holders, LoadScope scope) {
  public Route {
    holders = List.copyOf(holders);
  }

  /// A shard whose leader holds everything.
  public static Route of(NodeId leader) {
    return new Route(leader, Optional.empty(), List.of(), LoadScope.WHOLE);
  }

  /// Every node it names.
  public SortedSet<NodeId> nodes() {
    SortedSet<NodeId> nodes = new TreeSet<>();
    nodes.add(leader);
    next.ifPresent(nodes::add);
    holders.forEach(holder -> nodes.add(holder.node()));
    return nodes;
  }

  /// `1 -> 2 3[10, 11] 2[11]`: 1 leads, 2 is to lead; 3 has 10, and gives 11 to 2.
  @Override
  public String toString() {
    List<String> parts = new ArrayList<>();
    parts.add(leader + next.map(node -> " -> " + node).orElse(""));
    holders.forEach(holder -> parts.add(holder.toString()));
    return String.join(" ", parts);
  }
}
