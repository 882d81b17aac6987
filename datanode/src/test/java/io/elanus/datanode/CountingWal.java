package io.elanus.datanode;

import io.elanus.common.wal.LogId;
import io.elanus.common.wal.Position;
import io.elanus.common.wal.Wal;
import java.util.concurrent.atomic.AtomicInteger;

/// Counts how often somebody began to read a log: an owner that starts over does.
record CountingWal(Wal wal, AtomicInteger tails) implements Wal {
  @Override
  public int logCount() {
    return wal.logCount();
  }

  @Override
  public Position append(LogId log, byte[] record) {
    return wal.append(log, record);
  }

  @Override
  public Position end(LogId log) {
    return wal.end(log);
  }

  @Override
  public Position start(LogId log) {
    return wal.start(log);
  }

  @Override
  public WalReader tail(LogId log, Position from) {
    tails.incrementAndGet();
    return wal.tail(log, from);
  }

  @Override
  public void trim(LogId log, Position before) {
    wal.trim(log, before);
  }

  @Override
  public int maxRecordBytes() {
    return wal.maxRecordBytes();
  }

  @Override
  public void close() {
    wal.close();
  }
}
