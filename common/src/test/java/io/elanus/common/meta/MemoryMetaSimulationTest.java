package io.elanus.common.meta;

import static org.assertj.core.api.Assertions.assertThat;

import io.elanus.common.error.ErrorCode;
import io.elanus.common.meta.MetaStore.Change.Put;
import io.elanus.common.meta.MetaStore.Change.PutLeased;
import io.elanus.common.meta.MetaStore.CommitOutcome;
import io.elanus.common.meta.MetaStore.CommitOutcome.Committed;
import io.elanus.common.meta.MetaStore.CommitOutcome.Conflict;
import io.elanus.common.meta.MetaStore.CommitOutcome.Unknown;
import io.elanus.common.meta.MetaStore.Condition;
import io.elanus.common.meta.MetaStore.Condition.Absent;
import io.elanus.common.meta.MetaStore.Condition.RevisionIs;
import io.elanus.common.meta.MetaStore.Lease;
import io.elanus.common.meta.MetaStore.MetaEntry;
import io.elanus.common.run.Run;
import io.elanus.common.run.SimulatedClock;
import io.elanus.common.run.SimulatedProcess;
import io.elanus.common.run.SimulatedRun;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The store in memory under the simulator: processes that die, answers that are lost or late.
class MemoryMetaSimulationTest {
  private int counted;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16})
  void compareAndSetCountsEveryCommitOnce(long seed) {
    SimulatedRun world = new SimulatedRun(seed);
    MemoryMetaStore state = new MemoryMetaStore(world);

    world.run(
        () -> {
          for (int i = 0; i < 4; i++) {
            SimulatedProcess process = world.process("process-" + i);
            process.fork("counter", () -> count(process, state.on(new Mishaps(process)), 20));
          }
          world.sleep(Duration.ofSeconds(30));

          assertThat(counted).isEqualTo(80);
          assertThat(number(state.get("count").orElseThrow())).isEqualTo(counted);
        },
        Duration.ofMinutes(1));
    assertThat(world.taskFailures()).isEmpty();
  }

  private void count(Run run, MetaStore store, int times) {
    int done = 0;
    for (int attempt = 0; done < times; attempt++) {
      if (addOne(run, store, run.random().nextLong() + "/" + attempt)) {
        done++;
        counted++;
      }
    }
  }

  private boolean addOne(Run run, MetaStore store, String request) {
    Optional<MetaEntry> entry = store.get("count");
    Condition unchanged =
        entry
            .<Condition>map(found -> new RevisionIs("count", found.revision()))
            .orElse(new Absent("count"));
    Put put = new Put("count", bytes(entry.map(MemoryMetaSimulationTest::number).orElse(0) + 1));
    CommitOutcome outcome = store.commit(request, List.of(unchanged), List.of(put));
    while (outcome instanceof Unknown) {
      run.sleep(Duration.ofMillis(1));
      outcome = store.commit(request, List.of(unchanged), List.of(put));
    }
    return outcome instanceof Committed;
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void theLeaseOfADeadProcessEndsAndTheNextOneIsElected(long seed) {
    SimulatedRun world = new SimulatedRun(seed);
    MemoryMetaStore state = new MemoryMetaStore(world);

    world.run(
        () -> {
          SimulatedProcess first = world.process("first", SimulatedClock.drifting(500));
          first.fork("candidate", () -> lead(first, state.on(MemoryMetaStore.Faults.NONE), 1));
          world.sleep(Duration.ofSeconds(60));
          assertThat(number(state.get("election").orElseThrow())).isEqualTo(1);
          SimulatedProcess second = world.process("second", SimulatedClock.drifting(-500));
          second.fork("candidate", () -> lead(second, state.on(MemoryMetaStore.Faults.NONE), 2));
          world.sleep(Duration.ofSeconds(60));
          assertThat(number(state.get("election").orElseThrow())).isEqualTo(1);

          world.kill(first);
          world.sleep(Duration.ofSeconds(12));

          assertThat(number(state.get("election").orElseThrow())).isEqualTo(2);
        },
        Duration.ofMinutes(5));
  }

  private static void lead(Run run, MetaStore store, int candidate) {
    Lease lease = store.lease(Duration.ofSeconds(10));
    while (true) {
      CommitOutcome outcome =
          store.commit(
              candidate + "/" + run.nanoTime(),
              List.of(new Absent("election")),
              List.of(new PutLeased("election", bytes(candidate), lease)));
      assertThat(outcome).isInstanceOfAny(Committed.class, Conflict.class);
      run.sleep(Duration.ofSeconds(1));
      assertThat(lease.renew()).isTrue();
    }
  }

  private static byte[] bytes(int value) {
    return ByteBuffer.allocate(4).putInt(value).array();
  }

  private static int number(MetaEntry entry) {
    return ByteBuffer.wrap(entry.value()).getInt();
  }

  private record Mishaps(Run run) implements MemoryMetaStore.Faults {
    @Override
    public void beforeCommit(String requestId) {
      sleepOrThrow();
    }

    @Override
    public Optional<Duration> landsLater(String requestId) {
      boolean late = run.random().nextInt(10) == 0;
      return late ? Optional.of(Duration.ofMillis(20)) : Optional.empty();
    }

    @Override
    public void afterCommit(String requestId) {
      sleepOrThrow();
    }

    private void sleepOrThrow() {
      RandomGenerator random = run.random();
      run.sleep(Duration.ofMillis(random.nextInt(5)));
      if (random.nextInt(5) == 0) {
        throw ErrorCode.STORAGE_IO_FAILED.because("planned");
      }
    }
  }
}
