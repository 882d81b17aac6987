package io.elanus.adapters.embedded;

import io.elanus.common.format.Format;
import io.elanus.common.fuzz.FuzzCorpus;
import io.elanus.common.fuzz.Fuzzing;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// The one file of a log: its records, up to an end that may be torn, or `CORRUPT`. With the lowest bit of the first byte
/// the checksums of all frames are made right, in so far as there are frames.
public final class LogFileFuzzTest {
  private static final LogFixture LOG = LogFixture.temporary();

  static List<byte[]> seeds() {
    try {
      List<List<String>> batches = List.of(List.of("first"), List.of("second", "third"));
      List<byte[]> seeds = new ArrayList<>();
      for (int repaired = 0; repaired < 2; repaired++) {
        seeds.add(seed(repaired, LogFixture.sealed(temporary(), batches).bytes()));
        seeds.add(seed(repaired, LogFixture.unsealed(temporary(), batches).bytes()));
      }
      return seeds;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path temporary() throws IOException {
    return Files.createTempDirectory("fuzz");
  }

  private static byte[] seed(int repaired, byte[] file) {
    byte[] seed = new byte[file.length + 1];
    seed[0] = (byte) repaired;
    System.arraycopy(file, 0, seed, 1, file.length);
    return seed;
  }

  public static void fuzzerTestOneInput(byte[] input) {
    if (input.length > 0) {
      byte[] file = new byte[input.length - 1];
      System.arraycopy(input, 1, file, 0, file.length);
      if ((input[0] & 1) == 1) {
        file = Fuzzing.sealed(file, LogFileHeader.BYTES - Format.TRAILER_BYTES);
        repair(file);
      }
      byte[] bytes = file;
      Fuzzing.judge(input, Fuzzing.CORRUPT, () -> read(bytes));
    }
  }

  /// Follows the sizes that frames say they have.
  private static void repair(byte[] file) {
    ByteBuffer bytes = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    long at = LogFileHeader.BYTES;
    while (at + LogFrame.HEAD_BYTES <= file.length && LogFrame.isMagic(bytes.getInt((int) at))) {
      int start = (int) at;
      long size = bytes.getInt(start + 4);
      long end = at + LogFrame.HEAD_BYTES + size;
      if (size >= 0 && end <= file.length) {
        byte[] payload = new byte[(int) size];
        bytes.get(start + LogFrame.HEAD_BYTES, payload);
        PayloadMask.of(LogFixture.INCARNATION).apply(payload);
        bytes.putInt(start + 20, LogFrame.checksum(payload));
      }
      bytes.putInt(start + 24, LogFrame.headChecksum(file, start, LogFixture.INCARNATION));
      at = size < 0 ? file.length : end;
    }
  }

  private static void read(byte[] file) {
    try {
      LOG.with(file).readAll(LogFixture.UNSYNCED);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void theCorpusPasses() {
    FuzzCorpus.replay("logfile", seeds(), LogFileFuzzTest::fuzzerTestOneInput);
  }
}
