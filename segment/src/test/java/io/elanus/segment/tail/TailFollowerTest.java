package io.elanus.segment.tail;

import static org.assertj.core.api.Assertions.assertThat;

import io.elanus.common.format.Format;
import io.elanus.common.manifest.Checkpoint;
import io.elanus.common.model.CollectionSchema;
import io.elanus.common.model.DataType;
import io.elanus.common.model.DefaultValue;
import io.elanus.common.model.Field;
import io.elanus.common.model.PartitionId;
import io.elanus.common.model.RowBatch;
import io.elanus.common.record.LogRecord;
import io.elanus.common.record.RecordCodec;
import io.elanus.common.wal.Wal.WalRecord;
import io.elanus.segment.Samples;
import io.elanus.segment.tail.Verdict.Ignored;
import io.elanus.segment.tail.Verdict.Reason;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

final class TailFollowerTest {
  private static final CollectionSchema SCHEMA = Samples.schema(DataType.INT64, 2);

  private final TailFollower follower =
      new TailFollower(SCHEMA, Checkpoint.start(Samples.position(0)));
  private final Random random = new Random(4);
  private int offset;
  private long sequence;

  private WalRecord at(byte[] bytes) {
    WalRecord raw = new WalRecord(Samples.position(offset), Samples.position(offset + 1), bytes);
    offset++;
    return raw;
  }

  private LogRecord.Insert insert(int rows) {
    var keys = Samples.keys(SCHEMA, random.ints(rows, 0, 100).toArray());
    return new LogRecord.Insert(
        Samples.header(++sequence, 10 + sequence),
        new PartitionId(1),
        Samples.rows(SCHEMA, keys, random));
  }

  private WalRecord inserted(int rows) {
    return at(RecordCodec.encode(insert(rows)));
  }

  /// As a later version may write it.
  private static byte[] ofUnknownKind(LogRecord record) {
    byte[] bytes = RecordCodec.encode(record);
    bytes[6] = 42;
    setInt(bytes, 60, Format.crc32c(bytes, 0, 60));
    setInt(bytes, bytes.length - 4, Format.crc32c(bytes, 0, bytes.length - 4));
    return bytes;
  }

  private static void setInt(byte[] bytes, int at, int value) {
    for (int i = 0; i < 4; i++) {
      bytes[at + i] = (byte) (value >>> 8 * i);
    }
  }

  private void assertHalted(long at, String reason) {
    assertThat(follower.halt()).isPresent();
    assertThat(follower.halt().get().at()).isEqualTo(Samples.position((int) at));
    assertThat(follower.halt().get().reason()).contains(reason);
  }

  @Test
  void anUnknownKindHaltsAndNothingAfterItTakesEffect() {
    follower.take(inserted(3));
    long version = follower.version();

    assertThat(follower.take(at(ofUnknownKind(insert(2))))).isEmpty();
    assertThat(follower.take(inserted(4))).isEmpty();
    follower.pass(Samples.position(10));

    assertHalted(1, "unknown kind 42");
    assertThat(follower.view().rowCount()).isEqualTo(3);
    assertThat(follower.view().position()).isEqualTo(Samples.position(1));
    assertThat(follower.version()).isEqualTo(version);
    assertThat(follower.checkpoint(Samples.position(1), 0).version()).isEqualTo(version);
  }

  @Test
  void aDamagedBodyHalts() {
    byte[] bytes = RecordCodec.encode(insert(2));
    bytes[bytes.length - 10] ^= 1;

    follower.take(at(bytes));

    assertHalted(0, "checksum");
  }

  @Test
  void columnsThatDoNotFitTheSchemaHalt() {
    LogRecord.Insert whole = insert(2);
    TreeMap<Long, io.elanus.common.model.Column> columns = new TreeMap<>(whole.rows().columns());
    columns.remove(Samples.NAME);

    follower.take(
        at(
            RecordCodec.encode(
                new LogRecord.Insert(
                    whole.header(), whole.partition(), new RowBatch(2, columns)))));

    assertHalted(0, "the record has no column for field");
    assertThat(follower.version()).isZero();
  }

  @Test
  void aControlRecordOutOfOrderHalts() {
    follower.take(
        at(
            RecordCodec.encode(
                new LogRecord.DropCollection(
                    new io.elanus.common.record.RecordHeader(Samples.SHARD, 0, 0, 0, 50, 1, 3)))));

    assertHalted(0, "control record 3 follows 0");
  }

  /// No writer of ours makes them; the rows there are would end the reading of the whole log.
  @ParameterizedTest
  @MethodSource("fieldsThatCannotBeAdded")
  void aFieldThatCannotBeAddedHalts(Field field, String reason) {
    follower.take(inserted(3));

    follower.take(at(added(field)));

    assertHalted(1, reason);
    assertThat(follower.view().rowCount()).isEqualTo(3);
  }

  static Stream<Arguments> fieldsThatCannotBeAdded() {
    Optional<DataType> none = Optional.empty();
    Optional<DataType> vectors = Optional.of(DataType.FLOAT_VECTOR);
    return Stream.of(
        Arguments.of(
            field(DataType.INT64, false, none, Optional.empty(), "2"),
            "the record adds field 'added', which every row has to have"),
        Arguments.of(
            field(DataType.FLOAT_VECTOR, true, none, Optional.empty(), ")"), "invalid dim: )"),
        Arguments.of(
            field(DataType.ARRAY_OF_VECTOR, true, vectors, Optional.empty(), "-2"),
            "vectors of -2 dimensions"),
        Arguments.of(
            field(DataType.ARRAY_OF_VECTOR, true, vectors, Optional.empty(), "2000000000"),
            "vectors of 2000000000 dimensions"),
        Arguments.of(
            field(DataType.BINARY_VECTOR, true, none, Optional.empty(), "7"),
            "vectors of 7 dimensions"),
        Arguments.of(
            field(DataType.ARRAY, true, none, Optional.empty(), "2"), "has no element type"),
        Arguments.of(
            field(DataType.ARRAY, true, Optional.of(DataType.ARRAY), Optional.empty(), "2"),
            "lists of lists"),
        Arguments.of(
            field(DataType.INT64, true, none, Optional.of(new DefaultValue.TextValue("x")), "2"),
            "a column of form TEXT for field 'added'"));
  }

  private static Field field(
      DataType type,
      boolean nullable,
      Optional<DataType> element,
      Optional<DefaultValue> fallback,
      String dimension) {
    return new Field(
        900,
        "added",
        "",
        type,
        false,
        false,
        false,
        false,
        nullable,
        fallback,
        element,
        Map.of("dim", dimension, "max_capacity", "5"));
  }

  private static byte[] added(Field field) {
    return RecordCodec.encode(
        new LogRecord.AddField(
            new io.elanus.common.record.RecordHeader(Samples.SHARD, 0, 0, 0, 5_000, 1, 1), field));
  }

  @Test
  void aCheckpointAtTheHaltKeepsItAndOneBeyondEndsIt() {
    follower.take(inserted(3));
    follower.take(at(ofUnknownKind(insert(2))));

    follower.dropBefore(follower.checkpoint(Samples.position(1), 0));
    assertHalted(1, "unknown kind 42");
    assertThat(follower.view().rowCount()).isZero();

    follower.dropBefore(
        new Checkpoint(
            Samples.position(2), follower.version() + 5, 0, 0, false, java.util.List.of()));
    assertThat(follower.halt()).isEmpty();
    assertThat(follower.take(inserted(4))).isPresent();
    assertThat(follower.view().rowCount()).isEqualTo(4);
  }

  @Test
  void repeatsAndBarriersPass() {
    LogRecord.Insert insert = insert(1);
    follower.take(at(RecordCodec.encode(insert)));

    assertThat(follower.take(at(RecordCodec.encode(insert))))
        .isEqualTo(Optional.of(new Ignored(Reason.REPEATED)));
    assertThat(follower.take(at(RecordCodec.encode(new LogRecord.Barrier(Samples.header(9, 99))))))
        .isEqualTo(Optional.of(new Ignored(Reason.BARRIER)));
    assertThat(follower.view().position()).isEqualTo(Samples.position(3));
  }
}
