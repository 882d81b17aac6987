package io.elanus.proxy.write;

import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import io.elanus.common.model.Collection;
import io.elanus.common.model.NodeId;
import io.elanus.common.model.ShardId;
import io.elanus.common.record.RecordCodec;
import io.elanus.common.record.RecordHeader;
import io.elanus.common.run.Backoff;
import io.elanus.common.run.Deadline;
import io.elanus.common.run.FanOut;
import io.elanus.common.run.Run;
import io.elanus.common.wal.LogId;
import io.elanus.common.wal.Position;
import io.elanus.common.wal.Wal;
import io.elanus.proxy.write.Slots.Slot;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Appends the records of one request, in parallel, and says what became of them.
///
/// An append that may or may not have happened is repeated under the same sequence as the next attempt:
/// consumers let one of them take effect, whichever comes first, whenever the others come.
public final class LogWriter {
  /// How long a write waits for its turn when the log does not answer the ones before.
  private static final Duration SLOT_PATIENCE = Duration.ofSeconds(20);

  private static final int MAX_ATTEMPTS = 6;
  private static final Backoff BACKOFF = new Backoff(Duration.ofMillis(20), Duration.ofSeconds(1));

  /// Answers of the log that mean: this append did not happen and will not.
  private static final Set<ErrorCode> NOT_APPENDED =
      Set.of(
          ErrorCode.LOG_FAILED,
          ErrorCode.INVALID_PARAMETER,
          ErrorCode.PARAMETER_TOO_LARGE,
          ErrorCode.TOO_MANY_REQUESTS);

  private static final Logger log = LoggerFactory.getLogger(LogWriter.class);

  /// A record in the log.
  record Appended(ShardId shard, long writer, long sequence) {}

  private sealed interface Outcome {
    record Applied(Appended record) implements Outcome {}

    record Failed(DbException error) implements Outcome {}

    record Unknown(RuntimeException error) implements Outcome {}
  }

  private final Run run;
  private final Wal wal;
  private final FanOut fanOut;
  private final NodeId writer;
  private final Backlog backlog;
  private final Slots slots;

  /// @param writer names this start of this process in every record
  public LogWriter(Run run, Wal wal, FanOut fanOut, NodeId writer, Backlog backlog) {
    this.run = run;
    this.wal = wal;
    this.fanOut = fanOut;
    this.writer = writer;
    this.backlog = backlog;
    this.slots = new Slots(run);
  }

  public int maxRecordBytes() {
    return wal.maxRecordBytes();
  }

  /// Returns when all records are durable: by what name each is known to the consumers of its shard.
  ///
  /// @param timestamp confirmed for this collection
  /// @throws DbException `RATE_LIMIT` or `LOG_FAILED` when none was appended, `OUTCOME_UNKNOWN` when some may
  ///     have been
  List<Appended> append(
      Collection collection, List<Draft> drafts, long timestamp, Deadline deadline) {
    drafts.forEach(draft -> backlog.requireRoom(draft.shard(), collection.log(draft.shard())));
    List<Outcome> outcomes;
    try {
      outcomes =
          fanOut.all(drafts, deadline, draft -> append(collection, draft, timestamp, deadline));
    } catch (DbException e) {
      throw unknown(e, "it was cut short: " + e.text());
    }
    return answer(outcomes);
  }

  private static List<Appended> answer(List<Outcome> outcomes) {
    List<Appended> appended =
        outcomes.stream()
            .filter(Outcome.Applied.class::isInstance)
            .map(outcome -> ((Outcome.Applied) outcome).record())
            .toList();
    int applied = appended.size();
    if (applied == outcomes.size()) {
      return appended;
    }
    Outcome first =
        outcomes.stream().filter(o -> !(o instanceof Outcome.Applied)).findFirst().orElseThrow();
    boolean allFailed = outcomes.stream().allMatch(o -> o instanceof Outcome.Failed);
    if (allFailed && first instanceof Outcome.Failed(DbException error)) {
      throw error;
    }
    long failed = outcomes.stream().filter(o -> o instanceof Outcome.Failed).count();
    throw unknown(
        first instanceof Outcome.Unknown(RuntimeException error) ? error : null,
        "of its %d log records %d are applied, %d are not and %d may be"
            .formatted(outcomes.size(), applied, failed, outcomes.size() - applied - failed));
  }

  private static DbException unknown(@Nullable RuntimeException cause, String what) {
    return new DbException(
        ErrorCode.OUTCOME_UNKNOWN,
        "the write may have taken effect, read before writing again (%s): %s"
            .formatted(what, ErrorCode.OUTCOME_UNKNOWN.text()),
        cause);
  }

  private Outcome append(Collection collection, Draft draft, long timestamp, Deadline deadline) {
    Deadline giveUp = deadline.orEarlier(Deadline.after(run, SLOT_PATIENCE));
    try (Slot slot = slots.take(draft.shard(), giveUp)) {
      RecordHeader header =
          new RecordHeader(
              draft.shard(),
              writer.value(),
              slot.sequence(),
              0,
              timestamp,
              collection.schema().version(),
              0);
      return append(collection.log(draft.shard()), draft, header, deadline);
    } catch (DbException e) {
      return new Outcome.Failed(e);
    }
  }

  private Outcome append(LogId logId, Draft draft, RecordHeader first, Deadline deadline) {
    for (int attempt = 0; ; attempt++) {
      byte[] bytes = RecordCodec.encode(draft.body().apply(attempt(first, attempt)));
      try {
        Position position = wal.append(logId, bytes);
        backlog.appended(first.shard(), logId, position, bytes.length);
        return new Outcome.Applied(new Appended(first.shard(), first.writer(), first.sequence()));
      } catch (RuntimeException e) {
        if (attempt == 0 && isNotAppended(e)) {
          return new Outcome.Failed((DbException) e);
        }
        log.warn(
            "append without outcome shard={} sequence={} attempt={} error={}",
            first.shard(),
            first.sequence(),
            attempt,
            e.getMessage());
        if (!pause(attempt + 1, e, deadline)) {
          return new Outcome.Unknown(e);
        }
      }
    }
  }

  private static RecordHeader attempt(RecordHeader first, int attempt) {
    return new RecordHeader(
        first.shard(),
        first.writer(),
        first.sequence(),
        attempt,
        first.timestamp(),
        first.schemaVersion(),
        first.ddlSequence());
  }

  private static boolean isNotAppended(RuntimeException error) {
    return error instanceof DbException e && NOT_APPENDED.contains(e.code());
  }

  /// @return whether to try again
  private boolean pause(int failures, RuntimeException error, Deadline deadline) {
    boolean canceled = error instanceof DbException e && e.code() == ErrorCode.CANCELED;
    Duration pause = BACKOFF.pause(failures, run.random());
    if (canceled || failures >= MAX_ATTEMPTS || deadline.remaining(run).compareTo(pause) <= 0) {
      return false;
    }
    try {
      run.sleep(pause);
      return true;
    } catch (DbException _) {
      return false;
    }
  }
}
