package io.elanus.adapters.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import io.elanus.common.error.ErrorCode;
import io.elanus.common.format.GoldenFile;
import io.elanus.common.wal.LogId;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogFormatTest {
  private static final List<List<String>> BATCHES =
      List.of(List.of("first"), List.of("second", "third"), List.of("4"));

  @TempDir Path folder;

  @Test
  void theBytesOfASealedFileStay() throws IOException {
    byte[] bytes = LogFixture.sealed(folder, BATCHES).bytes();

    new GoldenFile("embedded-log-1.bin").assertWrites(bytes);
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
    GoldenFile.assertNoticesDamage(bytes, LogFileHeader::decode);
  }

  @Test
  void damageOfAnyByteOfASealedFileIsNoticed() throws IOException {
    assertEveryFlipIsNoticed(LogFixture.sealed(folder, BATCHES));
  }

  @Test
  void damageOfAnyByteOfAnUnsealedFileIsNoticed() throws IOException {
    assertEveryFlipIsNoticed(LogFixture.unsealed(folder, BATCHES));
  }

  private static void assertEveryFlipIsNoticed(LogFixture log) throws IOException {
    byte[] whole = log.bytes();
    for (int i = 0; i < whole.length; i++) {
      for (int mask : new int[] {0x01, 0x80, 0xff}) {
        byte[] flipped = whole.clone();
        flipped[i] ^= (byte) mask;
        log.with(flipped);

        var error = LogFixture.assertFails(ErrorCode.CORRUPT, log::readAll);

        assertThat(error.text()).contains(log.file().toString()).contains("restore the file");
        assertThat(log.bytes()).as("a damaged file stays as it is").isEqualTo(flipped);
      }
    }
  }
}
