package io.elanus.datanode;

import io.elanus.common.model.HybridTimestamp;
import io.elanus.common.record.RecordCodec;
import io.elanus.common.record.RecordHeader;
import io.elanus.common.run.Run;
import io.elanus.common.wal.Wal.WalRecord;
import java.time.Duration;
import java.util.List;

/// How far an owner is behind its log: the age of the oldest record it has not applied.
///
/// ```
///            read                     applied                  polls
/// (polling) ------> (has read) ------------------> (held) ----------------> (polling)
///     0 after 1 s    age of the oldest record      goes on growing, from the age of the last record
/// ```
/// The log is not asked for its end, which may take a write. So while nothing is read (a flush is under way,
/// or has failed, or the log is being taken up) the lag grows as if the next record were there: never too
/// small. A reader to whom the log has nothing more to give for a second has no lag. Ages are differences of
/// this machine's wall clock and rootcoord's, and not below 0.
///
/// Changed by the owner's thread, read by any.
final class LogLag {
  /// A reader does not wait while there are records; fetching them takes less.
  private static final Duration ALL_READ = Duration.ofSeconds(1);

  private sealed interface State {
    /// @param before when it began to
    record Polling(long sinceNanoTime, Duration before) implements State {}

    record HasRead(long oldestMillis) implements State {}

    /// @param before when reading ended
    record Held(long sinceNanoTime, Duration before) implements State {}
  }

  private final Run run;
  private volatile State state;

  /// Of an owner that has not begun to read.
  LogLag(Run run) {
    this.run = run;
    this.state = new State.Held(run.nanoTime(), Duration.ZERO);
  }

  Duration now() {
    return switch (state) {
      case State.HasRead(long oldest) -> age(oldest);
      case State.Held(long since, Duration before) -> before.plus(since(since));
      case State.Polling(long since, Duration before) -> {
        Duration waiting = since(since);
        boolean none = before.compareTo(ALL_READ) < 0 || waiting.compareTo(ALL_READ) >= 0;
        yield none ? Duration.ZERO : before.plus(waiting);
      }
    };
  }

  void polls() {
    state = new State.Polling(run.nanoTime(), now());
  }

  /// @param batch of what [#polls] began; empty when there was nothing
  void read(List<WalRecord> batch) {
    state =
        batch.isEmpty()
            ? new State.Polling(run.nanoTime(), Duration.ZERO)
            : new State.HasRead(millis(batch.getFirst()));
  }

  /// @param batch as given to [#read]; something else is done before the next one
  void applied(List<WalRecord> batch) {
    Duration lag = batch.isEmpty() ? Duration.ZERO : age(millis(batch.getLast()));
    state = new State.Held(run.nanoTime(), lag);
  }

  /// Reading ends for a while, or has failed.
  void held() {
    state = new State.Held(run.nanoTime(), now());
  }

  private Duration since(long nanoTime) {
    return Duration.ofNanos(run.nanoTime() - nanoTime);
  }

  private Duration age(long millis) {
    return Duration.ofMillis(Math.max(0, run.wallMillis() - millis));
  }

  /// When the record was written; now, if it is none of ours.
  private long millis(WalRecord record) {
    return RecordCodec.find(record.bytes())
        .map(RecordHeader::timestamp)
        .map(HybridTimestamp::millis)
        .orElseGet(run::wallMillis);
  }
}
