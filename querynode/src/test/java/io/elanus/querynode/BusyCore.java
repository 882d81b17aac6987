package io.elanus.querynode;

import io.elanus.common.run.CpuPool;
import java.util.concurrent.CountDownLatch;

/// Has the one core of a pool be busy until it is let go: what comes meanwhile gets in line.
final class BusyCore {
  private final CountDownLatch free = new CountDownLatch(1);

  BusyCore(CpuPool cpu) throws InterruptedException {
    CountDownLatch busy = new CountDownLatch(1);
    cpu.executor()
        .execute(() -> {
          busy.countDown();
          awaitFree();
        });
    busy.await();
  }

  private void awaitFree() {
    try {
      free.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  void letGo() {
    free.countDown();
  }
}
