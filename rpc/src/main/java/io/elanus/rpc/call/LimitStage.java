package io.elanus.rpc.call;

import com.google.protobuf.Message;
import io.elanus.common.error.ErrorCode;

/// Bounds the requests under way and their bytes. One beyond is refused at once: a queue would only
/// move the waiting to where the client cannot see it. A request larger than the whole limit passes
/// when it is alone.
final class LimitStage implements CallStage {
  private final CallLimits limits;
  private int calls;
  private long bytes;

  LimitStage(CallLimits limits) {
    this.limits = limits;
  }

  @Override
  public Message around(Call call, Next next) {
    long size = call.request().getSerializedSize();
    enter(size);
    try {
      return next.proceed(call);
    } finally {
      leave(size);
    }
  }

  private synchronized void enter(long size) {
    boolean tooMany = calls >= limits.calls();
    boolean tooLarge = calls > 0 && bytes + size > limits.bytes();
    if (tooMany || tooLarge) {
      throw ErrorCode.TOO_MANY_REQUESTS.with(
          "calls", calls, "bytes", bytes, "limit", tooMany ? limits.calls() : limits.bytes());
    }
    calls++;
    bytes += size;
  }

  private synchronized void leave(long size) {
    calls--;
    bytes -= size;
  }
}
