package io.elanus.datanode;

import static org.assertj.core.api.Assertions.assertThat;

import io.elanus.common.manifest.DeleteFileEntry;
import io.elanus.common.manifest.FileRef;
import io.elanus.common.manifest.IndexEntry;
import io.elanus.common.manifest.ManifestEdit;
import io.elanus.common.manifest.ManifestEdit.AddIndex;
import io.elanus.common.manifest.ManifestEdit.RaiseApplied;
import io.elanus.common.manifest.ManifestEdit.Replace;
import io.elanus.common.manifest.ManifestEdit.Step;
import io.elanus.common.manifest.ManifestEdit.Swap;
import io.elanus.common.manifest.SegmentEntry;
import io.elanus.common.manifest.Staged;
import io.elanus.common.model.CollectionId;
import io.elanus.common.model.IndexId;
import io.elanus.common.model.PartitionId;
import io.elanus.common.model.SegmentId;
import io.elanus.common.model.ShardId;
import io.elanus.common.object.ObjectLayout;
import io.elanus.datanode.ManifestEdits.Lists;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class ManifestEditsTest {
  private static final ShardId SHARD = new ShardId(new CollectionId(7), 0);

  private Lists lists = new Lists(List.of(segment(1), segment(2), segment(3)), List.of());

  /// Its rows have the version of its id, and it has applied deletes through ten times that.
  private static SegmentEntry segment(long id) {
    return new SegmentEntry(
        new SegmentId(id),
        new PartitionId(1),
        5,
        id,
        id,
        10 * id,
        new FileRef(ObjectLayout.segment(SHARD, new SegmentId(id)), 1, 1),
        List.of(),
        List.of());
  }

  private static List<SegmentId> ids(long... ids) {
    return LongStream.of(ids).mapToObj(SegmentId::new).toList();
  }

  private static AddIndex index(long segment, long index) {
    IndexId id = new IndexId(index);
    return new AddIndex(
        new SegmentId(segment),
        new IndexEntry(
            id, 101, new FileRef(ObjectLayout.index(SHARD, new SegmentId(segment), id, 5), 1, 1)));
  }

  private static Replace replace(boolean staged, long added, long... removed) {
    return new Replace(ids(removed), List.of(segment(added)), staged);
  }

  /// `segments | staged`, or "refused".
  private String after(Step... steps) {
    Optional<Lists> next = ManifestEdits.apply(lists, new ManifestEdit(77, SHARD, List.of(steps)));
    next.ifPresent(now -> lists = now);
    return next.map(ManifestEditsTest::text).orElse("refused");
  }

  private static String text(Lists lists) {
    return texts(lists.segments())
        + lists.staged().stream()
            .map(batch ->
                " | %s -> %s"
                    .formatted(
                        batch.replaces().stream()
                            .map(SegmentId::toString)
                            .collect(Collectors.joining(" ")),
                        texts(batch.segments())))
            .collect(Collectors.joining());
  }

  private static String texts(List<SegmentEntry> segments) {
    return segments.stream()
        .map(s ->
            s.id() + s.indexes().stream().map(i -> "i" + i.index()).collect(Collectors.joining()))
        .collect(Collectors.joining(" "));
  }

  @Test
  void segmentsTakeThePlaceOfOthers() {
    assertThat(after(replace(false, 9, 1, 3))).isEqualTo("2 9");
    assertThat(after(replace(false, 10, 1, 2))).as("1 is gone").isEqualTo("refused");
    assertThat(after(new Replace(ids(2), List.of(), false))).isEqualTo("9");
  }

  @Test
  void stagedOnesWaitForTheirIndexes() {
    assertThat(after(replace(true, 9, 1, 2))).isEqualTo("1 2 3 | 1 2 -> 9");
    assertThat(after(index(9, 50))).isEqualTo("1 2 3 | 1 2 -> 9i50");
    assertThat(after(index(9, 51))).as("of the same field").isEqualTo("1 2 3 | 1 2 -> 9i51");
    assertThat(after(new Swap(ids(1)))).isEqualTo("refused");
    assertThat(after(new Swap(ids(1, 2)))).isEqualTo("3 9i51");
    assertThat(after(new Swap(ids(1, 2)))).isEqualTo("refused");
  }

  @Test
  void whatWaitsToBeReplacedIsReplacedByNothingElse() {
    after(replace(true, 9, 1, 2));

    assertThat(after(replace(false, 10, 2, 3))).isEqualTo("refused");
    assertThat(after(replace(true, 10, 2, 3))).isEqualTo("refused");
    assertThat(after(replace(true, 10, 3))).isEqualTo("1 2 3 | 1 2 -> 9 | 3 -> 10");
  }

  @Test
  void aStepThatCannotBeTakenKeepsAllOthersFromBeingTaken() {
    assertThat(after(replace(false, 9, 1, 3), index(1, 50))).isEqualTo("refused");
    assertThat(after(replace(false, 9, 1, 3), index(9, 50))).isEqualTo("2 9i50");
  }

  @Test
  void whatIsStagedForSegmentsThatAreGoneGoesToo() {
    Lists orphaned =
        new Lists(
            List.of(segment(2)),
            List.of(
                new Staged(ids(1, 2), List.of(segment(9))),
                new Staged(ids(2), List.of(segment(10)))));

    assertThat(text(ManifestEdits.withoutOrphans(orphaned))).isEqualTo("2 | 2 -> 10");
  }

  @Test
  void appliedDeletesOnlyBecomeMore() {
    after(new RaiseApplied(new SegmentId(2), 30));
    assertThat(lists.segments().get(1).appliedThrough()).isEqualTo(30);
    after(new RaiseApplied(new SegmentId(2), 25));
    assertThat(lists.segments().get(1).appliedThrough()).isEqualTo(30);
    assertThat(after(new RaiseApplied(new SegmentId(9), 30))).isEqualTo("refused");

    assertThat(
            ManifestEdits.isDone(
                lists, new ManifestEdit(1, SHARD, List.of(new RaiseApplied(new SegmentId(2), 30)))))
        .isTrue();
  }

  @Test
  void aDeleteFileIsNeededWhileASegmentMayHaveRowsOfIt() {
    DeleteFileEntry through5 = deletes(5);
    DeleteFileEntry through15 = deletes(15);
    DeleteFileEntry through31 = deletes(31);
    List<DeleteFileEntry> all = List.of(through5, through15, through31);

    assertThat(ManifestEdits.needed(lists, all)).containsExactly(through15, through31);
    after(replace(true, 40, 1));
    after(new RaiseApplied(new SegmentId(1), 50), new RaiseApplied(new SegmentId(2), 50));
    assertThat(ManifestEdits.needed(lists, all)).containsExactly(through31);
    after(new RaiseApplied(new SegmentId(3), 50));
    assertThat(ManifestEdits.needed(lists, all)).as("40 has newer rows only").isEmpty();
    lists = new Lists(lists.segments(), List.of(new Staged(ids(1), List.of(segment(2)))));
    assertThat(ManifestEdits.needed(lists, all)).as("staged").containsExactly(through31);
  }

  private static DeleteFileEntry deletes(long through) {
    return new DeleteFileEntry(
        new FileRef(ObjectLayout.deletes(SHARD, through), 1, 1), 1, through, through);
  }
}
