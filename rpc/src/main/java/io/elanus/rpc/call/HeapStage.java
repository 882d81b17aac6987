package io.elanus.rpc.call;

import com.google.protobuf.Message;
import io.elanus.common.memory.HeapBudget;
import io.elanus.common.run.Run;

/// Lets a request be read when there is heap for what becomes of it; until then it waits in line, as bytes of the
/// wire. What is small passes uncounted (docs/decisions/0131).
final class HeapStage implements CallStage {
  /// A row on its way into the log is there as message, as columns, cut into records and encoded; an array that
  /// grew has up to half of its length to spare.
  static final int HEAP_PER_BYTE = 5;

  /// What a request may have uncounted, with so many under way as there may be ([CallLimits]).
  private static final long GRAIN_BYTES = 64 << 10;

  private static final int SHARE_OF_HEAP = 4;

  private final HeapBudget heap;

  HeapStage(HeapBudget heap) {
    this.heap = heap;
  }

  /// A quarter of the heap, for the requests of one process.
  static HeapBudget budget(Run run) {
    long bytes = Runtime.getRuntime().maxMemory() / SHARE_OF_HEAP;
    return new HeapBudget(run, "requests", bytes, GRAIN_BYTES);
  }

  @Override
  public Message around(Call call, Next next) {
    long bytes = call.body().bytes();
    if (bytes * HEAP_PER_BYTE <= GRAIN_BYTES) {
      return next.proceed(call);
    }
    return heap.with(
        "%s of %d bytes".formatted(call.method().name(), bytes),
        call.context().deadline(),
        share -> {
          share.take(bytes * HEAP_PER_BYTE);
          return next.proceed(call);
        });
  }
}
