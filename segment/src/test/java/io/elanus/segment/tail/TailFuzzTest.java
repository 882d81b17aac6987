package io.elanus.segment.tail;

import io.elanus.common.fuzz.FuzzCorpus;
import io.elanus.common.fuzz.Fuzzing;
import io.elanus.common.manifest.Checkpoint;
import io.elanus.common.model.DataType;
import io.elanus.common.model.Field;
import io.elanus.common.model.PartitionId;
import io.elanus.common.model.StructField;
import io.elanus.common.record.LogRecord;
import io.elanus.common.record.RecordCodec;
import io.elanus.common.record.RecordHeader;
import io.elanus.common.wal.Wal.WalRecord;
import io.elanus.segment.EveryType;
import io.elanus.segment.Samples;
import io.elanus.segment.column.RowBlock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// A record that no writer of ours makes, met by who follows a shard: it is applied, and then all of the tail can be read, or
/// it halts the shard. It never ends the reading of the log, which others share.
public final class TailFuzzTest {
  private static final int HEADER_END = 60;
  private static final byte[] ROWS = RecordCodec.encode(insert(1));

  private static LogRecord insert(int sequence) {
    return new LogRecord.Insert(
        header(sequence, 0), Samples.PARTITION, EveryType.rows(2, new Random(sequence)));
  }

  private static RecordHeader header(long sequence, long ddlSequence) {
    return new RecordHeader(Samples.SHARD, 1, sequence, 0, 1_000 + sequence, 1, ddlSequence);
  }

  static List<byte[]> seeds() {
    var keys = Samples.keys(EveryType.SCHEMA, 0, 1);
    PartitionId partition = Samples.PARTITION;
    Field field = EveryType.SCHEMA.fields().get(2);
    return Stream.of(
            insert(2),
            new LogRecord.Upsert(header(2, 0), partition, keys, EveryType.rows(2, new Random(5))),
            new LogRecord.Delete(header(2, 0), keys, Optional.of(500L), Optional.of(partition)),
            new LogRecord.Truncate(header(2, 1)),
            new LogRecord.DropPartition(header(2, 1), partition),
            new LogRecord.DropCollection(header(2, 1)),
            new LogRecord.AddField(header(2, 1), field),
            new LogRecord.AddField(header(2, 1), struct()),
            new LogRecord.Expire(header(2, 0), 900),
            new LogRecord.Mark(header(2, 0), 1 << 20))
        .map(RecordCodec::encode)
        .toList();
  }

  /// The sub-fields of a new struct: an array and an array of vectors.
  private static List<Field> struct() {
    return List.of(
        part(1_001, "n", DataType.ARRAY, DataType.INT32),
        part(1_002, "v", DataType.ARRAY_OF_VECTOR, DataType.FLOAT_VECTOR));
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
    byte[] record = Fuzzing.sealed(Fuzzing.sealed(input, HEADER_END));
    Fuzzing.judge(input, Fuzzing.NONE, () -> follow(record));
  }

  private static void follow(byte[] record) {
    TailFollower follower =
        new TailFollower(EveryType.SCHEMA, Checkpoint.start(Samples.position(0)));
    follower.take(raw(0, ROWS));
    if (RecordCodec.find(record).isPresent()) {
      follower.take(raw(1, record));
    }
    for (RowBlock block : follower.view().blocks()) {
      int[] all = IntStream.range(0, block.rowCount()).toArray();
      follower.view().schema().fields().forEach(field -> block.column(field.id()).select(all));
    }
    TailCut.of(follower.view(), 0);
    follower.checkpoint(follower.view().position(), 0);
  }

  private static WalRecord raw(int offset, byte[] bytes) {
    return new WalRecord(Samples.position(offset), Samples.position(offset + 1), bytes);
  }

  @Test
  void theCorpusPasses() {
    FuzzCorpus.replay("tail", seeds(), TailFuzzTest::fuzzerTestOneInput);
  }
}
