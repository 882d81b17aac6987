package io.elanus.segment.shard;

import static org.assertj.core.api.Assertions.assertThat;

import io.elanus.common.manifest.Checkpoint;
import io.elanus.common.manifest.Expiry;
import io.elanus.common.manifest.SegmentEntry;
import io.elanus.common.model.CollectionSchema;
import io.elanus.common.model.DataType;
import io.elanus.common.model.SegmentId;
import io.elanus.common.object.ObjectLayout;
import io.elanus.segment.Samples;
import io.elanus.segment.delete.SegmentDeletes;
import io.elanus.segment.file.SegmentReader;
import io.elanus.segment.file.SegmentRows;
import io.elanus.segment.file.SegmentWriter;
import io.elanus.segment.shard.ShardSnapshot.Coverage;
import io.elanus.segment.tail.TailView;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Which snapshots are known to read the same rows.
class CoverageTest {
  private static final CollectionSchema SCHEMA = Samples.schema(DataType.INT64, 2);

  /// Of the rows of segments: [Samples#segmentRows].
  private static final long OF_ROWS = 5000;

  private final List<SegmentReader> segments = new ArrayList<>();

  @TempDir private Path folder;

  @BeforeEach
  void open() {
    SegmentRows rows =
        Samples.segmentRows(
            SCHEMA,
            Samples.rows(
                SCHEMA, Samples.keys(SCHEMA, IntStream.range(0, 9).toArray()), new Random(1)));
    for (int id = 1; id <= 2; id++) {
      Path file = folder.resolve("segment" + id);
      SegmentId segment = new SegmentId(id);
      SegmentEntry entry =
          SegmentWriter.write(file, rows)
              .toEntry(segment, Samples.PARTITION, ObjectLayout.segment(Samples.SHARD, segment), 0);
      segments.add(SegmentReader.open(file, entry, SCHEMA));
    }
  }

  @AfterEach
  void close() {
    segments.forEach(SegmentReader::close);
  }

  /// @param coveredFrom the version of the checkpoint
  /// @param version read at
  private Coverage coverage(List<Integer> of, long coveredFrom, long version, long expiredThrough) {
    List<SegmentDeletes> held = new ArrayList<>();
    for (int number : of) {
      SegmentReader segment = segments.get(number);
      assertThat(segment.tryRetain()).isTrue();
      SegmentDeletes deletes = new SegmentDeletes(segment);
      deletes.advance(List.of(), coveredFrom);
      held.add(deletes);
    }
    Expiry expiry = new Expiry(List.of(new Expiry.Step(expiredThrough + 1, expiredThrough)));
    Checkpoint checkpoint =
        new Checkpoint(Samples.position(1), coveredFrom, 0, 0, false, List.of(), List.of(), expiry);
    TailView tail = TailView.empty(SCHEMA, checkpoint);
    try (ShardSnapshot snapshot =
        ShardSnapshot.of(SCHEMA, held, Elsewhere.NOTHING, tail, version)) {
      return snapshot.coverage();
    }
  }

  @Test
  void sameRowsAreReadOfTheSameSegmentsWhateverTheirOrder() {
    assertThat(coverage(List.of(0, 1), 9000, 9000, 0))
        .isEqualTo(coverage(List.of(1, 0), 9000, 9000, 0));
  }

  @Test
  void whatIsFlushedAfterTheVersionMakesNoDifference() {
    long before = OF_ROWS - 1;
    assertThat(coverage(List.of(), before, before, 0))
        .isEqualTo(coverage(List.of(0), 9000, before, 0))
        .isEqualTo(coverage(List.of(0, 1), 9001, before, 0));
  }

  @Test
  void otherRowsMayBeReadOfOtherSegmentsVersionsAndTails() {
    Coverage one = coverage(List.of(0), 9000, 9000, 0);
    assertThat(coverage(List.of(1), 9000, 9000, 0)).isNotEqualTo(one);
    assertThat(coverage(List.of(0, 1), 9000, 9000, 0)).isNotEqualTo(one);
    assertThat(coverage(List.of(0), 9000, 8999, 0)).isNotEqualTo(one);
    assertThat(coverage(List.of(0), 9000, 9000, 4000)).isNotEqualTo(one);
  }
}
