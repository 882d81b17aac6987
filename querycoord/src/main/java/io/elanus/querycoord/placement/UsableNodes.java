package io.elanus.querycoord.placement;

import io.elanus.common.model.NodeId;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// The nodes a replica may be given something on, in the order of their ids. Replicas that have a group to
/// themselves share it.
final class UsableNodes {
  final List<NodeDraft> nodes;
  private final Set<NodeId> ids = new HashSet<>();

  UsableNodes(List<NodeDraft> nodes) {
    this.nodes = List.copyOf(nodes);
    nodes.forEach(node -> ids.add(node.id));
  }

  boolean contains(NodeId node) {
    return ids.contains(node);
  }
}
