package io.elanus.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/// Nothing of an index file that is not as it was written is used, whatever its kind.
abstract class IndexBytesContract {
  /// A small file with something in each of its sections.
  abstract byte[] written() throws IOException;

  /// Opens the index in a file over the vectors of [#written]. Throws IndexCorruptException.
  abstract void open(MemorySegment file);

  @Test
  void everyFlippedBitIsNoticed() throws IOException {
    byte[] file = written();

    for (int i = 0; i < file.length; i++) {
      for (int bit = 0; bit < 8; bit++) {
        file[i] ^= (byte) (1 << bit);
        MemorySegment broken = MemorySegment.ofArray(file);
        assertThatThrownBy(() -> open(broken))
            .as("byte %d bit %d", i, bit)
            .isInstanceOf(IndexCorruptException.class);
        file[i] ^= (byte) (1 << bit);
      }
    }
  }

  @Test
  void everyShorterOrLongerFileIsNoticed() throws IOException {
    byte[] file = written();

    for (int size = 0; size < file.length + 70; size++) {
      MemorySegment broken = MemorySegment.ofArray(Arrays.copyOf(file, size));
      if (size != file.length) {
        assertThatThrownBy(() -> open(broken)).isInstanceOf(IndexCorruptException.class);
      }
    }
  }

  /// A writer that is wrong makes a right checksum, too.
  @Test
  void anUnknownKindIsRefused() throws IOException {
    assertRefused(resealed(written(), 12, 99), "index file of unknown kind 99");
  }

  final void assertRefused(byte[] file, String message) {
    assertThatThrownBy(() -> open(MemorySegment.ofArray(file)))
        .isInstanceOf(IndexCorruptException.class)
        .hasMessageContaining(message);
  }

  /// A file that the first writer of its version made. Where the present one makes other bytes, the format has changed: raise
  /// the version, keep reading the old one, and only then write a new golden file.
  static byte[] golden(String name) throws IOException {
    try (var in = IndexBytesContract.class.getResourceAsStream("/golden/" + name)) {
      assertThat(in).as(name).isNotNull();
      return in.readAllBytes();
    }
  }

  /// `file` with another int at `at`, and the checksum of that.
  static byte[] resealed(byte[] file, long at, int value) {
    byte[] changed = file.clone();
    MemorySegment bytes = MemorySegment.ofArray(changed);
    bytes.set(IndexFile.INT, at, value);
    IndexFile.writeChecksum(bytes);
    return changed;
  }
}
