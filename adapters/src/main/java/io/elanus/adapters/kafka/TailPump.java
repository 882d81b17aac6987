package io.elanus.adapters.kafka;

import io.elanus.adapters.kafka.LogTail.Round;
import io.elanus.common.error.DbException;
import io.elanus.common.run.Backoff;
import io.elanus.common.run.Deadline;
import io.elanus.common.run.Gate;
import io.elanus.common.run.Run;
import io.elanus.common.run.Task;
import io.elanus.common.wal.LogId;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.LogTruncationException;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Feeds the tails of all logs that somebody in this process reads, with one consumer on one thread.
///
/// Nothing that ails the brokers or the way to them ends a tail: readers hold what they have read, and wait.
/// A tail ends where its log does not reach it any more; who takes the log up anew finds out why.
final class TailPump implements AutoCloseable {
  private static final Logger logger = LoggerFactory.getLogger(TailPump.class);
  private static final Duration POLL = Duration.ofMinutes(1);
  private static final Backoff AFTER_FAILURE =
      new Backoff(Duration.ofMillis(200), Duration.ofSeconds(5));

  private final Run run;
  private final KafkaClients clients;
  private final KafkaCalls calls;
  private final List<KafkaLog> logs;
  private final Gate gate;
  private final Task task;

  // guarded by gate
  private boolean changed;
  private boolean closed;

  private volatile @Nullable KafkaConsumer<byte[], byte[]> consumer;

  /// In a row. The pump's own.
  private int failures;

  TailPump(Run run, KafkaClients clients, KafkaCalls calls, List<KafkaLog> logs) {
    this.run = run;
    this.clients = clients;
    this.calls = calls;
    this.logs = logs;
    this.gate = run.gate();
    this.task = run.fork("kafka-tail", this::pump);
  }

  /// A tail got its first reader or lost its last.
  void tailsChanged() {
    gate.change(() -> changed = true);
    wakeConsumer();
  }

  private void wakeConsumer() {
    KafkaConsumer<byte[], byte[]> polling = consumer;
    if (polling != null) {
      polling.wakeup();
    }
  }

  @Override
  public void close() {
    gate.change(() -> closed = true);
    wakeConsumer();
    task.awaitEnd();
  }

  private boolean isClosed() {
    return gate.read(() -> closed);
  }

  private void pump() {
    while (!isClosed()) {
      try (KafkaConsumer<byte[], byte[]> opened = clients.tailConsumer()) {
        consumer = opened;
        follow(opened);
      } catch (KafkaException | DbException e) {
        pauseAfter(e);
      }
    }
  }

  private void pauseAfter(RuntimeException error) {
    if (!isClosed()) {
      failures++;
      logger.warn("logs cannot be followed, trying again failures={}", failures, error);
      Duration pause = AFTER_FAILURE.pause(failures, run.random());
      gate.await(() -> closed, Deadline.after(run, pause));
    }
  }

  private void follow(KafkaConsumer<byte[], byte[]> opened) {
    Map<LogId, Round> followed = Map.of();
    while (!isClosed()) {
      gate.change(() -> changed = false);
      followed = assign(opened, followed);
      if (followed.isEmpty()) {
        gate.await(() -> changed || closed, Deadline.NEVER);
      } else {
        poll(opened, followed);
        failures = 0;
      }
    }
  }

  /// Follows the tails that have readers now; one that began anew, from its new start.
  private Map<LogId, Round> assign(KafkaConsumer<byte[], byte[]> opened, Map<LogId, Round> before) {
    Map<LogId, Round> now = new HashMap<>();
    logs.forEach(log -> log.tail().round().ifPresent(round -> now.put(log.id(), round)));
    Set<TopicPartition> partitions =
        now.keySet().stream().map(calls::partition).collect(Collectors.toSet());
    if (!partitions.equals(opened.assignment())) {
      opened.assign(partitions);
    }
    now.forEach((log, round) -> {
      Round former = before.get(log);
      if (former == null || former.number() != round.number()) {
        opened.seek(calls.partition(log), round.seen());
      }
    });
    return now;
  }

  private void poll(KafkaConsumer<byte[], byte[]> opened, Map<LogId, Round> followed) {
    try {
      hand(opened.poll(POLL), followed);
    } catch (WakeupException e) {
      logger.trace("tails have changed", e);
    } catch (LogTruncationException e) {
      e.offsetOutOfRangePartitions().forEach((p, offset) -> log(p).haltTruncated(offset));
    } catch (OffsetOutOfRangeException e) {
      e.offsetOutOfRangePartitions().forEach((p, offset) -> log(p).outOfReach(offset));
    }
  }

  private void hand(ConsumerRecords<byte[], byte[]> polled, Map<LogId, Round> followed) {
    for (TopicPartition partition : polled.partitions()) {
      KafkaLog log = log(partition);
      Round round = followed.get(log.id());
      if (round != null) {
        log.tail().add(round.number(), Batch.of(log.incarnation(), polled.records(partition)));
      }
    }
  }

  private KafkaLog log(TopicPartition partition) {
    return logs.get(partition.partition());
  }
}
