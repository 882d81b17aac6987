package io.elanus.querycoord.placement;

import io.elanus.common.model.NodeId;
import io.elanus.common.model.SegmentId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// Evens out bytes: first within each replica, so that a collection's searches use all its nodes alike, until no
/// node has more than another one by more than its largest segment; then over all replicas, by moves that make
/// no replica more uneven.
///
/// ```
///  1 has 40 30 20 10     2 has nothing      100 is more than 40: the 40 moves
///  1 has 30 20 10        2 has 40           20 is less than 30: nothing moves any more
/// ```
///
/// Nodes are not evened out further than that: each step further would move more bytes for less. A node takes
/// few segments at a time; the rest follows when those are there. Every move brings both nodes closer, so no
/// segment goes back and forth.
final class SegmentBalance {
  /// Segments a node takes at the same time for the sake of balance.
  static final int ARRIVING_MAX = 4;

  private static final Comparator<Movable> BY_SIZE =
      Comparator.<Movable>comparingLong(movable -> movable.segment.bytes)
          .thenComparing(movable -> movable.segment.id);

  /// Searches for sizes.
  private record Movable(ShardDraft shard, SegmentDraft segment) {
    static Movable ofSize(ShardDraft any, long bytes) {
      return new Movable(any, new SegmentDraft(new SegmentId(Long.MAX_VALUE), bytes, false));
    }
  }

  private final Drafts drafts;

  private SegmentBalance(Drafts drafts) {
    this.drafts = drafts;
  }

  static void plan(Drafts drafts) {
    SegmentBalance balance = new SegmentBalance(drafts);
    List<Within> replicas = new ArrayList<>();
    for (ReplicaDraft replica : drafts.replicas) {
      if (replica.usable.size() > 1) {
        Within within = balance.new Within(replica);
        within.level();
        if (!within.movable.isEmpty()) {
          replicas.add(within);
        }
      }
    }
    balance.levelAcross(replicas);
  }

  /// The segments of one replica that may move, by the node that has them.
  private final class Within {
    private final ReplicaDraft replica;
    private final Map<NodeId, NavigableSet<Movable>> movable = new HashMap<>();
    private final Map<ShardDraft, Set<NodeId>> givers = new HashMap<>();
    private final Map<ShardDraft, Set<NodeId>> takers = new HashMap<>();

    Within(ReplicaDraft replica) {
      this.replica = replica;
      for (ShardDraft shard : replica.shards) {
        if (!shard.isWhole() && shard.leader != null) {
          givers.put(shard, shard.givers());
          takers.put(shard, shard.takers());
          shard.segments.values().forEach(segment -> add(shard, segment));
        }
      }
    }

    private void add(ShardDraft shard, SegmentDraft segment) {
      NodeId at = segment.at;
      if (at != null && !segment.isMoving() && !segment.gone && segment.bytes > 0) {
        movable.computeIfAbsent(at, _ -> new TreeSet<>(BY_SIZE)).add(new Movable(shard, segment));
      }
    }

    void level() {
      boolean moved = !movable.isEmpty();
      while (moved) {
        moved = levelOnce();
      }
    }

    private boolean levelOnce() {
      List<NodeDraft> nodes = new ArrayList<>(replica.usable);
      nodes.sort(
          Comparator.<NodeDraft>comparingLong(replica::homeBytes).thenComparing(node -> node.id));
      for (NodeDraft from : nodes.reversed()) {
        NavigableSet<Movable> held = movable.get(from.id);
        if (held != null && moveOne(from, held, nodes)) {
          return true;
        }
      }
      return false;
    }

    /// To the emptiest of `nodes` that takes something.
    private boolean moveOne(NodeDraft from, NavigableSet<Movable> held, List<NodeDraft> nodes) {
      for (NodeDraft to : nodes) {
        long gap = replica.homeBytes(from) - replica.homeBytes(to);
        if (gap <= 0) {
          return false;
        }
        Optional<Movable> found = find(held, from, to, gap);
        if (found.isPresent()) {
          move(found.get(), to);
          return true;
        }
      }
      return false;
    }

    /// What brings both closest: the largest that is at most half of the gap, else the smallest that
    /// is still smaller than the gap.
    private Optional<Movable> find(
        NavigableSet<Movable> held, NodeDraft from, NodeDraft to, long gap) {
      if (held.isEmpty()
          || to.segmentsArriving >= ARRIVING_MAX
          || gap <= held.last().segment.bytes) {
        return Optional.empty();
      }
      Movable half = Movable.ofSize(held.first().shard, gap / 2);
      return held.headSet(half, true).descendingSet().stream()
          .filter(candidate -> mayMove(candidate, from, to))
          .findFirst()
          .or(() ->
              held.tailSet(half, false).stream()
                  .takeWhile(candidate -> candidate.segment.bytes < gap)
                  .filter(candidate -> mayMove(candidate, from, to))
                  .findFirst());
    }

    /// In one shard, a node either gives or takes; and who takes must not have the segment already, of
    /// an earlier time.
    private boolean mayMove(Movable candidate, NodeDraft from, NodeDraft to) {
      return to.segmentsArriving < ARRIVING_MAX
          && to.hasRoomFor(candidate.segment.bytes)
          && !nodes(takers, candidate.shard).contains(from.id)
          && !nodes(givers, candidate.shard).contains(to.id)
          && !drafts.observed.report(to.id).ready().contains(candidate.segment.id);
    }

    private static Set<NodeId> nodes(Map<ShardDraft, Set<NodeId>> parts, ShardDraft shard) {
      return parts.computeIfAbsent(shard, _ -> new HashSet<>());
    }

    private void move(Movable chosen, NodeDraft to) {
      NodeId from = Objects.requireNonNull(chosen.segment.at);
      movable.computeIfPresent(from, (_, held) -> without(held, chosen));
      nodes(givers, chosen.shard).add(from);
      nodes(takers, chosen.shard).add(to.id);
      replica.move(chosen.segment, to);
    }

    private static NavigableSet<Movable> without(NavigableSet<Movable> held, Movable chosen) {
      held.remove(chosen);
      return held;
    }

    /// A segment whose move leaves this replica no more uneven than it is: only the smallest one can be.
    private Optional<Movable> exchangeable(NodeDraft from, NodeDraft to, long gap) {
      NavigableSet<Movable> held = movable.get(from.id);
      if (held == null
          || held.isEmpty()
          || !replica.isUsable(from.id)
          || !replica.isUsable(to.id)) {
        return Optional.empty();
      }
      return Optional.of(held.first())
          .filter(smallest -> smallest.segment.bytes < gap && held.last().segment.bytes < gap)
          .filter(
              smallest -> replica.homeBytes(to) + smallest.segment.bytes <= replica.homeBytes(from))
          .filter(smallest -> mayMove(smallest, from, to));
    }
  }

  private void levelAcross(List<Within> replicas) {
    Map<NodeId, List<Within>> byNode = new HashMap<>();
    for (Within within : replicas) {
      within
          .movable
          .keySet()
          .forEach(node -> byNode.computeIfAbsent(node, _ -> new ArrayList<>()).add(within));
    }
    boolean moved = replicas.size() > 1;
    while (moved) {
      moved = levelAcrossOnce(byNode);
    }
  }

  private boolean levelAcrossOnce(Map<NodeId, List<Within>> byNode) {
    List<NodeDraft> nodes = drafts.byBytes();
    for (NodeDraft from : nodes.reversed()) {
      for (NodeDraft to : nodes) {
        long gap = from.homeBytes - to.homeBytes;
        if (gap <= 0) {
          break;
        }
        List<Within> there = byNode.getOrDefault(from.id, List.of());
        if (to.segmentsArriving < ARRIVING_MAX && exchange(there, from, to, gap)) {
          return true;
        }
      }
    }
    return false;
  }

  private static boolean exchange(List<Within> replicas, NodeDraft from, NodeDraft to, long gap) {
    for (Within within : replicas) {
      Optional<Movable> found = within.exchangeable(from, to, gap);
      if (found.isPresent()) {
        within.move(found.get(), to);
        return true;
      }
    }
    return false;
  }
}
