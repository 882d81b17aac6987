package io.elanus.querynode;

import io.elanus.common.manifest.SegmentEntry;
import io.elanus.common.model.LoadScope;
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
/// @param scope what is to be served; segments of other partitions are nobody's
record Holders(Map<SegmentId, List<NodeId>> others, Set<SegmentId> leaders, LoadScope scope) {
  static final Holders NOBODY = new Holders(Map.of(), Set.of(), LoadScope.WHOLE);

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
    return new Holders(others, leaders, route.scope());
  }

  /// Whether somebody is to hold the segment.
  boolean serves(SegmentEntry segment) {
    return scope.serves(segment.partition());
  }

  /// Whether the leader is to hold the segment: nobody else is named for it, or the leader is, too.
  boolean isLeaders(SegmentEntry segment) {
    return serves(segment) && (leaders.contains(segment.id()) || others(segment.id()).isEmpty());
  }

  List<NodeId> others(SegmentId segment) {
    return others.getOrDefault(segment, List.of());
  }
}
