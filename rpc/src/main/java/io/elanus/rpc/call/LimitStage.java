package io.elanus.rpc.call;

import com.google.protobuf.Message;
import io.elanus.common.error.ErrorCode;
import java.util.concurrent.atomic.AtomicInteger;

/// Bounds the requests under way. One beyond is refused at once: a queue would only move the waiting to where the
/// client cannot see it.
final class LimitStage implements CallStage {
  private final CallLimits limits;
  private final AtomicInteger calls = new AtomicInteger();

  LimitStage(CallLimits limits) {
    this.limits = limits;
  }

  @Override
  public Message around(Call call, Next next) {
    int before = calls.getAndIncrement();
    try {
      if (before >= limits.calls()) {
        throw ErrorCode.TOO_MANY_REQUESTS.with("calls", before, "limit", limits.calls());
      }
      return next.proceed(call);
    } finally {
      calls.getAndDecrement();
    }
  }
}
