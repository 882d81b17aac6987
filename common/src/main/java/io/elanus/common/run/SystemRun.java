package io.elanus.common.run;

import java.time.Duration;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/// The real thing: virtual threads, the clocks of the machine, chance from the JDK.
///
/// Cancelling a task interrupts its thread. The interrupt flag stays set when a wait throws
/// `CANCELED`, so every later wait of that thread throws too: cleanup after a cancel may change
/// gates and call [Task#awaitEnd], but not wait otherwise.
public final class SystemRun implements Run {
  @Override
  public long wallMillis() {
    return System.currentTimeMillis();
  }

  @Override
  public long nanoTime() {
    return BootClock.nanoTime();
  }

  @Override
  public RandomGenerator random() {
    return new SplittableRandom();
  }

  @Override
  public Task fork(String name, Runnable body) {
    return SystemTask.start(this, name, body);
  }

  @Override
  public void sleep(Duration duration) {
    try {
      Thread.sleep(duration);
    } catch (InterruptedException e) {
      throw Canceled.byInterrupt(e);
    }
  }

  @Override
  public Gate gate() {
    return new SystemGate(this);
  }
}
