package io.elanus.common.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// A process in the middle of everything is killed, at a different instant with each seed: nothing
/// of it is left, nothing of it is done afterwards, and its successor works.
class ShapesDieTest {
  private static final int SEEDS = 500;
  private static final Deadline NEVER = Deadline.NEVER;

  @Test
  void nothingIsDoneAfterDeath() {
    for (long seed = 0; seed < SEEDS; seed++) {
      SimulatedRun run = new SimulatedRun(seed);
      run.run(() -> new Crash(run).happen(), Duration.ofHours(1));
      assertThat(run.taskFailures()).isEmpty();
    }
  }

  /// `effects` stands for a port: it belongs to the world and outlives the process.
  private static final class Crash {
    private final SimulatedRun run;
    private final Gate world;
    private int effects;

    Crash(SimulatedRun run) {
      this.run = run;
      this.world = run.gate();
    }

    void happen() {
      SimulatedProcess first = run.process("node");
      Task dying = first.fork("main", () -> workForever(first));
      run.sleep(Duration.ofMillis(5).plusNanos(run.random().nextInt(20_000_000)));

      run.kill(first);
      int before = effects;
      SimulatedProcess second = run.process("node");
      run.sleep(Duration.ofSeconds(10));

      assertThat(dying.isDone()).isTrue();
      assertThat(before).isPositive();
      assertThat(effects).isEqualTo(before);
      second.fork("main", () -> workForever(second));
      assertThat(world.await(() -> effects > before + 10, Runs.in(run, 60_000))).isTrue();
    }

    private void workForever(Run node) {
      try (Closer closer = new Closer()) {
        Coalescer<Integer, Integer> calls =
            Coalescer.shared(node, "call", arguments -> slowly(node, arguments.size()));
        var loop =
            closer.add(
                CommandLoop.<Integer, Integer>start(
                    node,
                    "loop",
                    new CommandLoop.Limits(100, 4),
                    commands ->
                        commands.stream().map(i -> Outcome.done(slowly(node, i))).toList()));
        closer.add(Ticker.start(node, "ticker", Duration.ofMillis(3), () -> slowly(node, 0)));
        closer.add(() -> world.change(() -> effects++));
        List<Integer> items = IntStream.range(0, 6).boxed().toList();
        while (true) {
          new FanOut(node).all(items, NEVER, i -> loop.submit(i, NEVER) + calls.join(i, NEVER));
        }
      }
    }

    private int slowly(Run node, int value) {
      node.sleep(Duration.ofMillis(1));
      world.change(() -> effects++);
      return value;
    }
  }
}
