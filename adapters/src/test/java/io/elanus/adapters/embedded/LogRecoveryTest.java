package io.elanus.adapters.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import io.elanus.common.error.ErrorCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogRecoveryTest {
  private static final List<List<String>> BATCHES =
      List.of(List.of("first"), List.of("second", "third"), List.of("4"));
  private static final List<String> RECORDS = BATCHES.stream().flatMap(List::stream).toList();

  @TempDir Path folder;

  @Test
  void aLogCutAtAnyLengthHasTheRecordsBeforeTheCut() throws IOException {
    LogFixture log = LogFixture.unsealed(folder, BATCHES);
    byte[] whole = log.bytes();
    List<Integer> ends = recordEnds();

    for (int length = LogFileHeader.BYTES; length <= whole.length; length++) {
      int cut = length;
      log.with(Arrays.copyOf(whole, cut));
      int kept = (int) ends.stream().filter(end -> end <= cut).count();

      assertThat(log.readAll()).as("cut to %d", cut).isEqualTo(RECORDS.subList(0, kept));
    }
  }

  @Test
  void aSealedLogCutInItsSealHasAllRecords() throws IOException {
    LogFixture log = LogFixture.sealed(folder, BATCHES);
    byte[] whole = log.bytes();

    for (int length = whole.length - LogFrame.HEAD_BYTES; length <= whole.length; length++) {
      log.with(Arrays.copyOf(whole, length));

      assertThat(log.readAll()).as("cut to %d", length).isEqualTo(RECORDS);
    }
  }

  @Test
  void aLogCutInItsHeaderIsCorrupt() throws IOException {
    LogFixture log = LogFixture.unsealed(folder, BATCHES);
    byte[] whole = log.bytes();

    for (int length = 0; length < LogFileHeader.BYTES; length++) {
      log.with(Arrays.copyOf(whole, length));
      LogFixture.assertFails(ErrorCode.CORRUPT, log::readAll);
    }
  }

  @Test
  void aTornLogGoesOnWhereItWasCut() throws IOException {
    LogFixture log = LogFixture.unsealed(folder, BATCHES);
    byte[] whole = log.bytes();

    for (int cut : new int[] {whole.length - 1, recordEnds().get(1) + 3}) {
      log.with(Arrays.copyOf(whole, cut));
      List<String> expected = new ArrayList<>(log.readAll());
      for (String added : List.of("x", "y")) {
        EmbeddedLog open = log.open(Disk.SYSTEM);
        assertThat(open.append(added.getBytes()).offset()).isEqualTo(expected.size());
        open.close();
        expected.add(added);
      }
      assertThat(log.readAll()).isEqualTo(expected);
    }
  }

  @Test
  void zerosInsteadOfTheLastBatchAreTorn() throws IOException {
    LogFixture log = LogFixture.unsealed(folder, BATCHES);
    byte[] whole = log.bytes();
    int lastBatch = recordEnds().get(2);

    log.with(Arrays.copyOf(Arrays.copyOf(whole, lastBatch), 10_000));
    assertThat(log.readAll()).isEqualTo(RECORDS.subList(0, 3));

    log.with(Arrays.copyOf(Arrays.copyOf(whole, whole.length - 1), 10_000));
    assertThat(log.readAll()).isEqualTo(RECORDS.subList(0, 3));
  }

  /// A disk may write the sectors of one batch in any order.
  @Test
  void aHoleInTheLastBatchIsTornThoughRecordsFollow() throws IOException {
    LogFixture log = LogFixture.unsealed(folder, List.of(List.of("safe"), large(8)));
    byte[] bytes = log.bytes();
    Arrays.fill(bytes, 2048, 2560, (byte) 0);

    List<String> records = log.with(bytes).readAll();

    assertThat(records).startsWith("safe").hasSize(3);
    assertThat(log.readAll()).isEqualTo(records);
  }

  @Test
  void aHoleInAnEarlierBatchIsCorrupt() throws IOException {
    LogFixture log = LogFixture.unsealed(folder, List.of(large(8), List.of("later")));
    byte[] bytes = log.bytes();
    Arrays.fill(bytes, 2048, 2560, (byte) 0);
    log.with(bytes);

    var error = LogFixture.assertFails(ErrorCode.CORRUPT, log::readAll);

    assertThat(error.text()).contains("was written later");
    assertThat(log.bytes()).isEqualTo(bytes);
  }

  @Test
  void aHoleInASealedFileIsCorrupt() throws IOException {
    LogFixture log = LogFixture.sealed(folder, List.of(large(8)));
    byte[] bytes = log.bytes();
    Arrays.fill(bytes, 2048, 2560, (byte) 0);

    LogFixture.assertFails(ErrorCode.CORRUPT, log.with(bytes)::readAll);
  }

  /// A record that holds the bytes of a log, cut short, does not look like what was synced later.
  @Test
  void framesOfAnotherLogInsideARecordProveNothing() throws IOException {
    LogFixture log = LogFixture.unsealed(folder, List.of(List.of("safe")));
    EmbeddedLog open = log.open(Disk.SYSTEM);
    open.append(LogFrame.ofSeal(99).encode(LogFixture.INCARNATION + 1));
    byte[] bytes = log.bytes();
    open.close();

    log.with(Arrays.copyOf(bytes, bytes.length - 1));

    assertThat(log.readAll()).containsExactly("safe");
  }

  @Test
  void aMissingFileInTheMiddleIsCorrupt() throws IOException {
    List<Path> files = manyFiles();
    Files.delete(files.get(1));

    LogFixture.assertFails(ErrorCode.CORRUPT, this::reopenMany);
  }

  @Test
  void aFinishedFileWithoutItsEndIsCorrupt() throws IOException {
    List<Path> files = manyFiles();
    byte[] whole = Files.readAllBytes(files.get(1));
    for (int length = 0; length < whole.length; length += 13) {
      Files.write(files.get(1), Arrays.copyOf(whole, length));
      LogFixture.assertFails(ErrorCode.CORRUPT, this::reopenMany);
    }
  }

  @Test
  void damageInsideAFinishedFileIsFoundByItsReader() throws IOException {
    List<Path> files = manyFiles();
    byte[] bytes = Files.readAllBytes(files.get(1));
    bytes[bytes.length / 2] ^= 1;
    Files.write(files.get(1), bytes);

    var error = LogFixture.assertFails(ErrorCode.CORRUPT, this::reopenMany);

    assertThat(error.text()).contains(files.get(1).toString()).contains("damaged at byte");
  }

  @Test
  void whatACrashLeftUnfinishedIsRemoved() throws IOException {
    LogFixture log = LogFixture.unsealed(folder, BATCHES);
    Path unfinished = log.file().resolveSibling("00000000000000000004.wal.new");
    Files.write(unfinished, new byte[7]);

    assertThat(log.readAll()).isEqualTo(RECORDS);
    assertThat(unfinished).doesNotExist();
  }

  private List<Path> manyFiles() throws IOException {
    LogFixture log = LogFixture.unsealed(folder, List.of());
    EmbeddedLog open = EmbeddedLog.open(LogFixture.RUN, log.logFolder(Disk.SYSTEM), 4 << 10);
    for (String record : large(30)) {
      open.append(record.getBytes());
    }
    open.close();
    List<Path> files = log.logFolder(Disk.SYSTEM).files();
    assertThat(files).hasSizeGreaterThan(3);
    return files;
  }

  private List<String> reopenMany() throws IOException {
    LogFixture log = new LogFixture(folder);
    EmbeddedLog open = EmbeddedLog.open(LogFixture.RUN, log.logFolder(Disk.SYSTEM), 4 << 10);
    try {
      return LogFixture.readAll(open);
    } finally {
      open.close();
    }
  }

  private static List<String> large(int count) {
    return IntStream.range(0, count).mapToObj(i -> ("" + i % 10).repeat(700)).toList();
  }

  private static List<Integer> recordEnds() {
    List<Integer> ends = new ArrayList<>();
    int end = LogFileHeader.BYTES;
    for (String record : RECORDS) {
      end += LogFrame.HEAD_BYTES + record.length();
      ends.add(end);
    }
    return ends;
  }
}
