package io.elanus.common.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import io.elanus.common.run.Deadline;
import io.elanus.common.run.SimulatedRun;
import io.elanus.common.run.Task;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class HeapBudgetTest {
  private static final long MIB = 1L << 20;

  private final SimulatedRun world = new SimulatedRun(5);
  private final HeapBudget budget = new HeapBudget(world, "reads", 100 * MIB, MIB);
  private final List<String> done = new ArrayList<>();

  /// Takes what is free, and `mebibytes` more.
  private Task ask(String name, long mebibytes, Duration time) {
    return world.fork(
        name,
        () ->
            budget.with(
                name,
                Deadline.after(world, Duration.ofMinutes(1)),
                heap -> {
                  heap.take(MIB);
                  heap.take(mebibytes * MIB);
                  world.sleep(time);
                  return done.add(name);
                }));
  }

  private void run(Runnable test) {
    world.run(test, Duration.ofHours(1));
    assertThat(world.taskFailures()).isEmpty();
  }

  private static ErrorCode codeOf(Throwable e) {
    return ((DbException) e).code();
  }

  @Test
  void whatIsSmallIsNotCounted() {
    run(() -> {
      long taken =
          budget.with(
              "a read",
              Deadline.NEVER,
              heap -> {
                heap.take(MIB / 2);
                heap.take(MIB / 2);
                return budget.takenBytes();
              });
      assertThat(taken).isZero();
    });
  }

  @Test
  void whatIsTakenIsGivenBackHoweverItEnds() {
    run(() -> {
      ask("all", 100, Duration.ZERO).awaitEnd();
      assertThatThrownBy(() ->
              budget.with(
                  "a read",
                  Deadline.NEVER,
                  heap -> {
                    heap.take(50 * MIB);
                    assertThat(budget.takenBytes()).isEqualTo(49 * MIB);
                    throw new IllegalStateException("of the work");
                  }))
          .isInstanceOf(IllegalStateException.class);
      assertThat(budget.takenBytes()).isZero();
      assertThat(budget.refused()).isZero();
      assertThat(done).containsExactly("all");
    });
  }

  @Test
  void whoFindsNoRoomBeginsAgainInHisTurn() {
    run(() -> {
      ask("first", 60, Duration.ofSeconds(10));
      world.sleep(Duration.ofSeconds(1));
      Task much = ask("much", 95, Duration.ofSeconds(1));
      world.sleep(Duration.ofSeconds(1));
      Task little = ask("little", 10, Duration.ZERO);
      world.sleep(Duration.ofSeconds(1));
      assertThat(budget.takenBytes()).as("nobody overtakes").isEqualTo(60 * MIB);

      much.awaitEnd();
      little.awaitEnd();
      assertThat(done).containsExactly("first", "much", "little");
    });
  }

  private HeapBudget.Kept<String> keep(String what, long mebibytes) {
    return budget.keep(
        what,
        Deadline.after(world, Duration.ofSeconds(5)),
        heap -> {
          done.add(what);
          heap.take(mebibytes * MIB);
          return what;
        });
  }

  @Test
  void whatIsKeptIsGivenBackOnceByWhoever() {
    run(() -> {
      HeapBudget.Kept<String> first = keep("an answer", 61);
      assertThat(budget.takenBytes()).isEqualTo(60 * MIB);
      assertThatThrownBy(() -> keep("another", 61))
          .hasMessageContaining("timeout waiting for 62914560 bytes of heap for another");

      Task third = world.fork("third", () -> keep("a third", 90).close());
      world.sleep(Duration.ofSeconds(1));
      world.fork("giving back", first::close).awaitEnd();
      first.close();
      third.awaitEnd();
      assertThat(budget.takenBytes()).isZero();
      assertThat(done).containsExactly("an answer", "another", "a third", "a third");
    });
  }

  @Test
  void moreThanThereIsForAllIsRefusedAtOnce() {
    run(() -> {
      ask("other", 60, Duration.ofMinutes(1));
      world.sleep(Duration.ofSeconds(1));
      assertThatThrownBy(() ->
              budget.with(
                  "a search",
                  Deadline.NEVER,
                  heap -> {
                    heap.take(102 * MIB);
                    return true;
                  }))
          .hasMessageContaining(
              "a search needs 105906176 bytes of heap, reads have 104857600 bytes")
          .extracting(HeapBudgetTest::codeOf)
          .isEqualTo(ErrorCode.MEMORY_LIMIT_EXCEEDED);
      assertThat(budget.refused()).isEqualTo(1);
    });
  }

  @Test
  void whoGivesUpMakesWayForThoseBehind() {
    run(() -> {
      ask("first", 60, Duration.ofSeconds(20));
      world.sleep(Duration.ofSeconds(1));
      Task impatient =
          world.fork(
              "impatient",
              () ->
                  assertThatThrownBy(() ->
                          budget.with(
                              "a query",
                              Deadline.after(world, Duration.ofSeconds(5)),
                              heap -> {
                                heap.take(90 * MIB);
                                return done.add("impatient");
                              }))
                      .extracting(HeapBudgetTest::codeOf)
                      .isEqualTo(ErrorCode.TIMEOUT));
      world.sleep(Duration.ofSeconds(1));
      Task behind = ask("behind", 40, Duration.ofSeconds(1));
      impatient.awaitEnd();
      behind.awaitEnd();

      assertThat(done).containsExactly("behind");
    });
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void togetherTheyNeverHaveMore(long seed) {
    SimulatedRun many = new SimulatedRun(seed);
    HeapBudget shared = new HeapBudget(many, "reads", 100 * MIB, MIB);
    long[] held = new long[2];
    many.run(
        () -> {
          RandomGenerator random = many.random();
          List<Task> tasks = new ArrayList<>();
          for (int i = 0; i < 50; i++) {
            long first = random.nextLong(0, 60 * MIB);
            long then = random.nextLong(0, 40 * MIB);
            Duration time = Duration.ofMillis(random.nextLong(0, 2_000));
            tasks.add(
                many.fork(
                    "task-" + i,
                    () ->
                        shared.with(
                            "a task",
                            Deadline.NEVER,
                            heap -> {
                              heap.take(first);
                              many.sleep(time);
                              heap.take(then);
                              held[0] += first + then - MIB;
                              assertThat(held[0]).isLessThanOrEqualTo(100 * MIB);
                              many.sleep(time);
                              held[0] -= first + then - MIB;
                              held[1]++;
                              return true;
                            })));
          }
          tasks.forEach(Task::awaitEnd);
          assertThat(shared.takenBytes()).isZero();
        },
        Duration.ofHours(1));
    assertThat(many.taskFailures()).isEmpty();
    assertThat(held[1]).isEqualTo(50);
  }
}
