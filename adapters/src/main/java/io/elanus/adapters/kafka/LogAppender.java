package io.elanus.adapters.kafka;

import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import io.elanus.common.run.Deadline;
import io.elanus.common.run.Outcome;
import io.elanus.common.run.Promise;
import io.elanus.common.run.Run;
import io.elanus.common.run.Turn;
import io.elanus.common.wal.LogId;
import java.time.Duration;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Appends to all logs of this process, through one idempotent producer with `acks=all`.
///
/// **What an error means.** The producer repeats a request until it is answered or its time is over. The
/// brokers recognise such repeats by (producer, epoch, sequence), so one call of `append` takes effect once
/// while its producer lives. When it fails, nothing more than the following is known:
///
/// - `send` itself refused it, for a reason that comes before the record is put into the buffer (too large,
///   no room in the buffer, nobody known who leads): it was never sent. `LOG_FAILED`.
/// - Anything else: a request that carried it may be on its way, or in the log with its answer lost; that
///   the *last* try was refused says nothing about the ones before. `OUTCOME_UNKNOWN`. Such a record may
///   even land after this answer, behind records that were appended later.
///
/// Neither the idempotence of a producer nor transactions reach beyond one producer, and a process that
/// repeats an unknown append may be a new one. So that a repeat has its effect once is the consumers' doing:
/// they know (writer, sequence) of each record (CORRECTNESS, "Repeats"), which also covers the rare second
/// copy a producer writes when it numbers its requests anew after a failure.
///
/// A producer that failed for good (sequences out of order, fenced, refused by the cluster) is replaced;
/// what it still has to send gets its time.
final class LogAppender implements AutoCloseable {
  private static final Logger logger = LoggerFactory.getLogger(LogAppender.class);

  /// What appends on their way get when the process ends.
  private static final Duration CLOSE_LIMIT = Duration.ofSeconds(2);

  private final Run run;
  private final KafkaClients clients;
  private final KafkaCalls calls;
  private final Duration deliveryTimeout;
  private final Turn turn;
  private volatile KafkaProducer<byte[], byte[]> producer;
  private volatile boolean closed;

  LogAppender(Run run, KafkaClients clients, KafkaCalls calls, Duration deliveryTimeout) {
    this.run = run;
    this.clients = clients;
    this.calls = calls;
    this.deliveryTimeout = deliveryTimeout;
    this.turn = new Turn(run, "kafka producer");
    this.producer = clients.producer();
  }

  /// What became of one record.
  private sealed interface Sent {
    /// @param offset negative when the broker recognised a repeat so old that it forgot where it is
    record Acknowledged(long offset) implements Sent {}

    record Failed(Exception error, boolean inSend) implements Sent {}
  }

  /// One record on its way. Told by the producer's thread, or by the sending one while it sends.
  private static final class Sending implements Callback {
    private final Thread sender = Thread.currentThread();
    private final Promise<Sent> promise;

    Sending(Run run) {
      this.promise = new Promise<>(run);
    }

    @Override
    public void onCompletion(RecordMetadata metadata, @Nullable Exception error) {
      promise.complete(
          Outcome.done(
              error == null
                  ? new Sent.Acknowledged(metadata.hasOffset() ? metadata.offset() : -1)
                  : new Sent.Failed(error, Thread.currentThread() == sender)));
    }

    void failedInSend(Exception error) {
      promise.complete(Outcome.done(new Sent.Failed(error, true)));
    }

    Sent await() {
      // The delivery timeout ends every append.
      return promise.await(Deadline.NEVER).orElseThrow().orThrow();
    }
  }

  /// Blocks until all in-sync replicas have the record.
  ///
  /// @return its offset
  /// @throws DbException `LOG_FAILED` when it was never sent, else `OUTCOME_UNKNOWN`; `CANCELED`
  long append(LogId log, byte[] record) {
    KafkaProducer<byte[], byte[]> used = producer;
    Sent sent = send(used, log, record);
    return switch (sent) {
      case Sent.Acknowledged(long offset) when offset >= 0 -> offset;
      case Sent.Acknowledged _ ->
          throw unknown(log, "it is there, but the broker has forgotten where", null);
      case Sent.Failed(Exception error, boolean inSend) -> {
        if (KafkaErrors.isFatal(error, inSend)) {
          replace(used, error);
        }
        throw failure(log, error, inSend);
      }
    };
  }

  private Sent send(KafkaProducer<byte[], byte[]> used, LogId log, byte[] record) {
    Sending sending = new Sending(run);
    try {
      used.send(
          new ProducerRecord<>(calls.partition(log).topic(), log.value(), null, record), sending);
    } catch (KafkaException | IllegalStateException e) {
      sending.failedInSend(e);
    }
    return sending.await();
  }

  private static DbException failure(LogId log, Exception error, boolean inSend) {
    return KafkaErrors.isNeverSent(error, inSend)
        ? KafkaErrors.failed(error, "append to log %s was not sent".formatted(log))
        : unknown(log, KafkaErrors.reason(error), error);
  }

  private static DbException unknown(LogId log, String why, @Nullable Exception cause) {
    return new DbException(
        ErrorCode.OUTCOME_UNKNOWN,
        "append to log %s may have happened: %s".formatted(log, why),
        cause);
  }

  private void replace(KafkaProducer<byte[], byte[]> failed, Exception error) {
    turn.take(() -> {
      if (producer == failed && !closed) {
        logger.warn("kafka producer replaced error={}", error.toString());
        producer = clients.producer();
        run.fork("close-kafka-producer", () -> failed.close(deliveryTimeout));
      }
    });
  }

  @Override
  public void close() {
    turn.take(() -> {
      closed = true;
      producer.close(CLOSE_LIMIT);
    });
  }
}
