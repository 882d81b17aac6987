package io.elanus.datanode;

import io.elanus.common.error.ErrorCode;
import io.elanus.common.manifest.ManifestEdit;
import io.elanus.common.model.CollectionId;
import io.elanus.common.model.ShardId;
import io.elanus.common.record.RecordCodec;
import io.elanus.common.run.Backoff;
import io.elanus.common.run.Deadline;
import io.elanus.common.run.Run;
import io.elanus.common.run.Task;
import io.elanus.common.run.Turn;
import io.elanus.common.wal.Position;
import io.elanus.common.wal.Wal;
import io.elanus.common.wal.Wal.WalReader;
import io.elanus.common.wal.Wal.WalRecord;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Owns one log: reads it once, keeps an [OwnedShard] for each shard in it, flushes what is full, old or
/// asked for, and takes edits. All of that happens under one turn, so each step sees a whole state.
///
/// Any failure ends in starting over from what is committed: restart is the recovery path.
final class LogOwner implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(LogOwner.class);
  private static final Backoff RESTART =
      new Backoff(Duration.ofMillis(100), Duration.ofSeconds(10));

  private final Run run;
  private final Wal wal;
  private final Ownership ownership;
  private final OwnedShards shards;
  private final ShardFlush flush;
  private final DataNodeConfig config;
  private final Turn turn;
  private final Task task;

  // under the turn
  private final Map<ShardId, Position> asked = new TreeMap<>();
  private Optional<Position> applied = Optional.empty();

  private volatile boolean closed;

  LogOwner(
      Run run,
      Wal wal,
      Ownership ownership,
      OwnedShards shards,
      ShardFlush flush,
      DataNodeConfig config) {
    this.run = run;
    this.wal = wal;
    this.ownership = ownership;
    this.shards = shards;
    this.flush = flush;
    this.config = config;
    this.turn = new Turn(run, "log " + ownership.log());
    this.task = run.fork("log-owner-" + ownership.log(), this::own);
  }

  Ownership ownership() {
    return ownership;
  }

  /// Notes that `shard` is to be flushed up to `position`, and does it if the log is applied that far.
  void flushUpTo(ShardId shard, Position position) {
    turn.take(() -> {
      asked.merge(shard, position, (a, b) -> a.isAtOrAfter(b) ? a : b);
      flushDue();
    });
  }

  /// Commits `edit`, together with nothing else, on top of the shard's newest manifest.
  EditOutcome submit(ManifestEdit edit) {
    return turn.take(
        Deadline.after(run, Duration.ofMinutes(1)),
        () -> {
          requireStarted();
          return shards
              .find(edit.shard())
              .map(shard -> flush.edit(ownership, shard, edit))
              .orElseGet(
                  () -> new EditOutcome.Rejected("shard %s is gone".formatted(edit.shard())));
        });
  }

  /// Rows of the collection's shards in this log that are in no segment yet.
  long unflushedRows(CollectionId collection) {
    return turn.take(
        Deadline.after(run, Duration.ofSeconds(10)), () -> shards.unflushedRows(collection));
  }

  @Override
  public void close() {
    closed = true;
    task.cancel();
    task.join(Deadline.NEVER);
  }

  private void own() {
    for (int failures = 1; !closed; failures++) {
      try {
        follow();
      } catch (RuntimeException e) {
        if (closed) {
          return;
        }
        log.warn("log owner starts over log={} epoch={}", ownership.log(), ownership.epoch(), e);
        run.sleep(RESTART.pause(failures, run.random()));
      }
    }
  }

  /// Starts from what is committed and follows the log until something fails.
  private void follow() {
    Position from = turn.take(Deadline.NEVER, () -> shards.recover(ownership.log()));
    log.info("log owned log={} epoch={} from={}", ownership.log(), ownership.epoch(), from);
    try (WalReader reader = wal.tail(ownership.log(), from)) {
      turn.take(() -> applied = Optional.of(from));
      while (!closed) {
        List<WalRecord> batch = reader.poll(nextAge());
        turn.take(() -> applyAll(batch, reader.position()));
      }
    } finally {
      turn.take(() -> applied = Optional.empty());
    }
  }

  private void applyAll(List<WalRecord> batch, Position end) {
    for (WalRecord record : batch) {
      ShardId shard = RecordCodec.peek(record.bytes()).shard();
      shards
          .findOrAdopt(shard, record.position())
          .ifPresent(owned -> owned.apply(record, run.nanoTime()));
      shards.forgetIfDropped(shard);
    }
    applied = Optional.of(end);
    flushDue();
  }

  private void flushDue() {
    if (applied.isEmpty()) {
      return;
    }
    Position here = applied.get();
    flushAsked(here);
    for (OwnedShard shard : shards.all()) {
      if (isFull(shard) || isOld(shard)) {
        flush.flush(ownership, shard, here);
      }
    }
    shards.raiseFloor(ownership, here);
  }

  private void flushAsked(Position here) {
    var due = asked.entrySet().stream().filter(e -> here.isAtOrAfter(e.getValue())).toList();
    for (Map.Entry<ShardId, Position> ask : List.copyOf(due)) {
      if (!shards.floor().isAtOrAfter(ask.getValue())) {
        shards
            .findOrAdopt(ask.getKey(), here)
            .filter(shard -> shard.checkpoint().position().isBefore(ask.getValue()))
            .ifPresent(shard -> flush.flush(ownership, shard, here));
      }
      asked.remove(ask.getKey());
    }
  }

  private boolean isFull(OwnedShard shard) {
    return shard.tail().sizeBytes() >= config.flushBytes();
  }

  private boolean isOld(OwnedShard shard) {
    return shard.dirt().isPresent()
        && run.nanoTime() - shard.dirt().get().sinceNanoTime() >= config.flushAge().toNanos();
  }

  /// When the oldest unflushed record becomes too old.
  private Deadline nextAge() {
    return turn.take(
        Deadline.NEVER,
        () ->
            shards.all().stream()
                .flatMap(shard -> shard.dirt().stream())
                .map(dirt -> new Deadline(dirt.sinceNanoTime() + config.flushAge().toNanos()))
                .reduce(Deadline.NEVER, Deadline::orEarlier));
  }

  private void requireStarted() {
    if (applied.isEmpty()) {
      throw ErrorCode.SERVICE_NOT_READY.because("log %s is being taken up", ownership.log());
    }
  }
}
