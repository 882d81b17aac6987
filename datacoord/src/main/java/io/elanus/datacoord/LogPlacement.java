package io.elanus.datacoord;

import io.elanus.common.model.NodeId;
import io.elanus.common.wal.LogId;
import io.elanus.datacoord.DataState.Owner;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/// Which datanode owns which log. Pure.
///
/// ```
///  nodes 1 2     before     0 -> 1 @3   1 -> 9 @1   2 -> 1 @1   3 -> 1 @1
///                take over  0 -> 1 @3   1 -> 2 @2   2 -> 1 @1   3 -> 1 @1      9 is dead: at once
///                balance    0 -> 1 @3   1 -> 2 @2   2 -> 1 @1   3 -> 2 @2      one at a time
/// ```
///
/// Every change raises the epoch: what the owner before still commits is refused. Without any node
/// everything stays as it is.
final class LogPlacement {
  /// A log that is to go from an owner that lives to another.
  ///
  /// @param epoch of the owner it has: a log that has another by then is left alone
  record Move(LogId log, NodeId from, long epoch, NodeId to) {}

  private final SortedMap<LogId, Owner> owners;

  /// Logs of the nodes that stay, planned ones included.
  private final Map<NodeId, Integer> counts = new TreeMap<>();

  private LogPlacement(SortedMap<LogId, Owner> owners, Set<NodeId> staying) {
    this.owners = owners;
    staying.forEach(node -> counts.put(node, 0));
    owners
        .values()
        .forEach(owner -> counts.computeIfPresent(owner.node(), (_, count) -> count + 1));
  }

  /// Gives logs without owner, and logs of owners that are dead, to the nodes that own the fewest. In the
  /// order of the logs.
  ///
  /// @param staying nodes that may be given logs
  /// @param kept nodes whose logs are left alone here: those that live, or may
  static List<DataChange> takeOver(
      SortedMap<LogId, Owner> owners, int logCount, Set<NodeId> staying, Set<NodeId> kept) {
    List<DataChange> changes = new ArrayList<>();
    LogPlacement placement = new LogPlacement(owners, staying);
    for (int i = 0; i < logCount && !staying.isEmpty(); i++) {
      LogId log = new LogId(i);
      Owner owner = owners.get(log);
      if (owner == null || !kept.contains(owner.node())) {
        long epoch = owner == null ? 1 : owner.epoch() + 1;
        changes.add(new DataChange.PutOwner(log, new Owner(placement.takeFewest(), epoch)));
      }
    }
    return changes;
  }

  /// All logs of the nodes that leave, to those that stay. In the order of the logs.
  static List<Move> leave(
      SortedMap<LogId, Owner> owners, Set<NodeId> staying, Set<NodeId> leaving) {
    List<Move> moves = new ArrayList<>();
    LogPlacement placement = new LogPlacement(owners, staying);
    owners.forEach((log, owner) -> {
      if (leaving.contains(owner.node()) && !staying.isEmpty()) {
        moves.add(new Move(log, owner.node(), owner.epoch(), placement.takeFewest()));
      }
    });
    return moves;
  }

  /// The next move from the node that owns the most to the one that owns the fewest; empty when they
  /// differ by one at most.
  static Optional<Move> balance(SortedMap<LogId, Owner> owners, Set<NodeId> staying) {
    if (staying.isEmpty()) {
      return Optional.empty();
    }
    LogPlacement placement = new LogPlacement(owners, staying);
    NodeId most = placement.most();
    NodeId fewest = placement.fewest();
    return placement.count(most) - placement.count(fewest) > 1
        ? Optional.of(placement.lastOf(most, fewest))
        : Optional.empty();
  }

  private Move lastOf(NodeId from, NodeId to) {
    return owners.entrySet().stream()
        .filter(e -> e.getValue().node().equals(from))
        .max(Map.Entry.comparingByKey())
        .map(e -> new Move(e.getKey(), from, e.getValue().epoch(), to))
        .orElseThrow();
  }

  private NodeId takeFewest() {
    NodeId node = fewest();
    counts.merge(node, 1, Integer::sum);
    return node;
  }

  private NodeId fewest() {
    return counts.keySet().stream()
        .min(Comparator.comparingInt(this::count).thenComparing(node -> node))
        .orElseThrow();
  }

  private NodeId most() {
    return counts.keySet().stream().max(Comparator.comparingInt(this::count)).orElseThrow();
  }

  private int count(NodeId node) {
    return counts.getOrDefault(node, 0);
  }
}
