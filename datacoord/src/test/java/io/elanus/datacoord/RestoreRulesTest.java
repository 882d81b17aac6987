package io.elanus.datacoord;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import io.elanus.common.meta.MetaStore.MetaEntry;
import io.elanus.common.model.CollectionId;
import io.elanus.common.model.Snapshot;
import io.elanus.common.object.ObjectKey;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RestoreRulesTest {
  private static final Snapshot MONDAY =
      new Snapshot(
          1,
          "monday",
          "",
          Shards.collection(7, 1),
          List.of(),
          30,
          List.of(new Snapshot.Image(new ObjectKey("m"), 5)));

  private final DataRules rules = new DataRules(4, 10, new SnapshotLimits(9, 9, 2));
  private DataState state = DataState.EMPTY;

  @BeforeEach
  void take() {
    run(new DataCommand.AddSnapshot(MONDAY, List.of()));
  }

  private void run(DataCommand command) {
    state = rules.apply(state, rules.decide(state, command).changes());
  }

  private static Restore restore(long id, Restore.Phase phase) {
    return new Restore(
        id, "monday", MONDAY.of(), "default", "copy", new CollectionId(90 + id), 40, phase);
  }

  private static Restore begun(long id) {
    return restore(id, new Restore.Phase.Running(MONDAY, false));
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
  void aSnapshotThatIsRestoredIsNotDropped() {
    run(new DataCommand.AddRestore(begun(5)));
    var drop = new DataCommand.RemoveSnapshot(MONDAY.of(), "monday");

    assertRefused(
        drop,
        ErrorCode.INVALID_PARAMETER,
        "snapshot monday is being restored, drop it when that is done");

    run(new DataCommand.PutPhase(5, new Restore.Phase.Completed(50)));
    run(drop);
    assertThat(state.snapshots()).isEmpty();
    assertRefused(
        new DataCommand.AddRestore(begun(6)),
        ErrorCode.INVALID_PARAMETER,
        "snapshot monday not found for collection 7");
  }

  @Test
  void whatHasEndedStaysAsItIs() {
    run(new DataCommand.AddRestore(begun(5)));
    run(new DataCommand.PutPhase(5, new Restore.Phase.Failed(50, "no room")));

    run(new DataCommand.PutPhase(5, new Restore.Phase.Running(MONDAY, true)));
    run(new DataCommand.PutPhase(6, new Restore.Phase.Completed(50)));

    assertThat(state.restores().values())
        .containsExactly(restore(5, new Restore.Phase.Failed(50, "no room")));
  }

  @Test
  void asManyRunAsMayAndTheNewestThatEndedAreKept() {
    run(new DataCommand.AddRestore(begun(1)));
    run(new DataCommand.AddRestore(begun(2)));
    assertRefused(
        new DataCommand.AddRestore(begun(3)), ErrorCode.RATE_LIMIT, "2 restores are under way");
    run(new DataCommand.PutPhase(2, new Restore.Phase.Completed(50)));

    LongStream.rangeClosed(3, 300)
        .forEach(id -> {
          run(new DataCommand.AddRestore(begun(id)));
          run(new DataCommand.PutPhase(id, new Restore.Phase.Completed(50)));
        });

    assertThat(state.restores()).hasSize(1 + SnapshotLimits.KEPT_RESTORES).containsKeys(1L, 300L);
    assertThat(state.runningRestores()).containsExactly(begun(1));
  }

  @Test
  void everyPhaseIsReadBackAsItWasWritten() {
    for (Restore restore :
        List.of(
            begun(5),
            restore(5, new Restore.Phase.Running(MONDAY, true)),
            restore(5, new Restore.Phase.Completed(50)),
            restore(5, new Restore.Phase.Failed(50, "no room")))) {
      MetaEntry entry = new MetaEntry("k", restore.encode().toByteArray(), 1);
      assertThat(Restore.decode(entry)).isEqualTo(restore);
    }
  }
}
