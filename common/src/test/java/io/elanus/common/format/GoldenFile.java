package io.elanus.common.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.Function;

/// An example of a format, kept in `src/test/resources/golden`. With `-Delanus.golden=write`
/// missing files are written; existing ones never are: a layout that changes gets a new version and
/// a new file.
public record GoldenFile(String name) {
  private static final Path FOLDER = Path.of("src/test/resources/golden");

  /// Today's writer makes exactly the file's bytes.
  public void assertWrites(byte[] written) {
    assertThat(written).as("golden file %s", name).isEqualTo(bytes(written));
  }

  /// The file's bytes, written by an earlier version: for readers of today.
  public byte[] bytes() {
    return bytes(new byte[0]);
  }

  private byte[] bytes(byte[] written) {
    try {
      Path file = FOLDER.resolve(name);
      if (written.length > 0
          && Files.notExists(file)
          && "write".equals(System.getProperty("elanus.golden"))) {
        Files.write(file, written);
      }
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// No damage of one byte and no cut passes unnoticed: `decode` answers `CORRUPT`.
  public static void assertNoticesDamage(byte[] whole, Function<byte[], ?> decode) {
    for (int i = 0; i < whole.length; i++) {
      for (int mask : new int[] {0x01, 0x10, 0x80, 0xff}) {
        byte[] flipped = whole.clone();
        flipped[i] ^= (byte) mask;
        assertCorrupt("byte %d xor %02x".formatted(i, mask), flipped, decode);
      }
    }
    for (int length = 0; length < whole.length; length++) {
      assertCorrupt("cut to " + length, Arrays.copyOf(whole, length), decode);
    }
    assertCorrupt("one byte more", Arrays.copyOf(whole, whole.length + 1), decode);
  }

  private static void assertCorrupt(String what, byte[] bytes, Function<byte[], ?> decode) {
    assertThatThrownBy(() -> decode.apply(bytes))
        .as(what)
        .isInstanceOfSatisfying(
            DbException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CORRUPT));
  }
}
