package io.elanus.common.meta;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.elanus.common.error.DbException;
import io.elanus.common.meta.MetaStore.Change.Put;
import io.elanus.common.run.Deadline;
import io.elanus.common.run.SimulatedProcess;
import io.elanus.common.run.SimulatedRun;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ElectionTest {
  private static final Duration TTL = Duration.ofSeconds(10);

  /// A term writes under its leadership and remembers whether it was closed.
  private record Term(Ledger ledger, List<String> events, String name) implements AutoCloseable {
    void write(String value) {
      Put put = new Put("value", value.getBytes(StandardCharsets.UTF_8));
      ledger.commit(List.of(), List.of(put));
    }

    @Override
    public void close() {
      events.add(name + " closed");
    }
  }

  private final List<String> events = new ArrayList<>();

  private Election<Term> candidate(SimulatedProcess process, MetaStore store) {
    return Election.start(
        process,
        store,
        new Election.Candidate("chief", process.name().getBytes(StandardCharsets.UTF_8), TTL),
        leadership -> {
          events.add(process.name() + " elected");
          return new Term(new Ledger(process, store, leadership, "chief"), events, process.name());
        });
  }

  private static Deadline in(SimulatedRun world, int seconds) {
    return Deadline.after(world, Duration.ofSeconds(seconds));
  }

  private static String value(MetaStore store) {
    return new String(store.get("value").orElseThrow().value(), StandardCharsets.UTF_8);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void theOtherTakesOverWhenTheLeaderDies(long seed) {
    SimulatedRun world = new SimulatedRun(seed);
    MemoryMetaStore state = new MemoryMetaStore(world);

    world.run(
        () -> {
          SimulatedProcess a = world.process("a");
          Election<Term> first = candidate(a, state.on(MemoryMetaStore.Faults.NONE));
          assertThat(first.awaitLeading(in(world, 1))).isTrue();
          SimulatedProcess b = world.process("b");
          Election<Term> second = candidate(b, state.on(MemoryMetaStore.Faults.NONE));
          first.term().write("by a");
          world.sleep(Duration.ofSeconds(60));
          assertThat(second.isLeading()).isFalse();

          world.kill(a);

          assertThat(second.awaitLeading(in(world, 11))).isTrue();
          second.term().write("by b");
          assertThat(value(state)).isEqualTo("by b");
        },
        Duration.ofMinutes(5));
    assertThat(Canceling.otherFailures(world)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void aDeposedLeaderCannotCommit(long seed) {
    SimulatedRun world = new SimulatedRun(seed);
    MemoryMetaStore state = new MemoryMetaStore(world);

    world.run(
        () -> {
          SimulatedProcess a = world.process("a");
          Election<Term> first = candidate(a, state.on(MemoryMetaStore.Faults.NONE));
          assertThat(first.awaitLeading(in(world, 1))).isTrue();
          Term deposed = first.term();
          SimulatedProcess b = world.process("b");
          Election<Term> second = candidate(b, state.on(MemoryMetaStore.Faults.NONE));
          world.pause(a, Duration.ofSeconds(30));
          assertThat(second.awaitLeading(in(world, 11))).isTrue();
          second.term().write("by b");

          assertThatThrownBy(() -> deposed.write("by a"))
              .isInstanceOf(DbException.class)
              .hasMessageStartingWith("leadership lost: election/chief");
          world.sleep(Duration.ofSeconds(40));

          assertThat(value(state)).isEqualTo("by b");
          assertThat(first.isLeading()).isFalse();
          assertThat(events).containsExactly("a elected", "b elected", "a closed");
        },
        Duration.ofMinutes(5));
    assertThat(Canceling.otherFailures(world)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void aLeaderThatClosesHandsOverAtOnce(long seed) {
    SimulatedRun world = new SimulatedRun(seed);
    MemoryMetaStore state = new MemoryMetaStore(world);

    world.run(
        () -> {
          SimulatedProcess a = world.process("a");
          Election<Term> first = candidate(a, state.on(MemoryMetaStore.Faults.NONE));
          assertThat(first.awaitLeading(in(world, 1))).isTrue();
          SimulatedProcess b = world.process("b");
          Election<Term> second = candidate(b, state.on(MemoryMetaStore.Faults.NONE));

          first.close();

          assertThat(second.awaitLeading(in(world, 1))).isTrue();
          assertThatThrownBy(first::term).hasMessage("this node does not lead chief");
          second.close();
          assertThat(state.get(MetaKeys.election("chief"))).isEmpty();
        },
        Duration.ofMinutes(5));
    assertThat(Canceling.otherFailures(world)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2})
  void aStandbyClosesWhileItCampaigns(long seed) {
    SimulatedRun world = new SimulatedRun(seed);
    MemoryMetaStore state = new MemoryMetaStore(world);

    world.run(
        () -> {
          Election<Term> first = candidate(world.process("a"), state);
          assertThat(first.awaitLeading(in(world, 1))).isTrue();
          Election<Term> second = candidate(world.process("b"), state);
          world.sleep(Duration.ofSeconds(1));

          second.close();

          assertThat(first.isLeading()).isTrue();
          first.close();
        },
        Duration.ofMinutes(5));
    assertThat(events).containsExactly("a elected", "a closed");
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2})
  void idleCandidatesAskTheStoreNothingButRenewals(long seed) {
    SimulatedRun world = new SimulatedRun(seed);
    MemoryMetaStore state = new MemoryMetaStore(world);
    AtomicInteger reads = new AtomicInteger();
    AtomicInteger renewals = new AtomicInteger();
    MemoryMetaStore.Faults counting =
        new MemoryMetaStore.Faults() {
          @Override
          public void beforeRead(String keyOrPrefix) {
            reads.incrementAndGet();
          }

          @Override
          public void beforeRenew() {
            renewals.incrementAndGet();
          }
        };

    world.run(
        () -> {
          for (String name : List.of("a", "b", "c")) {
            SimulatedProcess process = world.process(name);
            candidate(process, state.on(counting));
          }
          world.sleep(Duration.ofSeconds(5));
          reads.set(0);
          renewals.set(0);

          world.sleep(Duration.ofSeconds(100));

          assertThat(reads).hasValue(0);
          assertThat(renewals.get()).isBetween(29, 31);
        },
        Duration.ofMinutes(5));
  }
}
