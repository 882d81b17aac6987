package io.elanus.adapters.embedded;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.elanus.adapters.embedded.FrameReader.Found;
import io.elanus.adapters.embedded.LogFrame.Kind;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Frames from offset 7 on, in a file that begins with some bytes of something else.
class FrameReaderTest {
  private static final int BEFORE = 3;
  private static final PayloadMask MASK = PayloadMask.of(LogFixture.INCARNATION);

  @TempDir Path folder;
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  FrameReaderTest() {
    bytes.writeBytes(new byte[BEFORE]);
  }

  private void add(LogFrame head, byte[] payload) {
    byte[] masked = payload.clone();
    MASK.apply(masked);
    bytes.writeBytes(head.encode(LogFixture.INCARNATION));
    bytes.writeBytes(masked);
  }

  private void add(long offset, byte[] payload) {
    add(LogFrame.ofRecord(offset, 0, payload), payload);
  }

  private FrameReader open() throws IOException {
    Path file = folder.resolve("log");
    Files.write(file, bytes.toByteArray());
    LogFile.Place place = new LogFile.Place(file, MASK, BEFORE, 7, bytes.size());
    return new FrameReader(place, LogFixture.INCARNATION);
  }

  @Test
  void recordsComeInOrderUpToTheSealOrTheLimit() throws IOException {
    add(7, utf8("seven"));
    add(8, utf8(""));
    int limit = bytes.size();
    add(LogFrame.ofSeal(9), utf8(""));

    try (FrameReader reader = open()) {
      assertRecord(reader.next(limit), 7, utf8("seven"));
      assertRecord(reader.next(limit), 8, utf8(""));
      assertThat(reader.next(limit)).isEqualTo(new Found.End());
      assertThat(reader.next(bytes.size())).isEqualTo(new Found.Seal(9));
      assertThat(reader.next(bytes.size())).isEqualTo(new Found.End());
    }
  }

  /// Of sizes around the buffer of 256 KiB, and half of it.
  @Test
  void recordsMayBeLargerThanWhatIsReadAtOnce() throws IOException {
    int[] sizes = {10, 128 << 10, 256 << 10, 1 << 20, 100, (256 << 10) - 28, 1};
    for (int i = 0; i < sizes.length; i++) {
      add(7 + i, payload(i, sizes[i]));
    }

    try (FrameReader reader = open()) {
      for (int i = 0; i < sizes.length; i++) {
        assertRecord(reader.next(bytes.size()), 7 + i, payload(i, sizes[i]));
      }
      assertThat(reader.position()).isEqualTo(bytes.size());
    }
  }

  @Test
  void aSizeBelowZeroIsDamageThoughItsChecksumIsRight() throws IOException {
    add(new LogFrame(Kind.RECORD, -1, 7, 0, 0), utf8("seven"));

    assertDamage("a frame of -1 bytes", false);
  }

  @Test
  void aSizeBeyondTheEndIsACut() throws IOException {
    add(new LogFrame(Kind.RECORD, Integer.MAX_VALUE, 7, 0, 0), utf8("seven"));

    assertDamage("a frame of 2147483647 bytes, 5 are left", true);
  }

  @Test
  void lessThanAHeadIsACut() throws IOException {
    bytes.writeBytes(new byte[LogFrame.HEAD_BYTES - 1]);

    assertDamage("27 bytes are no frame", true);
  }

  @Test
  void zerosAreNoFrame() throws IOException {
    bytes.writeBytes(new byte[LogFrame.HEAD_BYTES]);

    assertDamage("no frame begins here", false);
  }

  @Test
  void aFrameOfAnotherOffsetIsDamage() throws IOException {
    add(8, utf8("eight"));

    assertDamage("a frame of offset 8, expected 7", false);
  }

  @Test
  void aChangedPayloadIsDamage() throws IOException {
    add(LogFrame.ofRecord(7, 0, utf8("seven")), utf8("sevem"));

    assertDamage("the checksum of record 7 is wrong", false);
  }

  /// The reader stays where it is.
  private void assertDamage(String why, boolean cut) throws IOException {
    try (FrameReader reader = open()) {
      assertThat(reader.next(bytes.size())).isEqualTo(new Found.Damage(why, cut));
      assertThat(reader.position()).isEqualTo(BEFORE);
      assertThat(reader.offset()).isEqualTo(7);
    }
  }

  private static void assertRecord(Found found, long offset, byte[] payload) {
    assertThat(found)
        .isInstanceOfSatisfying(
            Found.Record.class,
            record -> {
              assertThat(record.frame().offset()).isEqualTo(offset);
              assertThat(record.payload()).isEqualTo(payload);
            });
  }

  private static byte[] payload(int seed, int size) {
    byte[] payload = new byte[size];
    new Random(seed).nextBytes(payload);
    return payload;
  }

  private static byte[] utf8(String text) {
    return text.getBytes(UTF_8);
  }
}
