package io.elanus.querynode;

import io.elanus.common.manifest.Manifest;
import io.elanus.common.manifest.SegmentEntry;
import io.elanus.common.model.NodeId;
import io.elanus.common.model.SegmentId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// Which segments of its shard a leader holds itself, and which it leaves to others. A value.
///
/// ```
/// named for        held by the leader   a holder has answered    the leader
/// nobody, leader   .                    .                        holds it
/// others           no                   .                        asks them
/// others           yes                  no                       holds it still (make before break)
/// others           yes                  yes                      lets it go
/// others, who all failed a read                                  takes it back, until one has answered again
/// nobody, not to be served                                       does not hold it
/// ```
/// A segment that is not to be served is read nevertheless when a read needs it, which was planned for
/// another scope: it is taken back like any that nobody answers for, until the route changes.
///
/// @param answered holders that could answer for a segment which the leader holds, too
/// @param takenBack segments that no holder answered for when a read needed them
record Sharing(Holders holders, Map<SegmentId, Set<NodeId>> answered, Set<SegmentId> takenBack) {
  static Sharing with(Holders holders) {
    return new Sharing(holders, Map.of(), Set.of());
  }

  Sharing {
    answered = Map.copyOf(answered);
    takenBack = Set.copyOf(takenBack);
  }

  Sharing route(Holders newHolders) {
    Set<SegmentId> back = new HashSet<>(takenBack);
    back.removeIf(segment -> newHolders.others(segment).isEmpty());
    return new Sharing(newHolders, answered, back);
  }

  /// `holder` could answer for `segments`.
  Sharing answer(NodeId holder, Set<SegmentId> segments) {
    Map<SegmentId, Set<NodeId>> more = new HashMap<>(answered);
    for (SegmentId segment : segments) {
      Set<NodeId> nodes = new HashSet<>(more.getOrDefault(segment, Set.of()));
      nodes.add(holder);
      more.put(segment, Set.copyOf(nodes));
    }
    Set<SegmentId> fewer = new HashSet<>(takenBack);
    fewer.removeAll(segments);
    return new Sharing(holders, more, fewer);
  }

  /// Nobody answers for `segments`: what was answered before counts no more.
  Sharing takeBack(Set<SegmentId> segments) {
    Map<SegmentId, Set<NodeId>> fewer = new HashMap<>(answered);
    fewer.keySet().removeAll(segments);
    Set<SegmentId> more = new HashSet<>(takenBack);
    more.addAll(segments);
    return new Sharing(holders, fewer, more);
  }

  /// After the leader went over to `manifest`, with `held`: an answer counts once.
  Sharing settled(Manifest manifest, Set<SegmentId> held) {
    Map<SegmentId, Set<NodeId>> open = new HashMap<>(answered);
    open.keySet().retainAll(held);
    Set<SegmentId> there = new HashSet<>();
    manifest.segments().forEach(segment -> there.add(segment.id()));
    Set<SegmentId> back = new HashSet<>(takenBack);
    back.retainAll(there);
    return new Sharing(holders, open, back);
  }

  /// The segments of `manifest` that the leader is to hold.
  ///
  /// @param held what it holds now
  List<SegmentEntry> leaders(Manifest manifest, Set<SegmentId> held) {
    return manifest.segments().stream().filter(segment -> isLeaders(segment, held)).toList();
  }

  private boolean isLeaders(SegmentEntry segment, Set<SegmentId> held) {
    return holders.isLeaders(segment)
        || takenBack.contains(segment.id())
        || (held.contains(segment.id()) && holders.serves(segment) && !isAnswered(segment.id()));
  }

  /// The segments of `manifest` that are read at the leader or nowhere.
  List<SegmentEntry> leadersAlone(Manifest manifest) {
    return manifest.segments().stream()
        .filter(segment ->
            takenBack.contains(segment.id())
                || (holders.isLeaders(segment) && holders.others(segment.id()).isEmpty()))
        .toList();
  }

  /// What the leader holds only because no holder has answered yet, by holder.
  Map<NodeId, List<SegmentId>> unanswered(List<SegmentEntry> held) {
    Map<NodeId, List<SegmentId>> asked = new TreeMap<>();
    for (SegmentEntry segment : held) {
      if (!holders.isLeaders(segment) && !isAnswered(segment.id())) {
        for (NodeId holder : holders.others(segment.id())) {
          asked.computeIfAbsent(holder, _ -> new ArrayList<>()).add(segment.id());
        }
      }
    }
    return asked;
  }

  private boolean isAnswered(SegmentId segment) {
    Set<NodeId> nodes = answered.getOrDefault(segment, Set.of());
    return holders.others(segment).stream().anyMatch(nodes::contains);
  }
}
