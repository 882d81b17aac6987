package io.elanus.adapters.prometheus;

import io.elanus.adapters.prometheus.PortCalls.Operation;
import io.elanus.common.run.Run;
import io.elanus.common.wal.LogId;
import io.elanus.common.wal.Position;
import io.elanus.common.wal.Wal;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

/// A log whose calls are measured: an append until it is durable, an end with the write it may take.
/// Readers are not measured: they wait.
public final class MeasuredWal implements Wal {
  private final Wal wal;
  private final Operation append;
  private final Operation end;
  private final Operation start;
  private final Operation trim;
  private final Counter appended;

  /// @param wal closed with this
  public MeasuredWal(Wal wal, Run run, MeterRegistry meters) {
    this.wal = wal;
    PortCalls calls = new PortCalls(run, meters, "wal");
    this.append = calls.operation("append");
    this.end = calls.operation("end");
    this.start = calls.operation("start");
    this.trim = calls.operation("trim");
    this.appended =
        Counter.builder("elanus_wal_appended_bytes_total")
            .description("Bytes of records that were appended, before compression")
            .register(meters);
  }

  @Override
  public int logCount() {
    return wal.logCount();
  }

  @Override
  public Position append(LogId log, byte[] record) {
    Position position = append.time(() -> wal.append(log, record));
    appended.increment(record.length);
    return position;
  }

  @Override
  public Position end(LogId log) {
    return end.time(() -> wal.end(log));
  }

  @Override
  public Position start(LogId log) {
    return start.time(() -> wal.start(log));
  }

  @Override
  public WalReader tail(LogId log, Position from) {
    return wal.tail(log, from);
  }

  @Override
  public void trim(LogId log, Position before) {
    trim.time(() -> wal.trim(log, before));
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
