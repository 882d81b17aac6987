package io.elanus.adapters.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import io.elanus.common.error.ErrorCode;
import io.elanus.common.run.Together;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A disk that fails.
class LogFailureTest {
  @TempDir Path folder;

  private final FailingDisk disk = new FailingDisk();
  private EmbeddedLog log;

  @BeforeEach
  void open() throws IOException {
    LogFixture.unsealed(folder, List.of(List.of("first")));
    log = new LogFixture(folder).open(disk);
  }

  @AfterEach
  void close() {
    log.close();
  }

  @Test
  void afterAFailedSyncTheLogRefusesEverythingUntilItIsOpenedAnew() throws IOException {
    disk.syncFails = true;

    LogFixture.assertFails(ErrorCode.OUTCOME_UNKNOWN, () -> append("second"));
    disk.syncFails = false;

    LogFixture.assertFails(ErrorCode.LOG_FAILED, () -> append("third"));
    LogFixture.assertFails(ErrorCode.LOG_FAILED, log::end);
    LogFixture.assertFails(ErrorCode.LOG_FAILED, log::start);
    log.close();
    log = new LogFixture(folder).open(disk);
    append("fourth");
    assertThat(LogFixture.readAll(log)).containsExactly("first", "second", "fourth");
  }

  @Test
  void theLastBatchIsWrittenAnewWhenTheLogIsOpenedAfterAFailedSync() throws IOException {
    disk.syncFails = true;
    LogFixture.assertFails(ErrorCode.OUTCOME_UNKNOWN, () -> append("second"));
    disk.syncFails = false;
    log.close();
    disk.written = 0;

    log = new LogFixture(folder).open(disk);

    assertThat(disk.written).isEqualTo(LogFrame.HEAD_BYTES + "second".length());
  }

  @Test
  void everyAppenderOfABatchWhoseSyncFailedIsToldTheSame() {
    disk.syncFails = true;

    Together.run(
        LogFixture.RUN,
        16,
        i -> {
          var error =
              org.assertj.core.api.Assertions.catchThrowableOfType(
                  io.elanus.common.error.DbException.class, () -> append("r" + i));
          assertThat(error.code()).isIn(ErrorCode.OUTCOME_UNKNOWN, ErrorCode.LOG_FAILED);
          return i;
        });
  }

  @Test
  void aFailedWriteIsUndoneAndTheLogGoesOn() throws IOException {
    disk.room = 20;
    LogFixture.assertFails(ErrorCode.LOG_FAILED, () -> append("does not fit"));
    disk.room = Long.MAX_VALUE;

    append("second");

    assertThat(LogFixture.readAll(log)).containsExactly("first", "second");
    log.close();
    assertThat(new LogFixture(folder).readAll()).containsExactly("first", "second");
  }

  @Test
  void aFailedWriteOfALargeBatchIsUndone() throws IOException {
    disk.room = 5 << 20;
    LogFixture.assertFails(ErrorCode.LOG_FAILED, () -> append("x".repeat(6 << 20)));
    disk.room = Long.MAX_VALUE;

    append("second");

    assertThat(LogFixture.readAll(log)).containsExactly("first", "second");
  }

  @Test
  void aFailedWriteThatCannotBeUndoneStopsTheLog() {
    disk.room = 0;
    disk.syncFails = true;

    LogFixture.assertFails(ErrorCode.OUTCOME_UNKNOWN, () -> append("second"));
    LogFixture.assertFails(ErrorCode.LOG_FAILED, () -> append("third"));
  }

  private void append(String record) {
    log.append(record.getBytes());
  }

  private static final class FailingDisk implements Disk {
    private volatile boolean syncFails;
    private volatile long room = Long.MAX_VALUE;
    private volatile long written;

    @Override
    public void write(FileChannel file, ByteBuffer bytes, long position) throws IOException {
      int size = bytes.remaining();
      if (size > room) {
        Disk.SYSTEM.write(file, bytes.slice(bytes.position(), (int) room), position);
        throw new IOException("no space left on device");
      }
      room -= room == Long.MAX_VALUE ? 0 : size;
      written += size;
      Disk.SYSTEM.write(file, bytes, position);
    }

    @Override
    public void sync(FileChannel file) throws IOException {
      if (syncFails) {
        throw new IOException("input/output error");
      }
      Disk.SYSTEM.sync(file);
    }
  }
}
