package io.elanus.common.meta;

import static org.assertj.core.api.Assertions.assertThat;

import io.elanus.common.error.ErrorCode;
import io.elanus.common.meta.MemoryMetaStore.Faults;
import io.elanus.common.meta.MetaStore.Change;
import io.elanus.common.meta.MetaStore.Change.Put;
import io.elanus.common.meta.MetaStore.CommitOutcome.Committed;
import io.elanus.common.meta.MetaStore.CommitOutcome.Unknown;
import io.elanus.common.meta.MetaStore.Condition;
import io.elanus.common.meta.MetaStore.Condition.Absent;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class MemoryMetaStoreTest {
  @Nested
  class Commits extends MetaCommitContract {
    @Override
    protected MetaStore open() {
      return new MemoryMetaStore(run);
    }
  }

  @Nested
  class Watches extends MetaWatchContract {
    private final MemoryMetaStore state = new MemoryMetaStore(run);

    @Override
    protected MetaStore open() {
      return state.on(Faults.NONE);
    }

    @Override
    protected void compact(long revision) {
      state.compact(revision);
    }
  }

  @Nested
  class Leases extends MetaLeaseContract {
    @Override
    protected MetaStore open() {
      return new MemoryMetaStore(run);
    }

    @Override
    protected MetaStore another() {
      return new MemoryMetaStore(run);
    }
  }

  @Nested
  class Shared extends MetaSharingContract {
    private final MemoryMetaStore state = new MemoryMetaStore(run);

    @Override
    protected MetaStore open() {
      return state.on(Faults.NONE);
    }

    @Override
    protected MetaStore openOther() {
      return state.on(Faults.NONE);
    }
  }

  @Nested
  class Failing extends MetaStoreContract {
    private final MemoryMetaStore state = new MemoryMetaStore(run);

    @Override
    protected MetaStore open() {
      return state.on(Faults.NONE);
    }

    @Test
    void aLostRequestIsUnknownAndChangesNothing() {
      MetaStore broken =
          state.on(
              new Faults() {
                @Override
                public void beforeCommit(String requestId) {
                  throw ErrorCode.STORAGE_IO_FAILED.because("planned");
                }
              });

      assertThat(broken.commit("r", List.of(), changes("1"))).isInstanceOf(Unknown.class);
      assertThat(store.get("a")).isEmpty();
    }

    @Test
    void aLostAnswerIsUnknownAndResendingTellsTheRevision() {
      MetaStore broken =
          state.on(
              new Faults() {
                @Override
                public void afterCommit(String requestId) {
                  throw ErrorCode.STORAGE_IO_FAILED.because("planned");
                }
              });

      assertThat(broken.commit("r", List.of(), changes("1"))).isInstanceOf(Unknown.class);
      long revision = store.get("a").orElseThrow().revision();

      assertThat(store.commit("r", List.of(), changes("1"))).isEqualTo(new Committed(revision));
    }

    @Test
    void aLateCommitLosesToTheOneThatOvertookIt() {
      MetaStore slow =
          state.on(
              new Faults() {
                @Override
                public Optional<Duration> landsLater(String requestId) {
                  return Optional.of(Duration.ofMillis(500));
                }
              });
      List<Condition> absent = List.of(new Absent("a"));

      assertThat(slow.commit("late", absent, changes("late"))).isInstanceOf(Unknown.class);
      commit(absent, new Put("a", utf8("first")));
      run.sleep(Duration.ofMillis(600));

      assertThat(value("a")).contains("first");
    }

    @Test
    void aLateCommitIsNotAppliedAfterItWasResent() {
      MetaStore slow =
          state.on(
              new Faults() {
                @Override
                public Optional<Duration> landsLater(String requestId) {
                  return Optional.of(Duration.ofMillis(30));
                }
              });

      assertThat(slow.commit("r", List.of(), changes("1"))).isInstanceOf(Unknown.class);
      long revision = committed(store.commit("r", List.of(), changes("1")));
      run.sleep(Duration.ofMillis(60));

      assertThat(revision()).isEqualTo(revision);
    }

    private static List<Change> changes(String value) {
      return List.of(new Put("a", utf8(value)));
    }
  }
}
