package io.elanus.querycoord.placement;

import io.elanus.common.model.NodeId;
import io.elanus.querycoord.serving.ReplicaKey;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// The shards of one replica while a plan is made, and what its nodes have of it. Every change of a draft goes
/// through here, so that the sums stay true.
final class ReplicaDraft {
  final ReplicaKey key;
  final List<ShardDraft> shards;

  /// Nodes that may be given something. Others that still have something of the replica are leaving it.
  final List<NodeDraft> usable;

  private final UsableNodes usableNodes;
  private final Map<NodeId, NodeDraft> living;
  private final Map<NodeId, Long> homeBytes = new HashMap<>();
  private final Map<NodeId, Integer> leads = new HashMap<>();

  ReplicaDraft(
      ReplicaKey key, List<ShardDraft> shards, UsableNodes usable, Map<NodeId, NodeDraft> living) {
    this.key = key;
    this.shards = List.copyOf(shards);
    this.usable = usable.nodes;
    this.usableNodes = usable;
    this.living = living;
    shards.forEach(this::account);
  }

  // asking

  long homeBytes(NodeDraft node) {
    return homeBytes.getOrDefault(node.id, 0L);
  }

  int leads(NodeDraft node) {
    return leads.getOrDefault(node.id, 0);
  }

  boolean isUsable(@Nullable NodeId node) {
    return node != null && usableNodes.contains(node);
  }

  boolean isLiving(@Nullable NodeId node) {
    return node != null && living.containsKey(node);
  }

  /// The usable node that takes `bytes` best: the one with least of this replica, then least at all.
  Optional<NodeDraft> lightest(long bytes, Predicate<NodeDraft> fit) {
    return usable.stream()
        .filter(node -> node.hasRoomFor(bytes) && fit.test(node))
        .min(
            Comparator.<NodeDraft>comparingLong(this::homeBytes)
                .thenComparingLong(node -> node.homeBytes)
                .thenComparing(node -> node.id));
  }

  /// The usable node to lead one more shard: the one that leads the fewest, here, then at all.
  Optional<NodeDraft> leastLeading(long bytes, Predicate<NodeDraft> fit) {
    return usable.stream()
        .filter(node -> node.hasRoomFor(bytes) && fit.test(node))
        .min(
            Comparator.<NodeDraft>comparingInt(this::leads)
                .thenComparingInt(node -> node.leads)
                .thenComparingLong(node -> node.homeBytes)
                .thenComparing(node -> node.id));
  }

  long mostFreeBytes() {
    return usable.stream().mapToLong(NodeDraft::freeBytes).max().orElse(0);
  }

  // changing

  void lead(ShardDraft shard, NodeDraft node) {
    shard.leader = node.id;
    shard.next = null;
    shard.leaderLost = false;
    countLead(node.id, 1);
    node.usedBytes += NodeDraft.TAIL_BYTES;
  }

  /// Beside the leader, to become it.
  void leadNext(ShardDraft shard, NodeDraft node) {
    countLead(shard.leader, -1);
    shard.next = node.id;
    countLead(node.id, 1);
    node.usedBytes += NodeDraft.TAIL_BYTES + shard.bytesOfNext();
    node.leadsArriving++;
  }

  void cancelNext(ShardDraft shard) {
    NodeDraft node = living.get(shard.next);
    countLead(shard.next, -1);
    shard.next = null;
    countLead(shard.leader, 1);
    if (node != null) {
      node.usedBytes -= NodeDraft.TAIL_BYTES + shard.bytesOfNext();
      node.leadsArriving--;
    }
  }

  void place(SegmentDraft segment, NodeDraft node) {
    segment.at = node.id;
    countHome(node.id, segment.bytes);
    node.usedBytes += segment.bytes;
  }

  void displace(SegmentDraft segment) {
    NodeId node = Objects.requireNonNull(segment.at);
    segment.at = null;
    countHome(node, -segment.bytes);
    Optional.ofNullable(living.get(node)).ifPresent(draft -> draft.usedBytes -= segment.bytes);
  }

  void move(SegmentDraft segment, NodeDraft to) {
    countHome(segment.at, -segment.bytes);
    segment.to = to.id;
    countHome(to.id, segment.bytes);
    to.usedBytes += segment.bytes;
    to.segmentsArriving++;
  }

  void cancelMove(SegmentDraft segment) {
    NodeDraft to = living.get(segment.to);
    countHome(segment.to, -segment.bytes);
    segment.to = null;
    countHome(segment.at, segment.bytes);
    if (to != null) {
      to.usedBytes -= segment.bytes;
      to.segmentsArriving--;
    }
  }

  // sums

  private void account(ShardDraft shard) {
    if (!shard.leaderLost) {
      countLead(shard.heir(), 1);
      use(shard.leader, NodeDraft.TAIL_BYTES);
    }
    use(shard.next, NodeDraft.TAIL_BYTES + shard.bytesOfNext());
    arrive(shard.next, false);
    for (SegmentDraft segment : shard.segments.values()) {
      countHome(segment.home(), segment.bytes);
      use(segment.at, segment.bytes);
      use(segment.to, segment.bytes);
      arrive(segment.to, true);
    }
  }

  private void countLead(@Nullable NodeId node, int count) {
    if (node != null) {
      leads.merge(node, count, Integer::sum);
      Optional.ofNullable(living.get(node)).ifPresent(draft -> draft.leads += count);
    }
  }

  private void countHome(@Nullable NodeId node, long bytes) {
    if (node != null) {
      homeBytes.merge(node, bytes, Long::sum);
      Optional.ofNullable(living.get(node)).ifPresent(draft -> draft.homeBytes += bytes);
    }
  }

  private void use(@Nullable NodeId node, long bytes) {
    Optional.ofNullable(node).map(living::get).ifPresent(draft -> draft.usedBytes += bytes);
  }

  private void arrive(@Nullable NodeId node, boolean segment) {
    Optional.ofNullable(node)
        .map(living::get)
        .ifPresent(draft -> {
          draft.segmentsArriving += segment ? 1 : 0;
          draft.leadsArriving += segment ? 0 : 1;
        });
  }

  List<SegmentDraft> segments() {
    List<SegmentDraft> all = new ArrayList<>();
    shards.forEach(shard -> all.addAll(shard.segments.values()));
    return all;
  }
}
