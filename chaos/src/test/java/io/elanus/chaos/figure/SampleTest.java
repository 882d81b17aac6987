package io.elanus.chaos.figure;

import static org.assertj.core.api.Assertions.assertThat;

import io.elanus.chaos.figure.Rounds.Place;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/// A few minutes of the figures, which decide the build. `-Delanus.chaos.on=kafka-mariadb-s3` runs them on a
/// cluster, `-Delanus.chaos.seconds` says how long, `-Delanus.chaos.seed` where to begin.
@EnabledIfEnvironmentVariable(named = "ELANUS_CHAOS_SAMPLE", matches = "1")
class SampleTest {
  private static final String ON = System.getProperty("elanus.chaos.on", "standalone");
  private static final Duration BUDGET =
      Duration.ofSeconds(Integer.getInteger("elanus.chaos.seconds", 60));
  private static final long FIRST_SEED = Long.getLong("elanus.chaos.seed", 1);

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  Path folder;

  @Test
  void killsUnderLoadLoseNothing() {
    run(Kills::new);
  }

  @Test
  void historiesUnderRandomFaultsAreLinearizable() {
    run(place -> new Histories(place, Duration.ofSeconds(10)));
  }

  /// At least one round, and more until half of the budget is spent.
  private void run(Function<Place, Figure> open) {
    long start = System.nanoTime();
    try (Figure figure = open.apply(new Place(ON, folder))) {
      long seed = FIRST_SEED;
      do {
        Figure.Outcome outcome = figure.round(seed);
        System.out.printf("seed %d: %s, %s%n", seed, outcome.story(), outcome.counts());
        assertThat(outcome.violations()).as("seed %d on %s", seed, ON).isEmpty();
        seed++;
      } while (System.nanoTime() - start < BUDGET.dividedBy(2).toNanos());
    }
  }
}
