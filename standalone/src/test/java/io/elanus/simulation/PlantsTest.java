package io.elanus.simulation;

import static org.assertj.core.api.Assertions.fail;

import ch.qos.logback.classic.Level;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The checks can fail: each planted bug is caught within few seeds.
class PlantsTest {
  private static final int MAX_SEEDS = 250;

  @BeforeAll
  static void quiet() {
    SimulationCommand.logAt(Level.OFF);
  }

  /// A simulation shares nothing with another.
  @Execution(ExecutionMode.CONCURRENT)
  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
  void isCaught(Plants bug) {
    for (long seed = 0; seed < MAX_SEEDS; seed++) {
      try {
        Simulation.run(seed, bug.plant());
      } catch (Violation _) {
        return;
      }
    }
    fail("%s was not caught by %d seeds", bug, MAX_SEEDS);
  }
}
