package io.elanus.common.run;

import java.time.Duration;
import java.util.function.Consumer;

class SimulatedRunContractTest extends RunContract {
  private static final int SEEDS = 50;

  @Override
  void inRun(Consumer<Run> body) {
    for (int seed = 0; seed < SEEDS; seed++) {
      SimulatedRun run = new SimulatedRun(seed);
      run.run(() -> body.accept(run), Duration.ofHours(1));
    }
  }
}
