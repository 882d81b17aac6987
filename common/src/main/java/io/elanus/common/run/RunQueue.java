package io.elanus.common.run;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/// Tasks that can run, or may find that they can when they look at their condition again. Those of
/// a paused process are held back.
final class RunQueue {
  private final SplittableRandom choices;
  private final List<SimulatedTask> runnable = new ArrayList<>();

  RunQueue(SplittableRandom choices) {
    this.choices = choices;
  }

  boolean isEmpty() {
    return runnable.isEmpty();
  }

  void add(SimulatedTask task, long now) {
    if (!task.queued && !task.killed) {
      task.queued = true;
      (task.process.isPaused(now) ? task.process.held() : runnable).add(task);
    }
  }

  /// Takes out any task, each as likely as the others.
  SimulatedTask take() {
    int index = choices.nextInt(runnable.size());
    SimulatedTask task = runnable.get(index);
    runnable.set(index, runnable.getLast());
    runnable.removeLast();
    task.queued = false;
    return task;
  }

  void remove(List<SimulatedTask> tasks) {
    runnable.removeAll(tasks);
  }

  void hold(SimulatedProcess process) {
    List<SimulatedTask> held = runnable.stream().filter(t -> t.process == process).toList();
    runnable.removeAll(held);
    process.held().addAll(held);
  }

  void release(SimulatedProcess process) {
    runnable.addAll(process.held());
    process.held().clear();
  }
}
