package io.elanus.querycoord.placement;

import io.elanus.common.meta.Member;
import io.elanus.common.model.NodeId;
import io.elanus.common.model.ShardId;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// What is seen of the world at one moment.
///
/// @param members query nodes that are registered, also those about to leave
/// @param reports what they said last; a node that has not said anything yet has none
/// @param contents what loaded shards are made of; a shard whose manifest was not read yet has none
public record Observed(
    SortedMap<NodeId, Member> members,
    Map<NodeId, NodeReport> reports,
    Map<ShardId, ShardContents> contents) {
  public Observed {
    members = Collections.unmodifiableSortedMap(members);
    reports = Map.copyOf(reports);
    contents = Map.copyOf(contents);
  }

  boolean isAlive(NodeId node) {
    return members.containsKey(node);
  }

  NodeReport report(NodeId node) {
    return reports.getOrDefault(node, NodeReport.NOTHING);
  }

  Optional<ShardContents> contents(ShardId shard) {
    return Optional.ofNullable(contents.get(shard));
  }

  /// Those that may be given something.
  public Set<NodeId> stayingNodes() {
    return staying().keySet();
  }

  SortedMap<NodeId, Member> staying() {
    return members.entrySet().stream()
        .filter(entry -> !entry.getValue().draining())
        .collect(
            Collectors.toMap(
                Map.Entry::getKey, Map.Entry::getValue, (first, _) -> first, TreeMap::new));
  }
}
