package io.elanus.simulation;

import io.elanus.common.meta.MetaKeys;
import io.elanus.common.meta.MetaStore;
import io.elanus.common.model.CollectionId;
import io.elanus.common.model.CollectionState;
import io.elanus.common.model.ShardId;
import io.elanus.common.record.LogRecord;
import io.elanus.common.record.RecordCodec;
import io.elanus.common.record.RecordHeader;
import io.elanus.common.run.Deadline;
import io.elanus.common.run.SimulatedRun;
import io.elanus.common.wal.LogId;
import io.elanus.common.wal.MemoryWal;
import io.elanus.common.wal.Position;
import io.elanus.common.wal.Wal.WalReader;
import io.elanus.common.wal.Wal.WalRecord;
import io.elanus.rpc.codec.CatalogCodec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;

/// All records that ever were in the logs, in order, replayed into one [ShardModel] per shard; and when
/// which of them was acknowledged. Reads ahead of every trim, so it never misses one.
final class LogHistory {
  private record Ack(long atNanos, long end) {}

  private final SimulatedRun world;
  private final MemoryWal wal;
  private final MetaStore meta;
  private final Verdicts verdicts;
  private final long[] read;
  private final Map<ShardId, ShardModel> models = new TreeMap<>();

  /// By log, in order of time; `end` grows.
  private final List<List<Ack>> acks = new ArrayList<>();

  LogHistory(SimulatedRun world, MemoryWal wal, MetaStore meta, Verdicts verdicts) {
    this.world = world;
    this.wal = wal;
    this.meta = meta;
    this.verdicts = verdicts;
    this.read = new long[wal.logCount()];
    for (int i = 0; i < wal.logCount(); i++) {
      acks.add(new ArrayList<>());
    }
  }

  /// Takes what is durable in `log` now.
  void catchUp(LogId log) {
    Position start = wal.start(log);
    try (WalReader reader = wal.tail(log, new Position(start.incarnation(), read[log.value()]))) {
      List<WalRecord> batch = poll(reader);
      while (!batch.isEmpty()) {
        batch.forEach(record -> take(log, record));
        batch = poll(reader);
      }
    }
  }

  private List<WalRecord> poll(WalReader reader) {
    return reader.poll(new Deadline(world.nanoTime()));
  }

  /// Others may have read the same meanwhile.
  private void take(LogId log, WalRecord raw) {
    if (raw.position().offset() != read[log.value()]) {
      return;
    }
    read[log.value()]++;
    if (RecordCodec.peek(raw.bytes()).writer() == Poison.WRITER) {
      return;
    }
    LogRecord record = RecordCodec.decode(raw.bytes());
    verdicts.check(() -> model(record.header().shard()).apply(raw.position().offset(), record));
    if (record instanceof LogRecord.DropCollection drop) {
      verdicts.check(() -> checkPending(drop.header().shard().collection()));
    }
    if (record.header().ddlSequence() > 0) {
      verdicts.check(() -> checkAnnounced(record.header()));
    }
  }

  private void checkAnnounced(RecordHeader header) {
    CollectionId id = header.shard().collection();
    boolean early =
        meta.get(MetaKeys.collection(id))
            .map(CatalogCodec::collection)
            .filter(collection -> collection.ddlSequence() < header.ddlSequence())
            .isPresent();
    if (early) {
      throw new Violation(
          "16: the log of collection %s has control record %d, the catalog knows of none such"
              .formatted(id, header.ddlSequence()));
    }
  }

  /// A control record comes after the commit that announces it (16).
  private void checkPending(CollectionId id) {
    boolean active =
        meta.get(MetaKeys.collection(id))
            .map(CatalogCodec::collection)
            .filter(collection -> collection.state() == CollectionState.ACTIVE)
            .isPresent();
    if (active) {
      throw new Violation("16: the log drops collection %s, the catalog does not".formatted(id));
    }
  }

  void catchUp() {
    for (int i = 0; i < read.length; i++) {
      catchUp(new LogId(i));
    }
  }

  ShardModel model(ShardId shard) {
    return models.computeIfAbsent(shard, ShardModel::new);
  }

  Map<ShardId, ShardModel> models() {
    return models;
  }

  void acked(LogId log, Position position) {
    List<Ack> ofLog = acks.get(log.value());
    long end = Math.max(ackedEnd(log), position.offset() + 1);
    ofLog.add(new Ack(world.nanoTime(), end));
  }

  /// The offset after the last record acknowledged by now.
  long ackedEnd(LogId log) {
    List<Ack> ofLog = acks.get(log.value());
    return ofLog.isEmpty() ? 0 : ofLog.getLast().end;
  }

  /// The offset after the last record acknowledged at or before an instant.
  long ackedEnd(LogId log, long atNanos) {
    AtomicReference<Long> end = new AtomicReference<>(0L);
    acks.get(log.value()).stream()
        .takeWhile(ack -> ack.atNanos <= atNanos)
        .forEach(ack -> end.set(ack.end));
    return end.get();
  }

  /// Records of all shards that repeat an earlier one.
  long repeatCount() {
    return models.values().stream().mapToLong(ShardModel::repeatCount).sum();
  }

  /// Partial upserts of all shards that took effect.
  long partialCount() {
    return models.values().stream().mapToLong(ShardModel::partialCount).sum();
  }

  /// Partial upserts of all shards that came too late.
  long refusedCount() {
    return models.values().stream().mapToLong(ShardModel::refusedCount).sum();
  }

  /// Records of all shards taken so far.
  long recordCount() {
    return models.values().stream().mapToLong(ShardModel::recordCount).sum();
  }
}
