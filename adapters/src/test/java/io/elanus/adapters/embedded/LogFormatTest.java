package io.elanus.adapters.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import io.elanus.common.error.ErrorCode;
import io.elanus.common.format.Damage;
import io.elanus.common.format.GoldenFile;
import io.elanus.common.wal.LogId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogFormatTest {
  private static final List<List<String>> BATCHES =
      List.of(List.of("first"), List.of("second", "third"), List.of("4"));

  @TempDir Path folder;

  @Test
  void theBytesOfASealedFileStay() throws IOException {
    byte[] bytes = LogFixture.sealed(folder, BATCHES).bytes();

    new GoldenFile("embedded-log-2.bin").assertWrites(bytes);
  }

  @Test
  void aFrameSaysWhereItsBatchBegan() throws IOException {
    byte[] bytes = LogFixture.unsealed(folder, BATCHES).bytes();
    int third = LogFileHeader.BYTES + 2 * LogFrame.HEAD_BYTES + "firstsecond".length();

    LogFrame frame = LogFrame.decode(bytes, third, LogFixture.INCARNATION).orElseThrow();

    assertThat(frame).isEqualTo(LogFrame.ofRecord(2, 1, "third".getBytes()));
    assertThat(frame.batchStart()).isEqualTo(1);
  }

  @Test
  void aFrameOfAnotherIncarnationIsNone() {
    byte[] bytes = LogFrame.ofSeal(7).encode(LogFixture.INCARNATION);

    assertThat(LogFrame.decode(bytes, 0, LogFixture.INCARNATION)).contains(LogFrame.ofSeal(7));
    assertThat(LogFrame.decode(bytes, 0, LogFixture.INCARNATION + 1)).isEmpty();
  }

  @Test
  void damageOfAHeaderIsNoticed() {
    byte[] bytes = new LogFileHeader(new LogId(3), 5, 7).encode();

    assertThat(bytes).hasSize(LogFileHeader.BYTES);
    Damage.assertNoticed(bytes, LogFileHeader::decode);
  }

  @Test
  void damageOfAnyByteOfASealedFileIsNoticed() throws IOException {
    assertEveryFlipIsNoticed(LogFixture.sealed(folder, BATCHES));
  }

  @Test
  void damageOfAnyByteOfAnUnsealedFileIsNoticed() throws IOException {
    assertEveryFlipIsNoticed(LogFixture.unsealed(folder, BATCHES));
  }

  /// Nulls, flags and vectors are zeros for long, and zeros are what a write leaves that a crash cut short.
  @Test
  void damageBesideARecordOfZerosIsNotTakenForATornEnd() throws IOException {
    String zeros = "\0".repeat(1_024);

    LogFixture log = LogFixture.unsealed(folder, List.of(List.of("a"), List.of(zeros)));
    Damage.eachByte(log.bytes(), (flipped, _, _) -> assertNoticed(log, flipped));
  }

  /// A flip may also make a byte zero that stands alone in its sector.
  @Test
  void aZeroAtTheEdgeOfASectorIsNotTakenForATornEnd() throws IOException {
    int before = LogFileHeader.BYTES + LogFrame.HEAD_BYTES;
    List<String> upToTheEdge = List.of("x".repeat(511 - before));
    List<String> beyondTheEdge = List.of("x".repeat(513 - before));

    LogFixture first =
        LogFixture.unsealed(folder.resolve("first"), List.of(upToTheEdge, List.of("y")));
    LogFixture last = LogFixture.unsealed(folder.resolve("last"), List.of(beyondTheEdge));

    LogFixture.assertFails(ErrorCode.CORRUPT, zeroAt(first, 511)::readAll);
    LogFixture.assertFails(ErrorCode.CORRUPT, zeroAt(last, 512)::readAll);
  }

  private static LogFixture zeroAt(LogFixture log, int at) throws IOException {
    byte[] bytes = log.bytes();
    bytes[at] = 0;
    return log.with(bytes);
  }

  @Test
  void aFileOfTheFirstVersionIsReadAndGoneOnWith() throws IOException {
    LogFixture log = LogFixture.unsealed(folder, List.of());
    byte[] first = new GoldenFile("embedded-log-1.bin").bytes();

    log.with(first);
    assertThat(log.readAll()).containsExactly("first", "second", "third", "4");
    EmbeddedLog open = log.open(Disk.SYSTEM);
    open.append("5".getBytes(StandardCharsets.UTF_8));
    open.close();

    assertThat(log.readAll()).containsExactly("first", "second", "third", "4", "5");
    assertThat(log.bytes()).startsWith(Arrays.copyOf(first, first.length - LogFrame.HEAD_BYTES));
  }

  /// Of the finished files a reader checks the records, and the start header and seal.
  @Test
  void damageOfAnyByteOfSeveralFilesIsNoticed() throws IOException {
    LogFixture log = LogFixture.unsealed(folder, List.of());
    EmbeddedLog open = EmbeddedLog.open(LogFixture.RUN, log.logFolder(LogFixture.UNSYNCED), 200);
    for (int i = 0; i < 9; i++) {
      open.append(("record " + i).repeat(5).getBytes(StandardCharsets.UTF_8));
    }
    open.close();
    Map<Path, byte[]> whole = new TreeMap<>();
    for (Path file : log.logFolder(LogFixture.UNSYNCED).files()) {
      whole.put(file, Files.readAllBytes(file));
    }
    assertThat(whole).hasSizeGreaterThan(2);

    whole.forEach((file, bytes) ->
        Damage.eachByte(
            bytes,
            (flipped, at, _) -> {
              for (Map.Entry<Path, byte[]> other : whole.entrySet()) {
                Damage.overwrite(other.getKey(), other.getValue());
              }
              Damage.overwrite(file, flipped);
              Damage.assertCorrupt(
                  "byte %d of %s".formatted(at, file),
                  flipped,
                  _ -> log.readAll(LogFixture.UNSYNCED));
            }));
  }

  private static void assertEveryFlipIsNoticed(LogFixture log) throws IOException {
    Damage.eachFlip(log.bytes(), (flipped, _, _) -> assertNoticed(log, flipped));
  }

  private static void assertNoticed(LogFixture log, byte[] flipped) throws IOException {
    log.with(flipped);

    var error = LogFixture.assertFails(ErrorCode.CORRUPT, log::readAll);

    assertThat(error.text()).contains(log.file().toString()).contains("restore the file");
    assertThat(log.bytes()).as("a damaged file stays as it is").isEqualTo(flipped);
  }
}
