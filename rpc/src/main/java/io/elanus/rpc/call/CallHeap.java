package io.elanus.rpc.call;

import io.elanus.common.memory.HeapBudget;
import io.elanus.common.run.Run;

/// What the calls of one process may have of its memory together: what is small passes uncounted
/// (docs/decisions/0131).
///
/// @param requests under way
/// @param answers that their clients have not taken yet: bytes of the wire, beside the heap
public record CallHeap(HeapBudget requests, HeapBudget answers) {
  /// What a call may have uncounted, with so many under way as there may be ([CallLimits]).
  static final long GRAIN_BYTES = 64 << 10;

  private static final int SHARE = 4;

  /// As much as a quarter of the heap for each.
  static CallHeap quarters(Run run) {
    long bytes = Runtime.getRuntime().maxMemory() / SHARE;
    return new CallHeap(
        new HeapBudget(run, "requests", bytes, GRAIN_BYTES),
        new HeapBudget(run, "answers", bytes, GRAIN_BYTES));
  }
}
