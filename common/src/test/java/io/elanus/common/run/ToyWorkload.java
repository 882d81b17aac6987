package io.elanus.common.run;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.random.RandomGenerator;

/// Twenty tasks around one bounded queue, with sleeps and deadlines: enough to compare ways of
/// running it, and two runs with each other.
final class ToyWorkload {
  private static final int PAIRS = 10;
  private static final int CAPACITY = 4;

  private final Run run;
  private final int itemCount;
  private final Gate gate;
  private final Deque<Integer> queue = new ArrayDeque<>();
  private int consumed;

  private ToyWorkload(Run run, int itemCount) {
    this.run = run;
    this.itemCount = itemCount;
    this.gate = run.gate();
  }

  /// Each of ten producers puts `itemCount` items, ten consumers take them all.
  static void run(SimulatedRun run, int itemCount) {
    run.run(() -> new ToyWorkload(run, itemCount).work(), Duration.ofDays(1));
  }

  private void work() {
    List<Task> tasks = new ArrayList<>();
    for (int i = 0; i < PAIRS; i++) {
      tasks.add(run.fork("producer-" + i, this::produce));
      tasks.add(run.fork("consumer-" + i, this::consume));
    }
    tasks.forEach(Task::awaitEnd);
  }

  private void produce() {
    RandomGenerator random = run.random();
    for (int i = 0; i < itemCount; i++) {
      int item = i;
      gate.await(() -> queue.size() < CAPACITY && queue.add(item), Deadline.NEVER);
      gate.change(() -> {});
      if (random.nextInt(8) == 0) {
        run.sleep(Duration.ofMillis(random.nextInt(5)));
      }
    }
  }

  private void consume() {
    while (gate.read(() -> consumed) < PAIRS * itemCount) {
      Deadline deadline = Deadline.after(run, Duration.ofMillis(3));
      if (gate.await(() -> !queue.isEmpty() && queue.remove() >= 0, deadline)) {
        gate.change(() -> consumed++);
      }
    }
  }
}
