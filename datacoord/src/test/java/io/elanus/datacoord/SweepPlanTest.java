package io.elanus.datacoord;

import static org.assertj.core.api.Assertions.assertThat;

import io.elanus.common.manifest.Checkpoint;
import io.elanus.common.manifest.DeleteFileEntry;
import io.elanus.common.manifest.FileRef;
import io.elanus.common.manifest.Manifest;
import io.elanus.common.manifest.ManifestStore;
import io.elanus.common.manifest.SegmentEntry;
import io.elanus.common.manifest.Staged;
import io.elanus.common.model.CollectionId;
import io.elanus.common.model.IndexId;
import io.elanus.common.model.PartitionId;
import io.elanus.common.model.SegmentId;
import io.elanus.common.model.ShardId;
import io.elanus.common.object.ObjectKey;
import io.elanus.common.object.ObjectLayout;
import io.elanus.common.wal.Position;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class SweepPlanTest {
  private static final ShardId SHARD = new ShardId(new CollectionId(7), 0);

  private final Map<ObjectKey, Manifest> manifests = new HashMap<>();
  private Manifest newest = manifest(1, 101, Optional.empty(), List.of(), 11);

  private static SegmentEntry segment(long id) {
    return new SegmentEntry(
        new SegmentId(id),
        new PartitionId(1),
        5,
        1,
        2,
        0,
        new FileRef(ObjectLayout.segment(SHARD, new SegmentId(id)), 1, 1),
        List.of(),
        List.of());
  }

  private Manifest manifest(
      long version, long attempt, Optional<ObjectKey> parent, List<Staged> staged, long... ids) {
    Manifest made =
        new Manifest(
            SHARD,
            version,
            1,
            attempt,
            parent,
            Checkpoint.start(new Position(1, 0)),
            LongStream.of(ids).mapToObj(SweepPlanTest::segment).toList(),
            List.<DeleteFileEntry>of(),
            List.of(),
            Optional.empty(),
            staged);
    manifests.put(ManifestStore.keyOf(made), made);
    return made;
  }

  private void next(long attempt, List<Staged> staged, long... ids) {
    newest =
        manifest(
            newest.version() + 1, attempt, Optional.of(ManifestStore.keyOf(newest)), staged, ids);
  }

  private String named(long oldest) {
    Set<ObjectKey> named =
        SweepPlan.named(
            newest, oldest, key -> Optional.ofNullable(manifests.get(key)).orElseThrow());
    return named.stream()
        .map(key -> ObjectLayout.attempt(key).orElseThrow())
        .sorted()
        .map(String::valueOf)
        .collect(Collectors.joining(" "));
  }

  @Test
  void whatReadableManifestsNameIsKept() {
    next(102, List.of(), 11, 12);
    next(103, List.of(new Staged(List.of(new SegmentId(11)), List.of(segment(13)))), 11, 12);
    next(104, List.of(), 12, 13);

    assertThat(named(1)).isEqualTo("11 12 13 101 102 103 104");
    assertThat(named(3)).isEqualTo("11 12 13 103 104");
    assertThat(named(4)).isEqualTo("12 13 104");
    assertThat(named(9)).as("the newest always").isEqualTo("12 13 104");
  }

  @Test
  void whatAnAttemptBelowTheFenceLeftIsGarbage() {
    List<ObjectKey> found =
        List.of(
            ObjectLayout.segment(SHARD, new SegmentId(11)),
            ObjectLayout.segment(SHARD, new SegmentId(20)),
            ObjectLayout.segment(SHARD, new SegmentId(30)),
            ObjectLayout.index(SHARD, new SegmentId(11), new IndexId(3), 19),
            ObjectLayout.index(SHARD, new SegmentId(11), new IndexId(3), 31),
            ObjectLayout.manifest(SHARD, 9, 99, 29),
            ObjectLayout.manifest(SHARD, 1, 1, 101),
            ObjectLayout.deletes(SHARD, 28),
            ObjectLayout.spill(SHARD, 27),
            new ObjectKey(ObjectLayout.prefix(SHARD) + "notes.txt"));

    List<ObjectKey> garbage = SweepPlan.garbage(found, Set.of(found.getFirst()), 30);

    assertThat(garbage)
        .containsExactly(found.get(1), found.get(3), found.get(5), found.get(7), found.get(8));
  }
}
