package io.elanus.querycoord.placement;

import io.elanus.common.model.NodeId;
import io.elanus.common.model.SegmentId;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/// Where one segment of a shard is, while a plan is made.
///
/// ```
///  at 1             node 1 has it              at -, lost 1     node 1 had it, and is gone
///  at 1, to 2       it moves from 1 to 2
/// ```
final class SegmentDraft {
  /// Largest first.
  static final Comparator<SegmentDraft> BY_SIZE =
      Comparator.<SegmentDraft>comparingLong(segment -> segment.bytes)
          .reversed()
          .thenComparing(segment -> segment.id);

  final SegmentId id;
  final long bytes;

  /// The manifest has it no more; it stays until the leader reads a manifest without it.
  final boolean gone;

  @Nullable NodeId at;
  @Nullable NodeId to;
  @Nullable NodeId lost;

  SegmentDraft(SegmentId id, long bytes, boolean gone) {
    this.id = id;
    this.bytes = bytes;
    this.gone = gone;
  }

  /// Where it will be.
  @Nullable NodeId home() {
    return to != null ? to : at;
  }

  boolean isOrphan() {
    return at == null;
  }

  boolean isMoving() {
    return to != null;
  }

  boolean isSettledAt(NodeId node) {
    return to == null && node.equals(at);
  }
}
