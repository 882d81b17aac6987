package io.elanus.querynode;

import io.elanus.common.manifest.SegmentEntry;
import io.elanus.common.model.NodeId;
import io.elanus.common.model.SegmentId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Who holds the segments of a shard, as its leader sees it.
///
/// @param others nodes beside the leader that are named for a segment, in the order of the route
/// @param leaders segments the leader itself is named for
record Holders(Map<SegmentId, List<NodeId>> others, Set<SegmentId> leaders) {
  static final Holders NOBODY = new Holders(Map.of(), Set.of());

  Holders {
    others = Map.copyOf(others);
    leaders = Set.copyOf(leaders);
  }

  /// As `route` says it to `leader`.
  static Holders of(Route route, NodeId leader) {
    Map<SegmentId, List<NodeId>> others = new HashMap<>();
    Set<SegmentId> leaders = new HashSet<>();
    for (Route.Holder holder : route.holders()) {
      if (holder.node().equals(leader)) {
        leaders.addAll(holder.segments());
      } else {
        holder
            .segments()
            .forEach(id -> others.computeIfAbsent(id, _ -> new ArrayList<>()).add(holder.node()));
      }
    }
    return new Holders(others, leaders);
  }

  /// Whether the leader is to hold the segment: nobody else is named for it, or the leader is, too.
  boolean isLeaders(SegmentEntry segment) {
    return leaders.contains(segment.id()) || others(segment.id()).isEmpty();
  }

  List<NodeId> others(SegmentId segment) {
    return others.getOrDefault(segment, List.of());
  }
}
