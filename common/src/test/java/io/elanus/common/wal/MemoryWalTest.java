package io.elanus.common.wal;

import static org.assertj.core.api.Assertions.assertThat;

import io.elanus.common.error.ErrorCode;
import io.elanus.common.run.Together;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class MemoryWalTest extends WalContract {
  private final MemoryWal logs = new MemoryWal(run, LOGS);

  @Override
  protected Wal open() {
    return logs.on(MemoryWal.Faults.NONE);
  }

  @Test
  void aRefusedAppendLeavesNothing() {
    Wal broken =
        logs.on(
            new MemoryWal.Faults() {
              @Override
              public void beforeAppend(LogId log) {
                throw ErrorCode.LOG_FAILED.because("planned");
              }
            });

    assertFails(ErrorCode.LOG_FAILED, () -> broken.append(LOG, bytes(1)));
    assertThat(wal.end(LOG)).isEqualTo(wal.start(LOG));
  }

  @Test
  void aLostAnswerLeavesTheRecord() {
    Wal broken =
        logs.on(
            new MemoryWal.Faults() {
              @Override
              public void afterAppend(LogId log) {
                throw ErrorCode.LOG_FAILED.because("planned");
              }
            });

    assertFails(ErrorCode.OUTCOME_UNKNOWN, () -> broken.append(LOG, bytes(1)));
    assertThat(payloads(read(wal.start(LOG), 1))).containsExactly(1L);
  }

  @Test
  void aLateAppendArrivesAfterItsAnswer() {
    Wal slow =
        logs.on(
            new MemoryWal.Faults() {
              @Override
              public Optional<Duration> landsLater(LogId log) {
                return Optional.of(Duration.ofMillis(50));
              }
            });
    Position start = wal.start(LOG);

    assertFails(ErrorCode.OUTCOME_UNKNOWN, () -> slow.append(LOG, bytes(1)));
    wal.append(LOG, bytes(2));

    assertThat(payloads(read(start, 2))).containsExactly(2L, 1L);
  }

  @Test
  void aFailedSyncStopsTheLogUntilItIsOpenedAnew() {
    wal.append(LOG, bytes(1));
    Position start = wal.start(LOG);
    Wal broken = logs.on(failingSync());

    assertFails(ErrorCode.OUTCOME_UNKNOWN, () -> broken.append(LOG, bytes(2)));
    assertFails(ErrorCode.LOG_FAILED, () -> wal.append(LOG, bytes(3)));
    assertFails(ErrorCode.LOG_FAILED, () -> wal.end(LOG));

    logs.recover(LOG);
    wal.append(LOG, bytes(4));
    assertThat(payloads(read(start, 3))).containsExactly(1L, 2L, 4L);
  }

  @Test
  void aCrashLosesWhatWasNotDurable() {
    wal.append(LOG, bytes(1));
    Position start = wal.start(LOG);
    Wal broken = logs.on(failingSync());
    assertFails(ErrorCode.OUTCOME_UNKNOWN, () -> broken.append(LOG, bytes(2)));

    logs.crash(LOG);
    wal.append(LOG, bytes(3));

    assertThat(payloads(read(start, 2))).containsExactly(1L, 3L);
  }

  @Test
  void aRecordIsSeenOnlyWhenItIsDurable() {
    Wal slow =
        logs.on(
            new MemoryWal.Faults() {
              @Override
              public void beforeSync(LogId log) {
                run.sleep(Duration.ofMillis(100));
              }
            });
    var appender = run.fork("appender", () -> slow.append(LOG, bytes(1)));

    run.sleep(Duration.ofMillis(30));
    assertThat(wal.end(LOG)).isEqualTo(wal.start(LOG));

    Together.finish(run, appender);
    assertThat(wal.end(LOG)).isEqualTo(wal.start(LOG).next());
  }

  @Test
  void aLaterSyncMakesEarlierRecordsDurable() {
    Wal slow =
        logs.on(
            new MemoryWal.Faults() {
              @Override
              public void beforeSync(LogId log) {
                run.sleep(Duration.ofMillis(100));
              }
            });
    Position start = wal.start(LOG);
    var appender = run.fork("appender", () -> slow.append(LOG, bytes(1)));
    run.sleep(Duration.ofMillis(30));

    wal.append(LOG, bytes(2));

    assertThat(payloads(read(start, 2))).containsExactly(1L, 2L);
    Together.finish(run, appender);
  }

  private static MemoryWal.Faults failingSync() {
    return new MemoryWal.Faults() {
      @Override
      public void beforeSync(LogId log) {
        throw ErrorCode.LOG_FAILED.because("planned");
      }
    };
  }
}
