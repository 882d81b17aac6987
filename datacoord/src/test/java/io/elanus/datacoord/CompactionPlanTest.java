package io.elanus.datacoord;

import static org.assertj.core.api.Assertions.assertThat;

import io.elanus.common.manifest.Checkpoint;
import io.elanus.common.manifest.DeleteFileEntry;
import io.elanus.common.manifest.Expiry;
import io.elanus.common.manifest.FileRef;
import io.elanus.common.manifest.Manifest;
import io.elanus.common.manifest.SegmentEntry;
import io.elanus.common.manifest.Staged;
import io.elanus.common.model.CollectionId;
import io.elanus.common.model.HybridTimestamp;
import io.elanus.common.model.PartitionId;
import io.elanus.common.model.SegmentId;
import io.elanus.common.model.ShardId;
import io.elanus.common.object.ObjectLayout;
import io.elanus.common.wal.Position;
import io.elanus.datacoord.CompactionPlan.Demand;
import io.elanus.datacoord.CompactionPlan.Task;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class CompactionPlanTest {
  private static final ShardId SHARD = new ShardId(new CollectionId(7), 0);
  private static final long MIB = 1L << 20;

  private final CompactionPlan plan =
      new CompactionPlan(new CompactionLimits(true, 1_000 * MIB, 1_000_000, 4, 0.2));

  private final List<SegmentEntry> segments = new ArrayList<>();
  private final List<DeleteFileEntry> deletes = new ArrayList<>();
  private final List<Staged> staged = new ArrayList<>();
  private final List<Task> busy = new ArrayList<>();
  private long partition = 1;
  private long version = seconds(10_000);
  private long horizon = version;
  private long expiredThrough;

  private static long seconds(long count) {
    return HybridTimestamp.of(count * 1_000, 0);
  }

  /// Written between two seconds, with 1,000 rows per MiB.
  private CompactionPlanTest segment(long id, long mib, long fromSecond, long toSecond) {
    FileRef file = new FileRef(ObjectLayout.segment(SHARD, new SegmentId(id)), mib * MIB, 1);
    segments.add(
        new SegmentEntry(
            new SegmentId(id),
            new PartitionId(partition),
            (int) (1_000 * mib),
            seconds(fromSecond),
            seconds(toSecond),
            seconds(toSecond),
            file,
            List.of(),
            List.of()));
    return this;
  }

  private CompactionPlanTest segments(long mib, long... ids) {
    LongStream.of(ids).forEach(id -> segment(id, mib, 10 * id, 10 * id + 5));
    return this;
  }

  private CompactionPlanTest in(long id) {
    partition = id;
    return this;
  }

  private CompactionPlanTest deletes(int count, long second) {
    FileRef file = new FileRef(ObjectLayout.deletes(SHARD, second), 1, 1);
    deletes.add(new DeleteFileEntry(file, count, seconds(second), seconds(second)));
    return this;
  }

  private CompactionPlanTest stagedFor(long... ids) {
    staged.add(new Staged(LongStream.of(ids).mapToObj(SegmentId::new).toList(), List.of()));
    return this;
  }

  private Manifest manifest() {
    return new Manifest(
        SHARD,
        3,
        1,
        0,
        Optional.empty(),
        new Checkpoint(
            new Position(1, 100),
            version,
            0,
            horizon,
            false,
            List.of(),
            List.of(),
            new Expiry(List.of(new Expiry.Step(version, expiredThrough)))),
        segments,
        deletes,
        List.of(),
        Optional.empty(),
        staged);
  }

  private String planned() {
    return text(plan.plan(manifest(), busy));
  }

  private String byHand(long targetMib) {
    return text(
        plan.all(manifest(), busy, new Demand(targetMib * MIB, Optional.empty(), false, false)));
  }

  private static String text(List<Task> tasks) {
    return tasks.stream()
        .map(task ->
            task.inputs().stream().map(SegmentId::toString).collect(Collectors.joining(" ")))
        .collect(Collectors.joining(", "));
  }

  @Test
  void segmentsOfASizeAreMergedFromTheFourthOn() {
    assertThat(segments(3, 1, 2, 3).planned()).isEmpty();
    assertThat(segments(3, 4).planned()).isEqualTo("1 2 3 4");
    assertThat(segments(30, 5, 6, 7).planned()).isEqualTo("1 2 3 4");
    assertThat(segments(30, 8, 9).planned()).isEqualTo("1 2 3 4, 5 6 7 8 9");
  }

  @Test
  void segmentsOfOtherPartitionsAreNot() {
    segments(3, 1, 2);
    assertThat(in(2).segments(3, 3, 4).planned()).isEmpty();
    assertThat(segments(3, 5, 6).planned()).isEqualTo("3 4 5 6");
  }

  @Test
  void aJobMapsSoManyFilesAtMost() {
    segments(1, LongStream.rangeClosed(1, 200).toArray());

    assertThat(plan.plan(manifest(), busy))
        .extracting(task -> task.inputs().size())
        .containsExactly(128, 72);
  }

  @Test
  void noSegmentBecomesLargerThanTheTarget() {
    assertThat(segments(300, 1, 2, 3, 4, 5, 6, 7, 8).planned()).isEqualTo("1 2 3, 4 5 6");
    segments.clear();
    assertThat(segments(600, 1, 2, 3, 4, 5).planned()).isEmpty();
  }

  @Test
  void whatIsUnderWayOrStagedIsLeftAlone() {
    segments(3, 1, 2, 3, 4, 5, 6, 7, 8);
    busy.add(new Task(SHARD, new PartitionId(1), List.of(new SegmentId(2), new SegmentId(3))));

    assertThat(stagedFor(4, 5).planned()).isEqualTo("1 6 7 8");
    assertThat(CompactionPlan.isPossible(manifest(), busy.getFirst())).isTrue();
    stagedFor(3, 8);
    assertThat(CompactionPlan.isPossible(manifest(), busy.getFirst())).isFalse();
    segments.removeFirst();
    segments.removeFirst();
    staged.clear();
    assertThat(CompactionPlan.isPossible(manifest(), busy.getFirst())).isFalse();
  }

  @Test
  void aSegmentThatLostAFifthIsWrittenAnew() {
    segments(100, 1, 2).segments(100, 90);

    assertThat(deletes(39_000, 500).planned()).as("of 200,000 that are older").isEmpty();
    assertThat(deletes(1_000, 501).planned()).isEqualTo("1, 2");
  }

  @Test
  void deletesAboveTheHorizonCountForNothing() {
    segments(100, 1).deletes(90_000, 500);
    assertThat(planned()).isEqualTo("1");

    horizon = seconds(499);

    assertThat(planned()).isEmpty();
    assertThat(byHand(1_000)).isEmpty();
  }

  @Test
  void whatIsExpiredGoesWithoutARead() {
    segment(1, 100, 10, 20).segment(2, 100, 15, 30).segment(3, 500, 0, 1_000);
    expiredThrough = seconds(30);
    assertThat(planned()).isEqualTo("1 2");

    expiredThrough = seconds(200);
    assertThat(planned()).as("a fifth of the third").isEqualTo("1 2, 3");

    horizon = version - 1;
    assertThat(planned()).as("a pin may need it").isEmpty();
  }

  @Test
  void byHandEverythingIsMergedThatFitsAndPurged() {
    segments(100, 1, 2).segments(300, 3).segments(900, 4).deletes(1, 500);

    assertThat(planned()).isEmpty();
    assertThat(byHand(1_000)).isEqualTo("1 2 3, 4");
    assertThat(byHand(1_500)).as("more rows than a segment has").isEqualTo("1 2 3, 4");
    assertThat(
            text(
                plan.all(manifest(), busy, new Demand(1_000 * MIB, Optional.empty(), true, false))))
        .isEqualTo("1, 2, 3, 4");
    assertThat(
            plan.all(
                manifest(),
                busy,
                new Demand(1_000 * MIB, Optional.of(new PartitionId(9)), false, false)))
        .isEmpty();
  }

  @Test
  void byHandEverySegmentIsLookedThroughWhoseRowsSayUntilWhenTheyLive() {
    segments(400, 1, 2);
    Demand demand = new Demand(1_000 * MIB, Optional.empty(), true, true);

    assertThat(text(plan.all(manifest(), busy, demand))).isEqualTo("1, 2");
    horizon = seconds(1);
    assertThat(plan.all(manifest(), busy, demand)).as("no time has passed").isEmpty();
  }

  @Test
  void nothingIsLeftToDoAfterwards() {
    segments(400, 1, 2);

    assertThat(byHand(1_000)).isEqualTo("1 2");
    segments.clear();
    assertThat(segments(800, 9).byHand(1_000)).isEmpty();
  }
}
