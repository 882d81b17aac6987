package io.elanus.querycoord.placement;

import io.elanus.common.model.NodeId;
import io.elanus.querycoord.placement.Plan.Shortage;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Who leads each shard of each replica.
///
/// ```
///  leader dead             1 leads, 1 is gone        2 leads
///  leader leaving          1 leads                   1 leads, 2 next   then, when 2 serves   2 leads
///  uneven                  1 leads three, 2 one      1 leads, 2 next   likewise
/// ```
final class LeaderPlan {
  /// Shards a node takes up at the same time for the sake of balance; each means reading a log's tail.
  static final int ARRIVING_MAX = 4;

  private final Drafts drafts;

  private LeaderPlan(Drafts drafts) {
    this.drafts = drafts;
  }

  static void plan(Drafts drafts) {
    LeaderPlan plan = new LeaderPlan(drafts);
    drafts.replicas.forEach(plan::repair);
    drafts.replicas.forEach(plan::vacate);
  }

  /// After everything else has its place.
  static void balance(Drafts drafts) {
    LeaderPlan plan = new LeaderPlan(drafts);
    drafts.replicas.forEach(plan::balanceWithin);
    plan.balanceAcross();
  }

  // a leader for every shard

  private void repair(ReplicaDraft replica) {
    replica.shards.stream()
        .filter(shard -> shard.leader == null || shard.leaderLost)
        .forEach(shard -> repair(replica, shard));
  }

  /// A new shard waits until it is known what it is made of, so that it is spread from the start, and for a
  /// node that has put down what it may have led of it before a release.
  private void repair(ReplicaDraft replica, ShardDraft shard) {
    boolean isNew = shard.route == null;
    if (replica.usable.isEmpty() || (isNew && shard.contents.isEmpty())) {
      return;
    }
    long bytes = NodeDraft.TAIL_BYTES + orphanBytes(shard);
    Optional<NodeDraft> leader =
        replica
            .leastLeading(bytes, node -> !isNew || !leads(node, shard))
            .or(() -> isNew ? Optional.empty() : roomiest(replica, shard));
    if (leader.isEmpty() && replica.usable.stream().anyMatch(node -> leads(node, shard))) {
      return;
    }
    if (leader.isEmpty()) {
      drafts.lack(replica.key.collection(), new Shortage(bytes, replica.mostFreeBytes()));
    } else if (isNew && !fits(replica, shard, leader.get())) {
      long most = shard.segments.values().stream().mapToLong(s -> s.bytes).max().orElse(0);
      drafts.lack(replica.key.collection(), new Shortage(most, replica.mostFreeBytes()));
    } else {
      replica.lead(shard, leader.get());
      if (shard.isWhole()) {
        orphans(shard).forEach(segment -> replica.place(segment, leader.get()));
      }
    }
  }

  /// A tail is an estimate, and a shard without leader answers nothing: better one whose tail is short
  /// of room.
  private static Optional<NodeDraft> roomiest(ReplicaDraft replica, ShardDraft shard) {
    return replica.usable.stream()
        .filter(node -> node.hasRoomFor(orphanBytes(shard)))
        .max(
            Comparator.comparingLong(NodeDraft::freeBytes)
                .thenComparing(node -> node.id, Comparator.reverseOrder()));
  }

  /// What has to go to the leader along with the shard.
  private static long orphanBytes(ShardDraft shard) {
    return shard.isWhole() ? orphans(shard).stream().mapToLong(segment -> segment.bytes).sum() : 0;
  }

  private static List<SegmentDraft> orphans(ShardDraft shard) {
    return shard.segments.values().stream().filter(SegmentDraft::isOrphan).toList();
  }

  /// Whether all segments of a new shard find room; tried out, and taken back.
  private static boolean fits(ReplicaDraft replica, ShardDraft shard, NodeDraft leader) {
    if (shard.isWhole()) {
      return true;
    }
    leader.usedBytes += NodeDraft.TAIL_BYTES;
    List<SegmentDraft> placed = new ArrayList<>();
    boolean fits = true;
    for (SegmentDraft segment :
        shard.segments.values().stream().sorted(SegmentDraft.BY_SIZE).toList()) {
      Optional<NodeDraft> node = replica.lightest(segment.bytes, _ -> true);
      if (node.isEmpty()) {
        fits = false;
        break;
      }
      replica.place(segment, node.get());
      placed.add(segment);
    }
    placed.forEach(replica::displace);
    leader.usedBytes -= NodeDraft.TAIL_BYTES;
    return fits;
  }

  // off nodes that leave

  private void vacate(ReplicaDraft replica) {
    for (ShardDraft shard : replica.shards) {
      NodeId leader = shard.leader;
      if (leader == null || shard.leaderLost) {
        continue;
      }
      if (shard.next != null && !replica.isUsable(shard.next)) {
        replica.cancelNext(shard);
      }
      if (shard.next == null && !replica.isUsable(leader)) {
        giveUp(replica, shard, leader);
      }
    }
  }

  private void giveUp(ReplicaDraft replica, ShardDraft shard, NodeId leader) {
    replica
        .leastLeading(NodeDraft.TAIL_BYTES + shard.bytesOfNext(), _ -> true)
        .ifPresentOrElse(
            node -> replica.leadNext(shard, node),
            () -> drafts.dismissIfSpare(replica, shard, leader));
  }

  // evenly

  private void balanceWithin(ReplicaDraft replica) {
    boolean moved = replica.shards.size() > 1 && replica.usable.size() > 1;
    while (moved) {
      moved = false;
      List<NodeDraft> byLeads = new ArrayList<>(replica.usable);
      byLeads.sort(
          Comparator.<NodeDraft>comparingInt(replica::leads).thenComparing(node -> node.id));
      for (int most = byLeads.size() - 1; most > 0 && !moved; most--) {
        for (int least = 0; least < most && !moved; least++) {
          NodeDraft from = byLeads.get(most);
          NodeDraft to = byLeads.get(least);
          moved =
              replica.leads(from) - replica.leads(to) >= 2
                  && movable(replica, from, to).map(shard -> move(replica, shard, to)).isPresent();
        }
      }
    }
  }

  /// Shards of different replicas: none of which gets more uneven by it.
  private void balanceAcross() {
    Map<NodeId, List<Map.Entry<ReplicaDraft, ShardDraft>>> led = new HashMap<>();
    for (ReplicaDraft replica : drafts.replicas) {
      for (ShardDraft shard : replica.shards) {
        if (shard.leader != null && shard.next == null) {
          led.computeIfAbsent(shard.leader, _ -> new ArrayList<>()).add(Map.entry(replica, shard));
        }
      }
    }
    for (NodeDraft to : drafts.byLeads()) {
      boolean more = true;
      while (more && to.leadsArriving < ARRIVING_MAX) {
        more = takeFromMost(led, to);
      }
    }
  }

  private boolean takeFromMost(
      Map<NodeId, List<Map.Entry<ReplicaDraft, ShardDraft>>> led, NodeDraft to) {
    for (NodeDraft from : drafts.byLeads().reversed()) {
      if (from.leads - to.leads < 2) {
        return false;
      }
      for (Map.Entry<ReplicaDraft, ShardDraft> entry : led.getOrDefault(from.id, List.of())) {
        ReplicaDraft replica = entry.getKey();
        ShardDraft shard = entry.getValue();
        if (from.id.equals(shard.heir())
            && replica.isUsable(from.id)
            && replica.isUsable(to.id)
            && replica.leads(to) < replica.leads(from)
            && isMovable(shard, from, to)) {
          return move(replica, shard, to);
        }
      }
    }
    return false;
  }

  private Optional<ShardDraft> movable(ReplicaDraft replica, NodeDraft from, NodeDraft to) {
    return replica.shards.stream().filter(shard -> isMovable(shard, from, to)).findFirst();
  }

  private boolean isMovable(ShardDraft shard, NodeDraft from, NodeDraft to) {
    long bytes = NodeDraft.TAIL_BYTES + shard.bytesOfNext();
    return from.id.equals(shard.leader)
        && shard.next == null
        && to.leadsArriving < ARRIVING_MAX
        && to.hasRoomFor(bytes)
        && drafts.observed.report(from.id).isServing(shard.key.shard())
        && !leads(to, shard);
  }

  /// Whether a node says so of itself. Who takes a shard up must not: that would be of an earlier time, and be
  /// taken for its having got ready.
  private boolean leads(NodeDraft node, ShardDraft shard) {
    return drafts.observed.report(node.id).led(shard.key.shard()).isPresent();
  }

  private static boolean move(ReplicaDraft replica, ShardDraft shard, NodeDraft to) {
    replica.leadNext(shard, to);
    return true;
  }
}
