package io.elanus.rpc.call;

import com.google.protobuf.Message;
import io.elanus.common.memory.HeapBudget;

/// Lets a request be read when there is heap for what becomes of it; until then it waits in line, as bytes of the
/// wire. What is small passes uncounted (docs/decisions/0131).
final class HeapStage implements CallStage {
  /// A row on its way into the log is there as message, as columns, cut into records and encoded; an array that
  /// grew has up to half of its length to spare.
  static final int HEAP_PER_BYTE = 5;

  private final HeapBudget heap;

  HeapStage(HeapBudget heap) {
    this.heap = heap;
  }

  @Override
  public Message around(Call call, Next next) {
    long bytes = call.body().bytes();
    if (bytes * HEAP_PER_BYTE <= CallHeap.GRAIN_BYTES) {
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
