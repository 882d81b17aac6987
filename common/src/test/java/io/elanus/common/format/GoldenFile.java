package io.elanus.common.format;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

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
}
