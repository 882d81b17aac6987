package io.elanus.common.wal;

import io.elanus.common.run.Deadline;
import io.elanus.common.wal.Wal.WalReader;
import io.elanus.common.wal.Wal.WalRecord;
import java.util.List;

/// Reads one log in memory, from one process.
final class MemoryWalReader implements WalReader {
  private final MemoryWal wal;
  private final MemoryLog log;
  private Position position;
  private volatile boolean closed;

  MemoryWalReader(MemoryWal wal, MemoryLog log, Position from) {
    this.wal = wal;
    this.log = log;
    this.position = from;
  }

  @Override
  public List<WalRecord> poll(Deadline deadline) {
    wal.readable(log.id());
    requireOpen();
    log.await(
        position,
        () -> closed || wal.isClosed() || wal.isAskedBeyond(position, log.id()),
        deadline);
    requireOpen();
    MemoryLog.Batch batch = log.read(position);
    position = batch.next();
    return batch.records();
  }

  private void requireOpen() {
    if (closed || wal.isClosed()) {
      throw WalLimits.closed(log.id());
    }
  }

  @Override
  public Position position() {
    return position;
  }

  @Override
  public void close() {
    closed = true;
    log.wake();
  }
}
