package io.elanus.adapters.kafka;

import io.elanus.common.error.DbException;
import io.elanus.common.run.Deadline;
import io.elanus.common.run.Gate;
import io.elanus.common.run.Run;
import io.elanus.common.wal.LogId;
import io.elanus.common.wal.WalLimits;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.LogTruncationException;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/// Reads what lies before the tails, for all readers of this process that are behind, through a few
/// consumers: hundreds of shards start at once, and brokers count connections.
///
/// A reader that goes on where a consumer stands gets that one, with what it has fetched ahead. As long as
/// no more readers are behind than there are consumers, each keeps its own; more of them take turns, a
/// batch at a time.
final class CatchUp implements AutoCloseable {
  private static final int MAX_CONSUMERS = 4;
  private static final long NOWHERE = -1;

  /// A reader that is closed meanwhile looks up as often.
  private static final Duration SLICE = Duration.ofMillis(250);

  /// How long records that are known to be there are waited for, also by a reader without time.
  private static final Duration MIN_PATIENCE = Duration.ofSeconds(5);

  private final Run run;
  private final KafkaClients clients;
  private final KafkaCalls calls;
  private final Gate gate;

  // guarded by gate
  private final List<Lane> lanes;
  private boolean closed;

  CatchUp(Run run, KafkaClients clients, KafkaCalls calls) {
    this.run = run;
    this.clients = clients;
    this.calls = calls;
    this.gate = run.gate();
    this.lanes = Stream.generate(Lane::new).limit(MAX_CONSUMERS).toList();
  }

  /// One consumer, made when it is first needed. The consumer belongs to whoever has taken the lane, the
  /// rest is guarded by the gate.
  private static final class Lane {
    private @Nullable KafkaConsumer<byte[], byte[]> consumer;
    private boolean taken;
    private long takenAt = Long.MIN_VALUE;
    private LogId log = new LogId(-1);
    private long next = NOWHERE;

    boolean standsAt(LogId other, long offset) {
      return log.equals(other) && next == offset;
    }

    KafkaConsumer<byte[], byte[]> consumer(KafkaClients clients) {
      KafkaConsumer<byte[], byte[]> made = consumer == null ? clients.catchUpConsumer() : consumer;
      consumer = made;
      return made;
    }
  }

  /// Records from `offset` on, which lies before `until`, where the tail begins.
  ///
  /// @return without records when `stop` or the end of patience came first, or when only barriers were there
  /// @throws DbException `CORRUPT` when the log has forgotten `offset`; `LOG_FAILED`, `CANCELED`
  Batch read(KafkaLog log, long offset, long until, BooleanSupplier stop, Deadline deadline) {
    Lane lane = take(log.id(), offset);
    long next = NOWHERE;
    try {
      Batch batch = read(lane, log, offset, stop, patience(deadline));
      next = batch.next() < until ? batch.next() : leave(lane);
      return batch;
    } catch (LogTruncationException _) {
      throw log.haltTruncated(offset);
    } catch (OffsetOutOfRangeException _) {
      log.requireInside(log.at(offset));
      return new Batch(List.of(), offset);
    } catch (KafkaException e) {
      throw KafkaErrors.failed(e, "log %s cannot be read".formatted(log.id()));
    } finally {
      giveBack(lane, log.id(), next);
    }
  }

  private Deadline patience(Deadline deadline) {
    Deadline least = Deadline.after(run, MIN_PATIENCE);
    return deadline.nanoTime() < least.nanoTime() ? least : deadline;
  }

  private Batch read(
      Lane lane, KafkaLog log, long offset, BooleanSupplier stop, Deadline patience) {
    KafkaConsumer<byte[], byte[]> consumer = lane.consumer(clients);
    TopicPartition partition = calls.partition(log.id());
    if (!lane.standsAt(log.id(), offset)) {
      consumer.assign(Set.of(partition));
      consumer.seek(partition, offset);
    }
    while (!stop.getAsBoolean() && !patience.hasPassed(run)) {
      ConsumerRecords<byte[], byte[]> polled = consumer.poll(SLICE);
      if (!polled.isEmpty()) {
        return Batch.of(log.incarnation(), polled.records(partition));
      }
    }
    return new Batch(List.of(), offset);
  }

  /// Drops what it has fetched ahead: its reader goes on with the tail.
  private long leave(Lane lane) {
    lane.consumer(clients).unsubscribe();
    return NOWHERE;
  }

  private Lane take(LogId log, long offset) {
    while (true) {
      Optional<Lane> free = gate.read(() -> takeFree(log, offset));
      if (free.isPresent()) {
        return free.get();
      }
      gate.await(() -> closed || lanes.stream().anyMatch(lane -> !lane.taken), Deadline.NEVER);
    }
  }

  /// The one that stands there, else the one that was longest unused.
  private Optional<Lane> takeFree(LogId log, long offset) {
    if (closed) {
      throw WalLimits.closed(log);
    }
    List<Lane> free = lanes.stream().filter(lane -> !lane.taken).toList();
    Optional<Lane> chosen =
        free.stream()
            .filter(lane -> lane.standsAt(log, offset))
            .findFirst()
            .or(() -> free.stream().min(Comparator.comparingLong(lane -> lane.takenAt)));
    chosen.ifPresent(lane -> {
      lane.taken = true;
      lane.takenAt = run.nanoTime();
    });
    return chosen;
  }

  private void giveBack(Lane lane, LogId log, long next) {
    gate.change(() -> {
      lane.taken = false;
      lane.log = log;
      lane.next = next;
    });
  }

  /// Waits for those who read: they see within a slice of time that the log is closed.
  @Override
  public void close() {
    gate.change(() -> closed = true);
    gate.await(() -> lanes.stream().noneMatch(lane -> lane.taken), Deadline.NEVER);
    for (Lane lane : lanes) {
      if (lane.consumer != null) {
        lane.consumer.close(CloseOptions.timeout(Duration.ZERO));
      }
    }
  }
}
