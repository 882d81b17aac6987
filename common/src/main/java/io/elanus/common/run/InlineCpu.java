package io.elanus.common.run;

import java.util.concurrent.Callable;
import java.util.concurrent.Executor;

/// Computes on the caller's own thread.
record InlineCpu(Run run) implements CpuPool {
  @Override
  public <T> T call(Deadline deadline, Callable<T> work) {
    deadline.check(run, "cpu");
    return CpuCall.callNow(work);
  }

  @Override
  public Executor executor() {
    return Runnable::run;
  }

  @Override
  public void giveWay() {}

  @Override
  public int queued() {
    return 0;
  }

  @Override
  public void close() {}
}
