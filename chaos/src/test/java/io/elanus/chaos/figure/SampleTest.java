package io.elanus.chaos.figure;

import static org.assertj.core.api.Assertions.assertThat;

import io.elanus.chaos.figure.Rounds.Place;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Three minutes of the figures, which decide the build: on a standalone server and on a cluster.
/// `-Delanus.chaos.seconds` says how long each part takes, `-Delanus.chaos.seed` where to begin.
@EnabledIfEnvironmentVariable(named = "ELANUS_CHAOS_SAMPLE", matches = "1")
class SampleTest {
  private static final String CLUSTER = "kafka-mariadb-s3-small";
  private static final Duration BUDGET =
      Duration.ofSeconds(Integer.getInteger("elanus.chaos.seconds", 30));
  private static final long FIRST_SEED = Long.getLong("elanus.chaos.seed", 1);

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"standalone", CLUSTER})
  void killsUnderLoadLoseNothing(String on) {
    run(on, place -> Crashes.kills(place, 5));
  }

  @ParameterizedTest
  @ValueSource(strings = {"standalone", CLUSTER})
  void historiesUnderRandomFaultsAreLinearizable(String on) {
    run(on, place -> new Histories(place, Duration.ofSeconds(10)));
  }

  /// At least one round, and more until the budget is spent.
  private void run(String on, Function<Place, Figure> open) {
    try (Figure figure = open.apply(new Place(on, folder, Optional.empty()))) {
      long start = System.nanoTime();
      long seed = FIRST_SEED;
      do {
        Figure.Outcome outcome = figure.round(seed);
        System.out.printf("seed %d on %s: %s, %s%n", seed, on, outcome.story(), outcome.counts());
        assertThat(outcome.violations()).as("seed %d on %s", seed, on).isEmpty();
        seed++;
      } while (System.nanoTime() - start < BUDGET.toNanos());
    }
  }
}
