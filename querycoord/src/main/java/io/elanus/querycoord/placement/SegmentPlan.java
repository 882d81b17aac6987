package io.elanus.querycoord.placement;

import io.elanus.querycoord.placement.Plan.Shortage;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/// A node for every segment of every replica: for those that had none, or whose node is gone, at once; for
/// those whose node leaves, beside it.
///
/// ```
///  node 2 gone       1[10] 2[11]      1[10] 3[11]
///  node 2 leaving    1[10] 2[11]      1[10] 2[11] 3[11]      then, when 3 has it      1[10] 3[11]
/// ```
final class SegmentPlan {
  /// Segments a node takes at the same time from nodes that leave.
  static final int ARRIVING_MAX = 16;

  private final Drafts drafts;

  private SegmentPlan(Drafts drafts) {
    this.drafts = drafts;
  }

  static void plan(Drafts drafts) {
    SegmentPlan plan = new SegmentPlan(drafts);
    drafts.replicas.forEach(plan::cancel);
    drafts.replicas.forEach(plan::settleOrphans);
    drafts.replicas.forEach(plan::vacate);
  }

  /// Moves to nodes that are to leave themselves.
  private void cancel(ReplicaDraft replica) {
    replica.segments().stream()
        .filter(segment -> segment.isMoving() && !replica.isUsable(segment.to))
        .forEach(replica::cancelMove);
  }

  /// Largest first, each to the node with least. What finds no room stays with the node that is gone:
  /// nobody else can be asked for it.
  private void settleOrphans(ReplicaDraft replica) {
    Map<SegmentDraft, ShardDraft> orphans = new TreeMap<>(SegmentDraft.BY_SIZE);
    for (ShardDraft shard : replica.shards) {
      if (shard.leader != null && !shard.leaderLost) {
        shard.segments.values().stream()
            .filter(segment -> segment.isOrphan() && !segment.gone)
            .forEach(segment -> orphans.put(segment, shard));
      }
    }
    orphans.forEach((orphan, shard) ->
        home(replica, shard, orphan)
            .ifPresentOrElse(
                node -> replica.place(orphan, node),
                () ->
                    drafts.lack(
                        replica.key.collection(),
                        new Shortage(orphan.bytes, replica.mostFreeBytes()))));
  }

  /// With the leader, where the shard is held whole.
  private static Optional<NodeDraft> home(
      ReplicaDraft replica, ShardDraft shard, SegmentDraft orphan) {
    return Optional.of(shard)
        .filter(ShardDraft::isWhole)
        .flatMap(whole -> replica.lightest(orphan.bytes, node -> node.id.equals(whole.leader)))
        .or(() -> replica.lightest(orphan.bytes, _ -> true));
  }

  private void vacate(ReplicaDraft replica) {
    if (replica.usable.isEmpty()) {
      return;
    }
    for (ShardDraft shard : replica.shards) {
      shard.segments.values().stream()
          .filter(segment -> isLeaving(replica, shard, segment))
          .sorted(SegmentDraft.BY_SIZE)
          .forEach(segment ->
              replica
                  .lightest(
                      segment.bytes,
                      node ->
                          node.segmentsArriving < ARRIVING_MAX && !shard.givers().contains(node.id))
                  .ifPresent(node -> replica.move(segment, node)));
    }
  }

  /// A shard that is held whole leaves with its leader.
  private static boolean isLeaving(ReplicaDraft replica, ShardDraft shard, SegmentDraft segment) {
    return !segment.gone
        && !segment.isOrphan()
        && !segment.isMoving()
        && replica.isLiving(segment.at)
        && !replica.isUsable(segment.at)
        && !(shard.isWhole() && segment.isSettledAt(Objects.requireNonNull(shard.leader)));
  }
}
