package io.elanus.datacoord;

import io.elanus.common.model.NodeId;
import io.elanus.common.wal.LogId;
import io.elanus.datacoord.DataState.Owner;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/// Which datanode owns which log. Keeps owners that live, replaces dead ones, and moves logs from the
/// node that owns the most to the one that owns the fewest until they differ by one at most.
///
/// ```
///  nodes 1 2     before  0 -> 1 @3   1 -> 9 @1   2 -> 1 @1   3 -> 1 @1
///                after   0 -> 1 @3   1 -> 2 @2   2 -> 1 @1   3 -> 2 @2
/// ```
///
/// Every change raises the epoch: what the owner before still commits is refused. Without any node
/// everything stays as it is.
final class LogPlacement {
  private final SortedMap<LogId, Owner> owners;
  private final Set<NodeId> nodes;
  private final SortedMap<LogId, Owner> moved = new TreeMap<>();
  private final Map<NodeId, Integer> logsOwned = new TreeMap<>();

  private LogPlacement(SortedMap<LogId, Owner> owners, Set<NodeId> nodes) {
    this.owners = owners;
    this.nodes = nodes;
  }

  /// In the order of the logs. Idempotent: planned again after its changes, it plans none.
  static List<DataChange> plan(SortedMap<LogId, Owner> owners, int logCount, Set<NodeId> nodes) {
    if (nodes.isEmpty()) {
      return List.of();
    }
    LogPlacement placement = new LogPlacement(owners, nodes);
    placement.countKept();
    placement.replaceDead(logCount);
    placement.balance();
    return placement.moved.entrySet().stream()
        .<DataChange>map(move -> new DataChange.PutOwner(move.getKey(), move.getValue()))
        .toList();
  }

  private void countKept() {
    nodes.forEach(node -> logsOwned.put(node, 0));
    owners
        .values()
        .forEach(owner -> logsOwned.computeIfPresent(owner.node(), (_, count) -> count + 1));
  }

  private void replaceDead(int logCount) {
    for (int i = 0; i < logCount; i++) {
      LogId log = new LogId(i);
      Owner owner = owners.get(log);
      if (owner == null || !nodes.contains(owner.node())) {
        move(log, fewest());
      }
    }
  }

  private void balance() {
    while (count(most()) - count(fewest()) > 1) {
      NodeId from = most();
      move(lastLogOf(from), fewest());
      logsOwned.merge(from, -1, Integer::sum);
    }
  }

  private void move(LogId log, NodeId to) {
    Owner before = owners.get(log);
    moved.put(log, new Owner(to, before == null ? 1 : before.epoch() + 1));
    logsOwned.merge(to, 1, Integer::sum);
  }

  private LogId lastLogOf(NodeId node) {
    SortedMap<LogId, Owner> planned = new TreeMap<>(owners);
    planned.putAll(moved);
    return planned.entrySet().stream()
        .filter(e -> e.getValue().node().equals(node))
        .map(Map.Entry::getKey)
        .max(Comparator.naturalOrder())
        .orElseThrow();
  }

  private NodeId fewest() {
    return nodes.stream().min(byCount().thenComparing(node -> node)).orElseThrow();
  }

  private NodeId most() {
    return nodes.stream().max(byCount()).orElseThrow();
  }

  private Comparator<NodeId> byCount() {
    return Comparator.comparingInt(this::count);
  }

  private int count(NodeId node) {
    return logsOwned.getOrDefault(node, 0);
  }
}
