package io.elanus.segment.tail;

import static org.assertj.core.api.Assertions.assertThat;

import io.elanus.common.manifest.Checkpoint;
import io.elanus.common.model.CollectionSchema;
import io.elanus.common.model.Column.KeyColumn;
import io.elanus.common.model.DataType;
import io.elanus.common.model.RowBatch;
import io.elanus.common.record.LogRecord;
import io.elanus.segment.Samples;
import io.elanus.segment.column.RowBits;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class TailTest {
  private static final int KEYS = 50;
  private static final int RECORDS = 20_000;

  private final CollectionSchema schema = Samples.schema(DataType.INT64, 2);
  private final Tail tail = new Tail(schema, Checkpoint.start(Samples.position(0)));

  private static long visible(TailView view, long version) {
    long rows = 0;
    for (TailBlock block : view.blocks()) {
      rows += RowBits.count(block.visible(view.coveredFrom(), version, Set.of()));
    }
    return rows;
  }

  private RowBatch rows(int... numbers) {
    return Samples.rows(schema, Samples.keys(schema, numbers), new Random(1));
  }

  private void insert(long version, RowBatch rows) {
    tail.apply(
        Samples.position(version), Samples.insert(Samples.header(version, version), rows), version);
  }

  private static Checkpoint checkpoint(long version) {
    return new Checkpoint(Samples.position(version), version, 0, version, false, List.of());
  }

  @Test
  void aViewStaysAsItWas() {
    insert(1, rows(1, 2));
    TailView before = tail.view();
    KeyColumn keys = Samples.keys(schema, 1);
    tail.apply(
        Samples.position(2),
        new LogRecord.Upsert(Samples.header(2, 2), Samples.PARTITION, keys, rows(1)),
        2);
    insert(3, rows(IntStream.range(0, 20_000).toArray()));

    assertThat(visible(before, 1)).isEqualTo(2);
    assertThat(visible(tail.view(), 1)).isEqualTo(2);
    assertThat(visible(tail.view(), 2)).isEqualTo(2);
    assertThat(visible(tail.view(), 3)).isEqualTo(20_002);
    assertThat(tail.view().deletes(0, 3)).hasSize(1);
    assertThat(tail.view().blocks()).hasSizeGreaterThan(2);
  }

  @Test
  void aChunkThatGetsNoMoreRowsKeepsNoRoomForThem() {
    CollectionSchema wide = Samples.schema(DataType.INT64, 256);
    Tail growing = new Tail(wide, Checkpoint.start(Samples.position(0)));
    long bytes = 0;
    long version = 0;
    while (growing.view().blocks().size() < 2) {
      version++;
      RowBatch rows =
          Samples.rows(
              wide, Samples.keys(wide, IntStream.range(0, 1000).toArray()), new Random(version));
      bytes += rows.sizeBytes();
      growing.apply(
          Samples.position(version),
          Samples.insert(Samples.header(version, version), rows),
          version);
    }

    assertThat(growing.view().sizeBytes()).isBetween(bytes, bytes * 5 / 4);
  }

  @Test
  void droppingForgetsWhatTheManifestCovers() {
    for (int version = 1; version <= 100; version++) {
      insert(version, rows(IntStream.range(0, 500).toArray()));
    }
    long sizeBytes = tail.view().sizeBytes();

    TailView view = tail.dropBefore(checkpoint(70));

    assertThat(view.rowCount()).isEqualTo(15_000);
    assertThat(visible(view, 100)).isEqualTo(15_000);
    assertThat(view.sizeBytes()).isLessThan(sizeBytes / 2);
    assertThat(view.position()).isEqualTo(Samples.position(100));
    tail.apply(
        Samples.position(101),
        new LogRecord.Delete(
            Samples.header(101, 101),
            Samples.keys(schema, 3, 4),
            java.util.Optional.empty(),
            java.util.Optional.empty()),
        101);
    assertThat(visible(tail.view(), 101)).isEqualTo(15_000 - 60);
  }

  @Test
  void aCheckpointAheadIsJumpedTo() {
    insert(1, rows(1, 2));

    TailView view = tail.dropBefore(checkpoint(50));

    assertThat(view.position()).isEqualTo(Samples.position(50));
    assertThat(view.version()).isEqualTo(50);
    assertThat(visible(view, 50)).isZero();
  }

  @Test
  void droppingTheCollectionEmptiesTheTail() {
    insert(1, rows(1, 2));

    TailView view =
        tail.apply(Samples.position(2), new LogRecord.DropCollection(Samples.header(2, 2)), 2);

    assertThat(view.dropped()).isTrue();
    assertThat(TailCut.of(view, 2).isEmpty()).isTrue();
  }

  /// Every record replaces one key by two rows, so that each version has a known number of rows.
  @Test
  void readersSeeWholeRecordsWhileTheTailGrows() throws Exception {
    try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
      List<Future<Long>> readers = new ArrayList<>();
      for (int i = 0; i < 2; i++) {
        readers.add(threads.submit(reader(new Random(i))));
      }
      for (int version = 1; version <= RECORDS; version++) {
        KeyColumn key = Samples.keys(schema, version % KEYS);
        RowBatch rows =
            Samples.rows(
                schema, Samples.keys(schema, version % KEYS, version % KEYS), new Random(2));
        tail.apply(
            Samples.position(version),
            new LogRecord.Upsert(Samples.header(version, version), Samples.PARTITION, key, rows),
            version);
        if (version % 3000 == 0) {
          tail.dropBefore(checkpoint(version - 1000));
        }
      }
      for (Future<Long> reader : readers) {
        assertThat(reader.get()).isPositive();
      }
    }
  }

  private Callable<Long> reader(Random random) {
    return () -> {
      long checks = 0;
      TailView view = tail.view();
      while (view.version() < RECORDS) {
        long version = random.nextLong(view.coveredFrom(), view.version() + 1);
        long expected = 2 * Math.min(KEYS, version - view.coveredFrom());
        assertThat(visible(view, version)).as("at %d of %s", version, view).isEqualTo(expected);
        checks++;
        view = tail.view();
      }
      return checks;
    };
  }
}
