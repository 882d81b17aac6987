package io.elanus.common.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class CommandLoopTest {
  private static final CommandLoop.Limits LIMITS = new CommandLoop.Limits(100, 3);

  @ParameterizedTest
  @EnumSource
  void answersEachCommandInBoundedBatches(Runs runs) {
    runs.inRun(run -> {
      List<Integer> handled = new ArrayList<>();
      CommandLoop.Handler<Integer, Integer> negate =
          commands -> {
            assertThat(commands).hasSizeBetween(1, 3);
            run.sleep(Duration.ofMillis(1));
            handled.addAll(commands);
            return commands.stream().map(i -> Outcome.done(-i)).toList();
          };
      try (var loop = CommandLoop.start(run, "loop", LIMITS, negate)) {
        List<Integer> items = IntStream.range(0, 20).boxed().toList();

        List<Integer> answers =
            new FanOut(run).all(items, Deadline.NEVER, i -> loop.submit(i, Deadline.NEVER));

        assertThat(answers).isEqualTo(items.stream().map(i -> -i).toList());
        assertThat(handled).containsExactlyInAnyOrderElementsOf(items);
      }
    });
  }

  @ParameterizedTest
  @EnumSource
  void errorsArePerCommand(Runs runs) {
    runs.inRun(run -> {
      CommandLoop.Handler<Integer, Integer> odd =
          commands ->
              commands.stream()
                  .map(i ->
                      i % 2 == 1
                          ? Outcome.done(i)
                          : Outcome.<Integer>failed(
                              new DbException(ErrorCode.INVALID_PARAMETER, "even")))
                  .toList();
      try (var loop = CommandLoop.start(run, "loop", LIMITS, odd)) {
        Runs.assertFails(ErrorCode.INVALID_PARAMETER, () -> loop.submit(2, Deadline.NEVER));
        assertThat(loop.submit(3, Deadline.NEVER)).isEqualTo(3);
      }
    });
  }

  @ParameterizedTest
  @EnumSource
  void whoGivesUpWhileWaitingHadNoEffect(Runs runs) {
    runs.inRun(run -> {
      StuckHandler stuck = new StuckHandler(run);
      try (var loop = CommandLoop.start(run, "loop", LIMITS, stuck)) {
        Task first = run.fork("first", () -> loop.submit(1, Deadline.NEVER));
        stuck.awaitCall();

        Runs.assertFails(ErrorCode.TIMEOUT, () -> loop.submit(2, Runs.in(run, 5)));
        stuck.release();
        first.awaitEnd();
        loop.submit(3, Deadline.NEVER);

        assertThat(first.failure()).isEmpty();
        assertThat(stuck.seen).containsExactly(1, 3);
      }
    });
  }

  /// In the very moment in which the loop would take his command: in one of these orders it had seen him waiting already.
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16})
  void whoGivesUpDoesNotEndTheLoop(long seed) {
    SimulatedRun run = new SimulatedRun(seed);
    Duration pause = Duration.ofMillis(1);
    CommandLoop.Handler<Integer, Integer> slow =
        commands -> {
          run.sleep(pause);
          return commands.stream().map(Outcome::done).toList();
        };
    run.run(
        () -> {
          try (var loop = CommandLoop.start(run, "loop", LIMITS, slow)) {
            for (int round = 0; round < 50; round++) {
              Deadline end = Deadline.after(run, pause);
              List<Task> leaving =
                  IntStream.range(0, 2)
                      .mapToObj(i -> run.fork("leaving", () -> tryTo(() -> loop.submit(i, end))))
                      .toList();
              leaving.forEach(Task::awaitEnd);
            }

            assertThat(loop.submit(7, Deadline.after(run, Duration.ofMinutes(1)))).isEqualTo(7);
          }
        },
        Duration.ofHours(1));
  }

  @ParameterizedTest
  @EnumSource
  void whoGivesUpAfterTheHandoverDoesNotKnow(Runs runs) {
    runs.inRun(run -> {
      StuckHandler stuck = new StuckHandler(run);
      try (var loop = CommandLoop.start(run, "loop", LIMITS, stuck)) {
        Runs.assertFails(ErrorCode.OUTCOME_UNKNOWN, () -> submitAndLeave(run, loop, stuck));
        stuck.release();
      }
    });
  }

  private static void submitAndLeave(
      Run run, CommandLoop<Integer, Integer> loop, StuckHandler stuck) {
    Task caller = run.fork("caller", () -> loop.submit(1, Deadline.NEVER));
    stuck.awaitCall();
    caller.cancel();
    caller.awaitEnd();
    throw (DbException) caller.failure().orElseThrow();
  }

  @ParameterizedTest
  @EnumSource
  void aFullQueueRefuses(Runs runs) {
    runs.inRun(run -> {
      StuckHandler stuck = new StuckHandler(run);
      var limits = new CommandLoop.Limits(1, 1);
      try (var loop = CommandLoop.start(run, "loop", limits, stuck)) {
        run.fork("handled", () -> tryTo(() -> loop.submit(1, Deadline.NEVER)));
        stuck.awaitCall();
        run.fork("waits", () -> tryTo(() -> loop.submit(2, Deadline.NEVER)));
        while (loop.queued() == 0) {
          run.sleep(Duration.ofMillis(1));
        }

        Runs.assertFails(ErrorCode.TOO_MANY_REQUESTS, () -> loop.submit(3, Deadline.NEVER));
      }
    });
  }

  @ParameterizedTest
  @EnumSource
  void closeFailsWaitingCallersWithItsCode(Runs runs) {
    runs.inRun(run -> {
      StuckHandler stuck = new StuckHandler(run);
      var loop = CommandLoop.start(run, "loop", LIMITS, stuck);
      Task handled = run.fork("handled", () -> loop.submit(1, Deadline.NEVER));
      stuck.awaitCall();
      Task waits = run.fork("waits", () -> loop.submit(2, Deadline.NEVER));
      while (loop.queued() == 0) {
        run.sleep(Duration.ofMillis(1));
      }

      loop.close(ErrorCode.LEADERSHIP_LOST);
      handled.awaitEnd();
      waits.awaitEnd();

      assertThat(code(handled)).isEqualTo(ErrorCode.OUTCOME_UNKNOWN);
      assertThat(code(waits)).isEqualTo(ErrorCode.LEADERSHIP_LOST);
      assertThat(stuck.seen).containsExactly(1);
      Runs.assertFails(ErrorCode.LEADERSHIP_LOST, () -> loop.submit(3, Deadline.NEVER));
      loop.close();
    });
  }

  @ParameterizedTest
  @EnumSource
  void anExceptionOfTheHandlerEndsTheLoop(Runs runs) {
    runs.inRun(run -> {
      FailingHandler failing = new FailingHandler(run, ErrorCode.CORRUPT);
      try (var loop = CommandLoop.start(run, "loop", LIMITS, failing)) {
        Runs.assertFails(ErrorCode.OUTCOME_UNKNOWN, () -> loop.submit(1, Deadline.NEVER));
        assertThat(failing.awaitEnded()).isEqualTo(ErrorCode.SERVICE_UNAVAILABLE);
        Runs.assertFails(ErrorCode.SERVICE_UNAVAILABLE, () -> loop.submit(2, Deadline.NEVER));
      }
    });
  }

  @ParameterizedTest
  @EnumSource
  void lostLeadershipIsToldAsSuch(Runs runs) {
    runs.inRun(run -> {
      FailingHandler failing = new FailingHandler(run, ErrorCode.LEADERSHIP_LOST);
      try (var loop = CommandLoop.start(run, "loop", LIMITS, failing)) {
        Runs.assertFails(ErrorCode.LEADERSHIP_LOST, () -> loop.submit(1, Deadline.NEVER));
        assertThat(failing.awaitEnded()).isEqualTo(ErrorCode.LEADERSHIP_LOST);
      }
    });
  }

  private static ErrorCode code(Task task) {
    return ((DbException) task.failure().orElseThrow()).code();
  }

  private static void tryTo(Runnable body) {
    try {
      body.run();
    } catch (DbException e) {
      assertThat(e).hasMessageContaining("loop");
    }
  }

  /// Keeps its first batch until released.
  private static final class StuckHandler implements CommandLoop.Handler<Integer, Integer> {
    private final Gate gate;
    private final List<Integer> seen = Collections.synchronizedList(new ArrayList<>());
    private boolean released;

    StuckHandler(Run run) {
      this.gate = run.gate();
    }

    @Override
    public List<Outcome<Integer>> handle(List<Integer> commands) {
      gate.change(() -> seen.addAll(commands));
      gate.await(() -> released, Deadline.NEVER);
      return commands.stream().map(Outcome::done).toList();
    }

    void awaitCall() {
      gate.await(() -> !seen.isEmpty(), Deadline.NEVER);
    }

    void release() {
      gate.change(() -> released = true);
    }
  }

  private static final class FailingHandler implements CommandLoop.Handler<Integer, Integer> {
    private final Gate gate;
    private final ErrorCode code;
    private final List<ErrorCode> ended = new ArrayList<>();

    FailingHandler(Run run, ErrorCode code) {
      this.gate = run.gate();
      this.code = code;
    }

    @Override
    public List<Outcome<Integer>> handle(List<Integer> commands) {
      throw new DbException(code, "planted");
    }

    @Override
    public void ended(DbException reason) {
      gate.change(() -> ended.add(reason.code()));
    }

    ErrorCode awaitEnded() {
      gate.await(() -> !ended.isEmpty(), Deadline.NEVER);
      return gate.read(ended::getFirst);
    }
  }
}
