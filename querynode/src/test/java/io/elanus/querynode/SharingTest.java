package io.elanus.querynode;

import static org.assertj.core.api.Assertions.assertThat;

import io.elanus.common.manifest.Checkpoint;
import io.elanus.common.manifest.FileRef;
import io.elanus.common.manifest.Manifest;
import io.elanus.common.manifest.SegmentEntry;
import io.elanus.common.model.CollectionId;
import io.elanus.common.model.LoadScope;
import io.elanus.common.model.NodeId;
import io.elanus.common.model.PartitionId;
import io.elanus.common.model.SegmentId;
import io.elanus.common.model.ShardId;
import io.elanus.common.object.ObjectKey;
import io.elanus.common.wal.Position;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class SharingTest {
  private static final NodeId B = new NodeId(2);
  private static final NodeId C = new NodeId(3);

  @Test
  void whatNobodyIsNamedForIsTheLeaders() {
    Sharing sharing = Sharing.with(Holders.NOBODY);

    assertThat(leaders(sharing, Set.of())).containsExactly(1L, 2L, 3L);
  }

  @Test
  void whatOthersAreNamedForIsNotOpenedByTheLeader() {
    Sharing sharing = Sharing.with(named(Map.of(2, List.of(B)), Set.of()));

    assertThat(leaders(sharing, Set.of())).containsExactly(1L, 3L);
  }

  @Test
  void whatTheLeaderIsNamedForTooIsItsOwn() {
    Sharing sharing = Sharing.with(named(Map.of(2, List.of(B)), Set.of(2L)));

    assertThat(leaders(sharing, Set.of())).containsExactly(1L, 2L, 3L);
    assertThat(sharing.unanswered(manifest().segments())).isEmpty();
  }

  @Test
  void theLeaderLetsGoOnlyWhenAHolderThatIsNamedHasAnswered() {
    Sharing sharing = Sharing.with(named(Map.of(2, List.of(B)), Set.of()));
    assertThat(leaders(sharing, Set.of(1L, 2L, 3L))).containsExactly(1L, 2L, 3L);
    assertThat(sharing.unanswered(manifest().segments()))
        .isEqualTo(Map.of(B, List.of(new SegmentId(2))));

    Sharing other = sharing.answer(C, Set.of(new SegmentId(2)));
    assertThat(leaders(other, Set.of(1L, 2L, 3L))).containsExactly(1L, 2L, 3L);

    Sharing answered = sharing.answer(B, Set.of(new SegmentId(2)));
    assertThat(leaders(answered, Set.of(1L, 2L, 3L))).containsExactly(1L, 3L);
    assertThat(answered.unanswered(manifest().segments())).isEmpty();

    Sharing rerouted = answered.route(named(Map.of(2, List.of(C)), Set.of()));
    assertThat(leaders(rerouted, Set.of(1L, 2L, 3L))).containsExactly(1L, 2L, 3L);
  }

  @Test
  void whatNobodyAnswersForIsTakenBackUntilOneHasAnsweredAgain() {
    Sharing sharing =
        Sharing.with(named(Map.of(2, List.of(B)), Set.of()))
            .answer(B, Set.of(new SegmentId(2)))
            .takeBack(Set.of(new SegmentId(2)));
    assertThat(leaders(sharing, Set.of(1L, 3L))).containsExactly(1L, 2L, 3L);
    assertThat(leaders(sharing, Set.of(1L, 2L, 3L))).containsExactly(1L, 2L, 3L);

    Sharing answered = sharing.answer(B, Set.of(new SegmentId(2)));
    assertThat(leaders(answered, Set.of(1L, 2L, 3L))).containsExactly(1L, 3L);
  }

  @Test
  void whatIsNotToBeServedIsHeldByNobodyUntilAReadNeedsIt() {
    LoadScope other = LoadScope.of(Set.of(new PartitionId(9)), Set.of());
    Sharing sharing = Sharing.with(new Holders(Map.of(), Set.of(), other));
    assertThat(leaders(sharing, Set.of())).isEmpty();
    assertThat(leaders(sharing, Set.of(1L, 2L))).isEmpty();

    Sharing needed = sharing.takeBack(Set.of(new SegmentId(2)));
    assertThat(leaders(needed, Set.of())).containsExactly(2L);
    assertThat(needed.unanswered(manifest().segments())).isEmpty();

    assertThat(leaders(needed.route(sharing.holders()), Set.of(2L))).isEmpty();
  }

  @Test
  void theLeaderAloneAnswersForWhatNobodyElseIsNamedForOrFailed() {
    Sharing sharing = Sharing.with(named(Map.of(1, List.of(B), 2, List.of(B)), Set.of(2L)));
    assertThat(ids(sharing.leadersAlone(manifest()))).containsExactly(3L);

    Sharing failed = sharing.takeBack(Set.of(new SegmentId(1)));
    assertThat(ids(failed.leadersAlone(manifest()))).containsExactly(1L, 3L);
  }

  @Test
  void anAnswerCountsOnce() {
    Sharing settled =
        Sharing.with(named(Map.of(2, List.of(B)), Set.of()))
            .answer(B, Set.of(new SegmentId(2)))
            .settled(manifest(), Set.of(new SegmentId(1), new SegmentId(3)));

    assertThat(settled.answered()).isEmpty();
    assertThat(leaders(settled, Set.of(1L, 3L))).containsExactly(1L, 3L);
    assertThat(leaders(settled, Set.of(1L, 2L, 3L))).containsExactly(1L, 2L, 3L);
  }

  private static List<Long> leaders(Sharing sharing, Set<Long> held) {
    Set<SegmentId> ids = held.stream().map(SegmentId::new).collect(Collectors.toSet());
    return ids(sharing.leaders(manifest(), ids));
  }

  private static List<Long> ids(List<SegmentEntry> entries) {
    return entries.stream().map(entry -> entry.id().value()).toList();
  }

  private static Holders named(Map<Integer, List<NodeId>> others, Set<Long> leaders) {
    Map<SegmentId, List<NodeId>> bySegment = new HashMap<>();
    others.forEach((id, nodes) -> bySegment.put(new SegmentId(id), nodes));
    Set<SegmentId> own = leaders.stream().map(SegmentId::new).collect(Collectors.toSet());
    return new Holders(bySegment, own, LoadScope.WHOLE);
  }

  private static Manifest manifest() {
    List<SegmentEntry> segments = new ArrayList<>();
    for (int id = 1; id <= 3; id++) {
      FileRef file = new FileRef(new ObjectKey("s" + id), 1, 0);
      segments.add(
          new SegmentEntry(
              new SegmentId(id), new PartitionId(1), 1, 1, 1, 0, file, List.of(), List.of()));
    }
    return new Manifest(
        new ShardId(new CollectionId(7), 0),
        1,
        1,
        0,
        Optional.empty(),
        Checkpoint.start(new Position(1, 0)),
        segments,
        List.of(),
        List.of());
  }
}
