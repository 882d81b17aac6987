package io.elanus.adapters.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import io.elanus.common.format.Damage;
import io.elanus.common.run.Deadline;
import io.elanus.common.run.Run;
import io.elanus.common.run.SystemRun;
import io.elanus.common.wal.LogId;
import io.elanus.common.wal.Wal.WalReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.Assertions;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/// One log with known bytes, for tests that damage it.
record LogFixture(Path folder) {
  static final Run RUN = new SystemRun();
  static final long INCARNATION = 0x1122334455667788L;
  static final LogId LOG = new LogId(0);
  static final long FILE_BYTES = 64 << 20;

  /// For tests that write often.
  static final Disk UNSYNCED =
      new Disk() {
        @Override
        public void write(FileChannel file, ByteBuffer bytes, long position) throws IOException {
          Disk.SYSTEM.write(file, bytes, position);
        }

        @Override
        public void sync(FileChannel file) {}
      };

  LogFolder logFolder(Disk disk) {
    return LogFolder.of(folder, LOG, disk);
  }

  /// A log of one file with these batches, which has not been closed in good order.
  static LogFixture unsealed(Path folder, List<List<String>> batches) throws IOException {
    LogFixture fixture = new LogFixture(folder);
    LogWriter writer = fixture.create(batches);
    writer.abandon();
    return fixture;
  }

  static LogFixture sealed(Path folder, List<List<String>> batches) throws IOException {
    LogFixture fixture = new LogFixture(folder);
    fixture.create(batches).close();
    return fixture;
  }

  /// A log without records, in a folder of its own.
  static LogFixture temporary() {
    try {
      return unsealed(Files.createTempDirectory("log"), List.of());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private LogWriter create(List<List<String>> batches) throws IOException {
    LogFolder log = logFolder(Disk.SYSTEM);
    Folders.create(log.folder());
    LogFile file = new LogFile(log.create(INCARNATION, 0), 0, PayloadMask.of(INCARNATION));
    LogWriter writer = new LogWriter(log, INCARNATION, file, false);
    for (List<String> batch : batches) {
      writer.write(batch.stream().map(text -> text.getBytes(StandardCharsets.UTF_8)).toList());
    }
    return writer;
  }

  Path file() {
    return logFolder(Disk.SYSTEM).path(0);
  }

  byte[] bytes() throws IOException {
    return Files.readAllBytes(file());
  }

  LogFixture with(byte[] bytes) throws IOException {
    Damage.overwrite(file(), bytes);
    return this;
  }

  EmbeddedLog open(Disk disk) throws IOException {
    return EmbeddedLog.open(RUN, logFolder(disk), FILE_BYTES);
  }

  /// All records of the log, opened and closed again.
  List<String> readAll() throws IOException {
    return readAll(Disk.SYSTEM);
  }

  List<String> readAll(Disk disk) throws IOException {
    EmbeddedLog log = open(disk);
    try {
      return readAll(log);
    } finally {
      log.close();
    }
  }

  static List<String> readAll(EmbeddedLog log) {
    List<String> found = new ArrayList<>();
    long end = log.end().offset();
    try (WalReader reader = new EmbeddedWalReader(log, log.start().offset())) {
      while (reader.position().offset() < end) {
        reader
            .poll(Deadline.NEVER)
            .forEach(record -> found.add(new String(record.bytes(), StandardCharsets.UTF_8)));
      }
    }
    return found;
  }

  static DbException assertFails(ErrorCode code, ThrowingCallable action) {
    DbException thrown = Assertions.catchThrowableOfType(DbException.class, action);
    assertThat(thrown).as("expected %s", code).isNotNull();
    assertThat(thrown.code()).as(thrown.text()).isEqualTo(code);
    return thrown;
  }
}
