package io.elanus.adapters.sql;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MetaStateTest {
  private static final MetaState EMPTY = new MetaState(0, 0, 0, 0, "a");

  @Test
  void historyIsForgottenByHalves() {
    MetaState state = EMPTY;
    StringBuilder turns = new StringBuilder();
    for (long revision = 1; revision <= 20_000; revision++) {
      MetaState next = state.after(revision, 100);
      if (next.middle() != state.middle()) {
        turns.append("%d: (%d, %d] ".formatted(revision, next.compacted(), next.middle()));
      }
      state = next;
    }

    assertThat(turns.toString())
        .isEqualTo("5001: (0, 5001] 10002: (5001, 10002] 15003: (10002, 15003] ");
  }

  @Test
  void historyIsForgottenWhenItHasManyBytes() {
    long most = 1 << 20;
    MetaState state = EMPTY;
    for (long revision = 1; revision <= 100; revision++) {
      state = state.after(revision, most);
    }

    assertThat(state.compacted()).isEqualTo(66);
    assertThat(state.middle()).isEqualTo(99);
    assertThat(state.newerBytes()).isEqualTo(most);
  }

  @Test
  void anotherRunOfTheServerLeavesRevisionsOutAndForgetsHistory() {
    MetaState before = new MetaState(7_000, 1_000, 6_000, 500, "a");

    MetaState after = before.on("b");

    assertThat(after.revision()).isGreaterThan(1_000_000);
    assertThat(after)
        .isEqualTo(new MetaState(after.revision(), after.revision(), after.revision(), 0, "b"));
    assertThat(before.on("a")).isEqualTo(before);
    assertThat(after.on("b")).isEqualTo(after);
  }

  @Test
  void aNewStoreBeginsAtRevisionOne() {
    MetaState fresh = new MetaState(0, 0, 0, 0, "");

    assertThat(fresh.on("a").revision()).isZero();
  }

  @Test
  void historyMayBeTakenAwayUpToTheNewestRevision() {
    MetaState state = new MetaState(7_000, 1_000, 6_000, 500, "a");

    assertThat(state.without(6_500)).isEqualTo(new MetaState(7_000, 6_500, 6_500, 500, "a"));
    assertThat(state.without(10)).isEqualTo(state);
    assertThat(state.without(9_000).compacted()).isEqualTo(7_000);
  }
}
