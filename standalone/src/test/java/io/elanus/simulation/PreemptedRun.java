package io.elanus.simulation;

import io.elanus.common.run.Deadline;
import io.elanus.common.run.Gate;
import io.elanus.common.run.Run;
import io.elanus.common.run.SimulatedProcess;
import io.elanus.common.run.Task;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/// A process some of whose threads get no processor for a while, as on a machine that is busy: after a look
/// at a gate, a task may stand still while the others of its process go on.
record PreemptedRun(SimulatedProcess process, Chaos chaos) implements Run {
  @Override
  public long wallMillis() {
    return process.wallMillis();
  }

  @Override
  public long nanoTime() {
    return process.nanoTime();
  }

  @Override
  public RandomGenerator random() {
    return process.random();
  }

  @Override
  public Task fork(String name, Runnable body) {
    return process.fork(name, body);
  }

  @Override
  public void sleep(Duration duration) {
    process.sleep(duration);
  }

  @Override
  public Gate gate() {
    Gate gate = process.gate();
    return new Gate() {
      @Override
      public <T> T change(Supplier<T> action) {
        T result = gate.change(action);
        chaos.preempt(process);
        return result;
      }

      @Override
      public <T> T read(Supplier<T> action) {
        T result = gate.read(action);
        chaos.preempt(process);
        return result;
      }

      @Override
      public boolean await(BooleanSupplier condition, Deadline deadline) {
        boolean reached = gate.await(condition, deadline);
        chaos.preempt(process);
        return reached;
      }
    };
  }
}
