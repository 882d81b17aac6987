package io.elanus.simulation;

import io.elanus.common.meta.MetaKeys;
import io.elanus.common.run.Deadline;
import io.elanus.common.run.SimulatedProcess;
import io.elanus.common.wal.LogId;
import io.elanus.common.wal.Position;
import io.elanus.common.wal.Wal;
import io.elanus.proto.internal.FloorMeta;
import io.elanus.rpc.codec.CatalogCodec;
import java.util.List;

/// A process's way to the logs, watched: what it was acknowledged (invariant 1), what it trims (9).
///
/// Answers travel: what `end` says, and what a reader read, may be old when it
/// arrives.
record WatchedWal(Wal wal, SimulatedCluster cluster, SimulatedProcess process) implements Wal {
  @Override
  public int logCount() {
    return wal.logCount();
  }

  @Override
  public Position append(LogId log, byte[] record) {
    Position position = wal.append(log, record);
    cluster.history().acked(log, position);
    return position;
  }

  @Override
  public Position end(LogId log) {
    long acked = cluster.history().ackedEnd(log);
    Position end = wal.end(log);
    cluster
        .verdicts()
        .require(
            end.offset() >= acked, "1: end of log %s is %s after %d was acked", log, end, acked);
    cluster.chaos().arrive(process);
    return end;
  }

  @Override
  public Position start(LogId log) {
    return wal.start(log);
  }

  @Override
  public WalReader tail(LogId log, Position from) {
    WalReader reader = wal.tail(log, from);
    return new WalReader() {
      @Override
      public List<WalRecord> poll(Deadline deadline) {
        List<WalRecord> records = reader.poll(deadline);
        if (!records.isEmpty()) {
          cluster.chaos().arrive(process);
        }
        return records;
      }

      @Override
      public Position position() {
        return reader.position();
      }

      @Override
      public void close() {
        reader.close();
      }
    };
  }

  @Override
  public void trim(LogId log, Position before) {
    cluster.history().catchUp(log);
    cluster.verdicts().check(() -> requireBelowFloor(log, before));
    wal.trim(log, before);
  }

  private void requireBelowFloor(LogId log, Position before) {
    long floor =
        cluster
            .meta()
            .get(MetaKeys.floor(log))
            .map(entry -> CatalogCodec.parse(entry, FloorMeta.parser()).getOffset())
            .orElse(0L);
    if (before.offset() > floor) {
      throw new Violation(
          "9: log %s is trimmed to %s above its floor %d".formatted(log, before, floor));
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
