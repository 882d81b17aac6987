package io.elanus.querycoord.serving;

import io.elanus.common.model.NodeId;
import io.elanus.common.model.SegmentId;
import java.util.List;

/// A node and the segments of one shard it holds.
///
/// @param segments in the order of their ids
public record Holder(NodeId node, List<SegmentId> segments) {
  public Holder {
    segments = List.copyOf(segments);
  }

  @Override
  public String toString() {
    return node + segments.toString();
  }
}
