package io.elanus.proxy.write;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import io.elanus.common.meta.MemoryMetaStore;
import io.elanus.common.model.Collection;
import io.elanus.common.model.Column.Int64Column;
import io.elanus.common.model.NodeId;
import io.elanus.common.record.LogRecord;
import io.elanus.common.record.RecordCodec;
import io.elanus.common.record.RecordHeader;
import io.elanus.common.run.Deadline;
import io.elanus.common.run.FanOut;
import io.elanus.common.run.Run;
import io.elanus.common.run.SystemRun;
import io.elanus.common.wal.LogId;
import io.elanus.common.wal.MemoryWal;
import io.elanus.common.wal.Wal.WalReader;
import io.elanus.common.wal.Wal.WalRecord;
import io.elanus.proxy.Films;
import io.elanus.proxy.MemoryCatalog;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What is appended, under which numbers, and what is answered when the log does not.
class LogWriterTest {
  private final Run run = new SystemRun();
  private final MemoryWal wal = new MemoryWal(run, 2);
  private final Backlog backlog =
      new Backlog(run, new MemoryMetaStore(run), Backlog.Limits.DEFAULT);
  private final Collection films = Films.collection(Films.SCHEMA, 2);

  @AfterEach
  void close() {
    backlog.close();
  }

  @Test
  void anAnswerThatGotLostIsAskedForAgainUnderTheSameSequence() {
    LogWriter writer = writer(losing(1));

    append(writer, 0);
    append(writer, 0);

    assertThat(headers(0))
        .extracting(h -> "%d/%d".formatted(h.sequence(), h.attempt()))
        .containsExactly("1/0", "1/1", "2/0");
    assertThat(headers(0))
        .extracting(RecordHeader::timestamp)
        .containsOnly(MemoryCatalog.FIRST_TIMESTAMP);
  }

  @Test
  void aWriteThatNeverGetsAnAnswerIsUnknownAndBlocksNobody() {
    LogWriter writer = writer(losing(6));

    assertUnknown(() -> append(writer, 0));
    append(writer, 0);

    assertThat(headers(0)).extracting(RecordHeader::sequence).endsWith(2L);
  }

  @Test
  void anAppendThatLandsLateTakesPlaceOnce() {
    AtomicInteger late = new AtomicInteger(1);
    LogWriter writer =
        writer(
            new MemoryWal.Faults() {
              @Override
              public Optional<Duration> landsLater(LogId log) {
                return late.getAndDecrement() > 0
                    ? Optional.of(Duration.ofMillis(1))
                    : Optional.empty();
              }
            });

    append(writer, 0);

    assertThat(headers(0)).extracting(RecordHeader::sequence).containsOnly(1L);
    assertThat(headers(0)).extracting(RecordHeader::attempt).contains(1);
  }

  @Test
  void anAppendThatProvablyDidNotHappenFailsPlainly() {
    LogWriter writer =
        writer(
            new MemoryWal.Faults() {
              @Override
              public void beforeAppend(LogId log) {
                throw ErrorCode.LOG_FAILED.because("no room");
              }
            });

    assertThatThrownBy(() -> append(writer, 0, 1))
        .isInstanceOfSatisfying(
            DbException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.LOG_FAILED));
  }

  @Test
  void aRequestThatTookEffectPartlySaysSo() {
    LogWriter writer =
        writer(
            new MemoryWal.Faults() {
              @Override
              public void beforeAppend(LogId log) {
                if (log.value() == 1) {
                  throw ErrorCode.LOG_FAILED.because("no room");
                }
              }
            });

    assertThatThrownBy(() -> append(writer, 0, 1))
        .isInstanceOfSatisfying(
            DbException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.OUTCOME_UNKNOWN))
        .hasMessageContaining("of its 2 log records 1 are applied, 1 are not and 0 may be");
  }

  @Test
  void aRequestIsRefusedAsAWholeBeforeAnythingIsAppended() {
    int bytes = sizeOfOneAppend();
    try (Backlog small =
        new Backlog(run, new MemoryMetaStore(run), new Backlog.Limits(bytes, 10 * bytes))) {
      LogWriter writer = new LogWriter(run, wal, new FanOut(run), new NodeId(10), small);
      append(writer, 0);

      assertThatThrownBy(() -> append(writer, 1, 0))
          .isInstanceOfSatisfying(
              DbException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.RATE_LIMIT));
      assertThat(headers(1)).isEmpty();
      append(writer, 1);
    }
  }

  private int sizeOfOneAppend() {
    append(writer(MemoryWal.Faults.NONE), 0);
    return (int) backlog.bytes(films.shard(0));
  }

  private static void assertUnknown(Runnable write) {
    assertThatThrownBy(write::run)
        .isInstanceOfSatisfying(
            DbException.class,
            e -> {
              assertThat(e.code()).isEqualTo(ErrorCode.OUTCOME_UNKNOWN);
              assertThat(e.code().retriable()).isFalse();
            })
        .hasMessageContaining("outcome unknown");
  }

  /// The first answers of the log get lost.
  private static MemoryWal.Faults losing(int answers) {
    AtomicInteger left = new AtomicInteger(answers);
    return new MemoryWal.Faults() {
      @Override
      public void afterAppend(LogId log) {
        if (left.getAndDecrement() > 0) {
          throw new IllegalStateException("connection reset");
        }
      }
    };
  }

  private LogWriter writer(MemoryWal.Faults faults) {
    return new LogWriter(run, wal.on(faults), new FanOut(run), new NodeId(9), backlog);
  }

  /// One record into each of `shards`.
  private void append(LogWriter writer, int... shards) {
    List<Draft> drafts = new ArrayList<>();
    for (int shard : shards) {
      Int64Column keys = new Int64Column(new long[] {1});
      drafts.add(
          new Draft(
              films.shard(shard),
              header -> new LogRecord.Delete(header, keys, Optional.empty(), Optional.empty())));
    }
    writer.append(
        films, drafts, MemoryCatalog.FIRST_TIMESTAMP, Deadline.after(run, Duration.ofSeconds(30)));
  }

  private List<RecordHeader> headers(int log) {
    List<RecordHeader> headers = new ArrayList<>();
    LogId id = new LogId(log);
    try (WalReader reader = wal.tail(id, wal.start(id))) {
      while (reader.position().isBefore(wal.end(id))) {
        for (WalRecord record : reader.poll(Deadline.NEVER)) {
          headers.add(RecordCodec.peek(record.bytes()));
        }
      }
    }
    return headers;
  }
}
