package io.elanus.simulation;

import io.elanus.common.wal.LogId;
import io.elanus.common.wal.Position;
import io.elanus.common.wal.Wal;

/// A way to the logs that is the given one but for what a subclass changes.
class ThroughWal implements Wal {
  final Wal wal;

  ThroughWal(Wal wal) {
    this.wal = wal;
  }

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
