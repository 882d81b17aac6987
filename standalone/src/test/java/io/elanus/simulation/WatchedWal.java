package io.elanus.simulation;

import io.elanus.common.meta.MetaKeys;
import io.elanus.common.meta.MetaStore;
import io.elanus.common.wal.LogId;
import io.elanus.common.wal.Position;
import io.elanus.common.wal.Wal;
import io.elanus.proto.internal.FloorMeta;
import io.elanus.rpc.codec.CatalogCodec;

/// A process's way to the logs, watched: what it was acknowledged (invariant 1), what it trims (9).
record WatchedWal(Wal wal, LogHistory history, MetaStore meta, Verdicts verdicts) implements Wal {
  @Override
  public int logCount() {
    return wal.logCount();
  }

  @Override
  public Position append(LogId log, byte[] record) {
    Position position = wal.append(log, record);
    history.acked(log, position);
    return position;
  }

  @Override
  public Position end(LogId log) {
    long acked = history.ackedEnd(log);
    Position end = wal.end(log);
    verdicts.require(
        end.offset() >= acked, "1: end of log %s is %s after %d was acked", log, end, acked);
    return end;
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
    history.catchUp(log);
    verdicts.check(() -> requireBelowFloor(log, before));
    wal.trim(log, before);
  }

  private void requireBelowFloor(LogId log, Position before) {
    long floor =
        meta.get(MetaKeys.floor(log))
            .map(entry -> CatalogCodec.parse(entry, FloorMeta.parser()).getOffset())
            .orElse(0L);
    if (before.offset() > floor) {
      throw new Violation("9: log %s is trimmed to %s above its floor %d".formatted(log, before, floor));
    }
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
