package io.elanus.chaos.fault;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;

/// A file system without a free byte: a file takes what is left of it.
final class DiskFault implements Fault {
  private static final long MAX_BYTES = 4L << 30;
  private static final int CHUNK_BYTES = 1 << 16;

  private final Path filler;

  /// @param folder on a file system of its own
  /// @throws IllegalStateException when that is so large that it must be somebody's
  DiskFault(Path folder) {
    try {
      FileStore store = Files.getFileStore(Files.createDirectories(folder));
      if (store.getTotalSpace() > MAX_BYTES) {
        throw new IllegalStateException(
            "%s is on a file system of %,d bytes: give --data a small one of its own, of at most %,d"
                .formatted(folder, store.getTotalSpace(), MAX_BYTES));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    this.filler = folder.resolve("filler");
  }

  @Override
  public String name() {
    return "disk full";
  }

  @Override
  public String target() {
    return "disk";
  }

  @Override
  public Duration minHold() {
    return Duration.ofSeconds(1);
  }

  @Override
  public Duration maxHold() {
    return Duration.ofSeconds(30);
  }

  @Override
  public void inject() {
    byte[] zeros = new byte[CHUNK_BYTES];
    for (int length = CHUNK_BYTES; length > 0; length /= 16) {
      fill(zeros, length);
    }
  }

  /// Until not even `length` bytes more have room.
  private void fill(byte[] zeros, int length) {
    try (OutputStream out =
        Files.newOutputStream(filler, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
      while (true) {
        out.write(zeros, 0, length);
      }
    } catch (IOException _) {
      // full
    }
  }

  @Override
  public void heal() {
    try {
      Files.deleteIfExists(filler);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
