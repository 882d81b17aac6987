package io.elanus.segment.delete;

import io.elanus.common.fuzz.FuzzCorpus;
import io.elanus.common.fuzz.Fuzzing;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Bytes of a delete file whose checksum is right: deletes, or `CORRUPT`.
public final class DeletesFuzzTest {
  static List<byte[]> seeds() {
    return Stream.of("2-integers", "2-texts", "2-everything", "1-texts")
        .map(name -> read(Path.of("src/test/resources/golden/delete-file-%s.bin".formatted(name))))
        .toList();
  }

  private static byte[] read(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public static void fuzzerTestOneInput(byte[] input) {
    byte[] bytes = Fuzzing.sealed(input);
    Fuzzing.judge(
        input, Fuzzing.CORRUPT, () -> DeleteFile.read(DeleteFile.write(DeleteFile.read(bytes))));
  }

  @Test
  void theCorpusPasses() {
    FuzzCorpus.replay("deletes", seeds(), DeletesFuzzTest::fuzzerTestOneInput);
  }
}
