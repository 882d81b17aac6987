package io.elanus.common.record;

import static org.assertj.core.api.Assertions.assertThat;

import io.elanus.common.fuzz.FuzzCorpus;
import io.elanus.common.fuzz.Fuzzing;
import io.elanus.common.model.DataType;
import io.elanus.common.model.Field;
import io.elanus.common.model.StructField;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Bytes of a log record whose checksums are right: a record, or `CORRUPT`.
public final class RecordFuzzTest {
  private static final int HEADER_END = 60;

  static List<byte[]> seeds() {
    return Stream.concat(
            RecordCodecTest.samples().map(RecordCodecTest.Sample::record),
            Stream.of(new LogRecord.AddField(RecordCodecTest.HEADER, struct())))
        .map(RecordCodec::encode)
        .toList();
  }

  /// The sub-fields of a struct that is added.
  private static List<Field> struct() {
    return List.of(
        part(108, "n", DataType.ARRAY, DataType.INT32),
        part(109, "v", DataType.ARRAY_OF_VECTOR, DataType.FLOAT_VECTOR));
  }

  private static Field part(long id, String name, DataType type, DataType element) {
    return new Field(
        id,
        StructField.nameOf("added", name),
        "",
        type,
        false,
        false,
        false,
        false,
        true,
        Optional.empty(),
        Optional.of(element),
        Map.of("max_capacity", "5", "dim", "2"));
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
