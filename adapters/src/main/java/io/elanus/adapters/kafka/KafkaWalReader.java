package io.elanus.adapters.kafka;

import io.elanus.adapters.kafka.LogTail.Look;
import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import io.elanus.common.run.Deadline;
import io.elanus.common.run.Run;
import io.elanus.common.wal.Position;
import io.elanus.common.wal.Wal.WalReader;
import io.elanus.common.wal.Wal.WalRecord;
import io.elanus.common.wal.WalLimits;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Reads one log: near its end from the tail that all readers share, further back apart.
final class KafkaWalReader implements WalReader {
  private static final Logger logger = LoggerFactory.getLogger(KafkaWalReader.class);

  /// How long a reader without time is kept for a look at the log.
  private static final Duration LAST_LOOK = Duration.ofSeconds(2);

  private final Run run;
  private final KafkaWal wal;
  private final KafkaLog log;
  private final CatchUp catchUp;
  private long offset;

  /// What its caller knows to be the position.
  private long told;

  private final AtomicBoolean closed = new AtomicBoolean();

  KafkaWalReader(Run run, KafkaWal wal, KafkaLog log, CatchUp catchUp, long offset) {
    this.run = run;
    this.wal = wal;
    this.log = log;
    this.catchUp = catchUp;
    this.offset = offset;
    this.told = offset;
  }

  @Override
  public List<WalRecord> poll(Deadline deadline) {
    Optional<List<WalRecord>> found = await(deadline);
    if (found.isEmpty()) {
      awaitWhatIsThere();
      found = await(new Deadline(run.nanoTime()));
    }
    told = offset;
    return found.orElse(List.of());
  }

  /// Empty when `deadline` came first.
  private Optional<List<WalRecord>> await(Deadline deadline) {
    while (true) {
      requireOpen();
      Look look = log.tail().look(offset, told, this::isStopped, deadline);
      requireOpen();
      switch (look) {
        case Look.Records(List<WalRecord> records, long next) -> {
          offset = next;
          return Optional.of(records);
        }
        case Look.Passed(long next) -> {
          offset = next;
          return Optional.of(List.of());
        }
        case Look.Nothing(long next) -> {
          offset = next;
          return Optional.empty();
        }
        case Look.Behind(long from) -> {
          Batch batch = catchUp.read(log, offset, from, this::isStopped, deadline);
          boolean outOfTime = batch.next() == offset && deadline.hasPassed(run);
          offset = batch.next();
          if (!batch.records().isEmpty() || outOfTime) {
            return Optional.of(batch.records());
          }
        }
      }
    }
  }

  /// Time is over, and the tail knows of nothing: the broker may. One that does not answer has nothing for
  /// us now.
  private void awaitWhatIsThere() {
    try {
      long end = log.plainEnd(LAST_LOOK);
      log.tail().awaitSeen(end, this::isStopped, Deadline.after(run, LAST_LOOK));
    } catch (DbException e) {
      if (e.code() == ErrorCode.CANCELED) {
        throw e;
      }
      logger.debug("log cannot be looked at log={}", log.id(), e);
    }
  }

  private boolean isStopped() {
    return closed.get() || wal.isClosed();
  }

  private void requireOpen() {
    if (isStopped()) {
      throw WalLimits.closed(log.id());
    }
  }

  @Override
  public Position position() {
    return log.at(offset);
  }

  @Override
  public void close() {
    if (!closed.getAndSet(true)) {
      wal.leave(log);
    }
  }
}
