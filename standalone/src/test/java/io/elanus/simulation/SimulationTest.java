package io.elanus.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// A sample of seeds in every build. Many more: [SimulationCommand].
class SimulationTest {
  private static final int SEEDS = 40;

  @BeforeAll
  static void quiet() {
    SimulationCommand.logAt(Level.OFF);
  }

  @Test
  void everyInvariantHoldsOnASampleOfSeeds() {
    long repeats = 0;
    long partials = 0;
    long refusals = 0;
    long takeovers = 0;
    long deleteFiles = 0;
    long peerAnswers = 0;
    long pastAnswers = 0;
    long snapshots = 0;
    long restoredShards = 0;
    for (long seed = 0; seed < SEEDS; seed++) {
      Simulation.Result result = Simulation.run(seed, Plant.NONE);
      repeats += result.repeats();
      partials += result.partials();
      refusals += result.refusals();
      takeovers += result.takeovers();
      deleteFiles += result.deleteFiles();
      peerAnswers += result.peerAnswers();
      pastAnswers += result.pastAnswers();
      snapshots += result.snapshots();
      restoredShards += result.restoredShards();
    }
    assertThat(repeats).as("repeated records that were met").isPositive();
    assertThat(partials).as("partial upserts that took effect").isPositive();
    assertThat(refusals).as("partial upserts that came too late").isPositive();
    assertThat(takeovers).as("logs that changed hands").isPositive();
    assertThat(deleteFiles).as("delete files that were written").isPositive();
    assertThat(peerAnswers).as("parts of reads answered by holders").isPositive();
    assertThat(pastAnswers).as("reads as of a mark").isPositive();
    assertThat(snapshots).as("snapshots that were taken").isPositive();
    assertThat(restoredShards).as("shards that were restored").isPositive();
  }

  @Test
  void aSeedTakesTheSameWayAgain() {
    for (long seed = 0; seed < SEEDS; seed += 10) {
      assertThat(Simulation.run(seed, Plant.NONE)).isEqualTo(Simulation.run(seed, Plant.NONE));
    }
  }
}
