package io.elanus.common.meta;

import static org.assertj.core.api.Assertions.assertThat;

import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import io.elanus.common.meta.MetaStore.Change;
import io.elanus.common.meta.MetaStore.Condition;
import io.elanus.common.run.CommandLoop;
import io.elanus.common.run.Deadline;
import io.elanus.common.run.Outcome;
import io.elanus.common.run.Run;
import io.elanus.common.run.SimulatedProcess;
import io.elanus.common.run.SimulatedRun;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A coordinator of a set of names, led by one process after the other while commits are lost or late.
class CommittedStateTest {
  /// Adds a name once; `lock/<name>` in the store forbids it.
  private static final Rules<Set<String>, String, String, String> RULES =
      new Rules<>() {
        @Override
        public Decision<String, String> decide(Set<String> state, String name) {
          if (state.contains(name)) {
            throw ErrorCode.INVALID_PARAMETER.because("taken: %s", name);
          }
          Decision<String, String> add = Decision.change("added", List.of(name));
          return name.startsWith("guarded")
              ? add.onlyIf(List.of(new Condition.Absent("lock/" + name)), Outcome.done("locked"))
              : add;
        }

        @Override
        public Set<String> apply(Set<String> state, List<String> changes) {
          Set<String> next = new TreeSet<>(state);
          next.addAll(changes);
          return next;
        }

        @Override
        public Change write(String name) {
          return new Change.Put("name/" + name, name.getBytes(StandardCharsets.UTF_8));
        }
      };

  private record Term(CommittedState<Set<String>, String, String, String> names)
      implements AutoCloseable {
    @Override
    public void close() {
      names.close();
    }
  }

  private final List<String> published = new ArrayList<>();

  private Election<Term> candidate(Run process, MetaStore store) {
    return Election.start(
        process,
        store,
        new Election.Candidate("namer", new byte[0], Duration.ofSeconds(10)),
        leadership -> {
          Ledger ledger = new Ledger(process, store, leadership, "namer");
          var setup =
              new CommittedState.Setup<String>(
                  "namer", new CommandLoop.Limits(100, 8), published::addAll);
          return new Term(CommittedState.start(process, ledger, RULES, stored(store), setup));
        });
  }

  private static Set<String> stored(MetaStore store) {
    Set<String> names = new TreeSet<>();
    store.range("name/").entries().forEach(e -> names.add(e.key().substring(5)));
    return names;
  }

  private static Deadline in(Run run, int seconds) {
    return Deadline.after(run, Duration.ofSeconds(seconds));
  }

  private Optional<String> add(Run run, Election<Term> election, String name) {
    try {
      return Optional.of(election.term().names().submit(name, in(run, 5)));
    } catch (DbException e) {
      return e.code() == ErrorCode.INVALID_PARAMETER ? Optional.of("taken") : Optional.empty();
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void conditionsOfOthersRefuseOneCommandAndNotTheLeader(long seed) {
    SimulatedRun world = new SimulatedRun(seed);
    MemoryMetaStore state = new MemoryMetaStore(world);

    world.run(
        () -> {
          Election<Term> election = candidate(world.process("a"), state);
          assertThat(election.awaitLeading(in(world, 1))).isTrue();
          state.commit("lock", List.of(), List.of(new Change.Put("lock/guarded-1", new byte[0])));

          assertThat(add(world, election, "guarded-1")).contains("locked");
          assertThat(add(world, election, "guarded-2")).contains("added");
          assertThat(add(world, election, "plain")).contains("added");
          assertThat(add(world, election, "plain")).contains("taken");

          assertThat(stored(state)).containsExactly("guarded-2", "plain");
          assertThat(election.term().names().now()).isEqualTo(stored(state));
          assertThat(published).containsExactly("guarded-2", "plain");
        },
        Duration.ofMinutes(5));
    assertThat(Canceling.otherFailures(world)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
  void whatWasAnsweredIsThereWhateverHappensToCommitsAndLeaders(long seed) {
    SimulatedRun world = new SimulatedRun(seed);
    MemoryMetaStore state = new MemoryMetaStore(world);
    Set<String> added = new TreeSet<>();

    world.run(
        () -> {
          for (int round = 0; round < 5; round++) {
            SimulatedProcess process = world.process("p" + round);
            Election<Term> election = candidate(process, state.on(new Mishaps(process)));
            assertThat(election.awaitLeading(in(world, 60))).isTrue();
            for (int i = 0; i < 20; i++) {
              String name = (i % 3 == 0 ? "guarded-" : "n-") + round + "-" + i;
              add(world, election, name).filter("added"::equals).ifPresent(_ -> added.add(name));
            }
            world.kill(process);
          }
        },
        Duration.ofMinutes(10));
    assertThat(added).isNotEmpty();
    assertThat(stored(state)).containsAll(added);
  }

  /// One commit in five is lost, answered late, or takes place late.
  private record Mishaps(SimulatedProcess process) implements MemoryMetaStore.Faults {
    @Override
    public void beforeCommit(String requestId) {
      mayThrow(15);
    }

    @Override
    public Optional<Duration> landsLater(String requestId) {
      boolean late = process.random().nextInt(15) == 0;
      return late
          ? Optional.of(Duration.ofMillis(process.random().nextInt(500)))
          : Optional.empty();
    }

    @Override
    public void afterCommit(String requestId) {
      mayThrow(15);
    }

    private void mayThrow(int oneIn) {
      if (process.random().nextInt(oneIn) == 0) {
        throw ErrorCode.STORAGE_IO_FAILED.because("lost");
      }
    }
  }
}
