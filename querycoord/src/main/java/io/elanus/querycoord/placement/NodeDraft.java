package io.elanus.querycoord.placement;

import io.elanus.common.meta.Member;
import io.elanus.common.model.NodeId;

/// What one living node has and takes, over all replicas, while a plan is made.
final class NodeDraft {
  /// A leader's own memory per shard: tails are flushed at some tens of MiB, so about half of that.
  static final long TAIL_BYTES = 16L << 20;

  final NodeId id;
  final long capacityBytes;

  /// Counts what moves at both ends.
  long usedBytes;

  /// Counts what moves where it will be.
  long homeBytes;

  int leads;
  int segmentsArriving;
  int leadsArriving;

  NodeDraft(Member member) {
    this.id = member.node();
    this.capacityBytes = member.memoryBytes() > 0 ? member.memoryBytes() : Long.MAX_VALUE;
  }

  long freeBytes() {
    return Math.max(0, capacityBytes - usedBytes);
  }

  boolean hasRoomFor(long bytes) {
    return bytes <= freeBytes();
  }
}
