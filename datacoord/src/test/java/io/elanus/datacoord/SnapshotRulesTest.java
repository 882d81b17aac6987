package io.elanus.datacoord;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import io.elanus.common.meta.MetaKeys;
import io.elanus.common.meta.MetaStore.Condition;
import io.elanus.common.model.CollectionId;
import io.elanus.common.model.Snapshot;
import io.elanus.common.object.ObjectKey;
import java.util.List;
import org.junit.jupiter.api.Test;

class SnapshotRulesTest {
  private static final CollectionId FILMS = new CollectionId(7);
  private static final List<Condition> UNCHANGED =
      List.of(new Condition.RevisionIs(MetaKeys.collection(FILMS), 3));

  private final DataRules rules = new DataRules(4, 10, new SnapshotLimits(2, 3, 1));
  private DataState state = DataState.EMPTY;

  private static Snapshot snapshot(long id, long collection, String name) {
    return new Snapshot(
        id,
        name,
        "",
        Shards.collection(collection, 1),
        List.of(),
        id,
        List.of(new Snapshot.Image(new ObjectKey("m" + id), 5)));
  }

  private void add(Snapshot snapshot) {
    run(new DataCommand.AddSnapshot(snapshot, UNCHANGED));
  }

  private void run(DataCommand command) {
    state = rules.apply(state, rules.decide(state, command).changes());
  }

  private void assertRefused(DataCommand command, ErrorCode code, String text) {
    assertThatThrownBy(() -> rules.decide(state, command))
        .isInstanceOfSatisfying(
            DbException.class,
            e -> {
              assertThat(e.code()).isEqualTo(code);
              assertThat(e.text()).isEqualTo(text);
            });
  }

  @Test
  void aSnapshotIsAddedIfNothingHasChangedUnderIt() {
    var decision =
        rules.decide(state, new DataCommand.AddSnapshot(snapshot(1, 7, "monday"), UNCHANGED));

    assertThat(decision.conditions()).isEqualTo(UNCHANGED);
    assertThat(decision.changes())
        .containsExactly(new DataChange.PutSnapshot(snapshot(1, 7, "monday")));
  }

  @Test
  void aNameIsTakenOnceInItsCollection() {
    add(snapshot(1, 7, "monday"));
    add(snapshot(2, 8, "monday"));

    assertRefused(
        new DataCommand.AddSnapshot(snapshot(3, 7, "monday"), UNCHANGED),
        ErrorCode.INVALID_PARAMETER,
        "snapshot name monday already exists");
    assertThat(state.snapshotsOf(FILMS)).extracting(Snapshot::id).containsExactly(1L);
  }

  @Test
  void thereAreLimits() {
    add(snapshot(1, 7, "a"));
    add(snapshot(2, 7, "b"));
    assertRefused(
        new DataCommand.AddSnapshot(snapshot(3, 7, "c"), UNCHANGED),
        ErrorCode.QUOTA_EXCEEDED,
        "collection 7 has 2 snapshots, as many as there may be");

    add(snapshot(3, 8, "a"));
    assertRefused(
        new DataCommand.AddSnapshot(snapshot(4, 9, "a"), UNCHANGED),
        ErrorCode.QUOTA_EXCEEDED,
        "there are 3 snapshots, as many as there may be");
  }

  @Test
  void oneIsRemovedByNameAndAllWithTheirCollection() {
    add(snapshot(1, 7, "a"));
    add(snapshot(2, 7, "b"));
    add(snapshot(3, 8, "a"));

    run(new DataCommand.RemoveSnapshot(FILMS, "a"));
    assertThat(state.snapshots().keySet()).containsExactly(2L, 3L);
    assertRefused(
        new DataCommand.RemoveSnapshot(FILMS, "a"),
        ErrorCode.INVALID_PARAMETER,
        "snapshot a not found for collection 7");

    var all = new DataCommand.RemoveSnapshots(FILMS);
    assertThat(rules.decide(state, all).conditions())
        .containsExactly(new Condition.Absent(MetaKeys.collection(FILMS)));
    run(all);
    assertThat(state.snapshots().keySet()).containsExactly(3L);
  }
}
