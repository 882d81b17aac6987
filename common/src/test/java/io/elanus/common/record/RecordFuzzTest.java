package io.elanus.common.record;

import static org.assertj.core.api.Assertions.assertThat;

import io.elanus.common.fuzz.FuzzCorpus;
import io.elanus.common.fuzz.Fuzzing;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Bytes of a log record whose checksums are right: a record, or `CORRUPT`.
public final class RecordFuzzTest {
  private static final int HEADER_END = 60;

  static List<byte[]> seeds() {
    return RecordCodecTest.samples().map(sample -> RecordCodec.encode(sample.record())).toList();
  }

  public static void fuzzerTestOneInput(byte[] input) {
    RecordCodec.find(input);
    byte[] record = Fuzzing.sealed(Fuzzing.sealed(input, HEADER_END));
    Fuzzing.judge(input, Fuzzing.CORRUPT, () -> RecordCodec.peek(record));
    Fuzzing.judge(input, Fuzzing.CORRUPT, () -> assertComesBack(RecordCodec.decode(record)));
  }

  /// What was read can be written, and is the same then.
  private static void assertComesBack(LogRecord record) {
    byte[] written = RecordCodec.encode(record);
    assertThat(RecordCodec.encode(RecordCodec.decode(written))).isEqualTo(written);
  }

  @Test
  void theCorpusPasses() {
    FuzzCorpus.replay("record", seeds(), RecordFuzzTest::fuzzerTestOneInput);
  }
}
