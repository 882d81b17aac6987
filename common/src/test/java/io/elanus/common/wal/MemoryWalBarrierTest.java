package io.elanus.common.wal;

/// The log in memory when its end is the place of a barrier.
class MemoryWalBarrierTest extends WalContract {
  private final MemoryWal logs = MemoryWal.withBarriers(run, LOGS);

  @Override
  protected Wal open() {
    return logs.on(MemoryWal.Faults.NONE);
  }

  @Override
  protected Wal openAnother() {
    return logs.on(MemoryWal.Faults.NONE);
  }
}
