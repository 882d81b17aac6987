package io.elanus.querynode;

import static org.assertj.core.api.Assertions.assertThat;

import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import io.elanus.common.format.Damage;
import io.elanus.common.manifest.Checkpoint;
import io.elanus.common.manifest.FileRef;
import io.elanus.common.manifest.SegmentEntry;
import io.elanus.common.model.CollectionId;
import io.elanus.common.model.CollectionSchema;
import io.elanus.common.model.Column.FloatVectorColumn;
import io.elanus.common.model.Column.Int64Column;
import io.elanus.common.model.DataType;
import io.elanus.common.model.Field;
import io.elanus.common.model.Key;
import io.elanus.common.model.PartitionId;
import io.elanus.common.model.RowBatch;
import io.elanus.common.model.SegmentId;
import io.elanus.common.model.ShardId;
import io.elanus.common.object.MemoryObjectStore;
import io.elanus.common.object.ObjectKey;
import io.elanus.common.object.ObjectLayout;
import io.elanus.common.record.LogRecord;
import io.elanus.common.record.RecordHeader;
import io.elanus.common.run.Deadline;
import io.elanus.common.run.SystemRun;
import io.elanus.common.wal.Position;
import io.elanus.segment.file.SegmentReader;
import io.elanus.segment.file.SegmentWriter;
import io.elanus.segment.tail.Tail;
import io.elanus.segment.tail.TailCut;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SegmentCacheTest {
  private static final ShardId SHARD = new ShardId(new CollectionId(7), 0);
  private static final SegmentId SEGMENT = new SegmentId(42);
  private static final ObjectKey KEY = ObjectLayout.segment(SHARD, SEGMENT);
  private static final PartitionId PARTITION = new PartitionId(1);
  private static final CollectionSchema SCHEMA =
      new CollectionSchema(
          "films",
          "",
          List.of(
              new Field(100, "id", "", DataType.INT64, true, false, false, false, Map.of()),
              new Field(
                  101,
                  "vector",
                  "",
                  DataType.FLOAT_VECTOR,
                  false,
                  false,
                  false,
                  false,
                  Map.of("dim", "2"))),
          0);

  private final SystemRun run = new SystemRun();
  private final MemoryObjectStore objects = new MemoryObjectStore(run);

  @TempDir Path folder;
  private Path cached = Path.of("");
  private SegmentEntry entry = writtenNowhere();

  @BeforeEach
  void putSegmentInTheBucket() {
    Path file = folder.resolve("segment.parquet");
    entry =
        SegmentWriter.write(file, rows().partitions().getFirst().rows())
            .toEntry(SEGMENT, PARTITION, KEY, 0);
    objects.create(KEY, file);
    cached = folder.resolve("cache").resolve(KEY.value());
  }

  @Test
  void aFileIsBroughtOnceAndServesTheNextStart() throws IOException {
    assertReadable(cache());
    objects.delete(KEY);

    assertReadable(cache());
  }

  @Test
  void aDamagedFileIsBroughtAgain() throws IOException {
    assertReadable(cache());
    byte[] whole = Files.readAllBytes(cached);

    Damage.eachByte(whole, (bytes, _, _) -> assertBroughtAgain(bytes));
    for (int length = 0; length < whole.length; length += 13) {
      assertBroughtAgain(Arrays.copyOf(whole, length));
    }
    assertBroughtAgain(Arrays.copyOf(whole, whole.length + 1));
    assertThat(Files.readAllBytes(cached)).isEqualTo(whole);
  }

  /// It may be a link to the bucket's own bytes, so it is replaced.
  private void assertBroughtAgain(byte[] damaged) throws IOException {
    Files.delete(cached);
    Files.write(cached, damaged);
    assertReadable(cache());
  }

  @Test
  void damageInTheBucketIsAnErrorAndNeverAnAnswer() {
    byte[] whole = objects.read(KEY);

    Damage.eachByte(
        whole,
        (bytes, at, _) -> {
          objects.delete(KEY);
          objects.create(KEY, bytes);
          Damage.assertCorrupt("byte " + at, bytes, _ -> rowCount(cache()));
        });
  }

  private int rowCount(SegmentCache cache) {
    try (SegmentReader reader = cache.open(entry, SCHEMA)) {
      return reader.rowCount();
    }
  }

  /// A segment that is read in part does not become readable by damage, either.
  @Test
  void damageInTheBucketIsAnErrorForAPartToo() {
    byte[] whole = objects.read(KEY);
    Set<Long> fields = Set.of(100L, 101L);

    Damage.eachByte(
        whole,
        (bytes, _, _) -> {
          objects.delete(KEY);
          objects.create(KEY, bytes);
          FileCache files = files();
          ColumnFetch columns = new ColumnFetch(run, new PartFetch(run, objects, files));
          try (SegmentReader reader =
              new SegmentCache(run, files, columns, 1).openSoon(entry, SCHEMA)) {
            columns.bring(Map.of(reader, fields), Deadline.NEVER);
            assertRows(reader);
          } catch (DbException e) {
            assertThat(e.code()).isEqualTo(ErrorCode.CORRUPT);
          }
        });
  }

  /// A cache as the next start of the process has it: it has verified nothing yet.
  private SegmentCache cache() {
    FileCache files = files();
    return new SegmentCache(
        run, files, new ColumnFetch(run, new PartFetch(run, objects, files)), Long.MAX_VALUE);
  }

  private FileCache files() {
    return new FileCache(run, objects, folder.resolve("cache"), Long.MAX_VALUE, Long.MAX_VALUE);
  }

  private void assertReadable(SegmentCache cache) {
    try (SegmentReader reader = cache.open(entry, SCHEMA)) {
      assertRows(reader);
    }
  }

  private static void assertRows(SegmentReader reader) {
    int[] all = {0, 1, 2};
    assertThat(reader.rowCount()).isEqualTo(3);
    assertThat(reader.keys().key(2)).isEqualTo(Key.of(3));
    assertThat(reader.versions().get(1)).isEqualTo(1_000);
    assertThat(reader.column(100).select(all))
        .usingRecursiveComparison()
        .isEqualTo(new Int64Column(new long[] {1, 2, 3}));
    assertThat(reader.column(101).select(all))
        .usingRecursiveComparison()
        .isEqualTo(new FloatVectorColumn(new float[] {1, 1, 2, 2, 3, 3}, 2));
  }

  private static TailCut rows() {
    Tail tail = new Tail(SCHEMA, Checkpoint.start(new Position(1, 0)));
    RowBatch batch =
        new RowBatch(
            3,
            new TreeMap<>(
                Map.of(
                    100L, new Int64Column(new long[] {3, 1, 2}),
                    101L, new FloatVectorColumn(new float[] {3, 3, 1, 1, 2, 2}, 2))));
    RecordHeader header = new RecordHeader(SHARD, 1, 1, 0, 1_000, 0, 0);
    tail.apply(new Position(1, 1), new LogRecord.Insert(header, PARTITION, batch), 1_000);
    return TailCut.of(tail.view(), 0);
  }

  private static SegmentEntry writtenNowhere() {
    return new SegmentEntry(
        SEGMENT, PARTITION, 1, 1, 1, 0, new FileRef(KEY, 0, 0), List.of(), List.of());
  }
}
