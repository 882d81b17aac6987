package io.elanus.chaos.figure;

import io.elanus.chaos.figure.Figure.Outcome;
import io.elanus.chaos.system.Topology;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.LongStream;
import picocli.CommandLine.Option;

/// What all figures share: which rounds, on what, and where it is written down.
final class Rounds {
  private static final int MAX_VIOLATIONS_KEPT = 20;

  @Option(names = "--seed", paramLabel = "<n>", description = "Seed of the first round.")
  private long seed = 1;

  @Option(names = "--rounds", paramLabel = "<n>", description = "How many; those done are skipped.")
  private int rounds = 10;

  @Option(
      names = "--on",
      paramLabel = "<deployment>",
      description = "standalone, or kafka|kafka3-mariadb|etcd-s3[-small].")
  private String on = "standalone";

  @Option(names = "--again", description = "Run rounds that passed before, too.")
  private boolean again;

  @Option(names = "--results", paramLabel = "<folder>", description = "Where lines are appended.")
  private Path results = home().resolve("docs/results/chaos");

  @Option(
      names = "--data",
      paramLabel = "<folder>",
      description = "Where a standalone server keeps its data; a new one of each run, if not said.")
  private Optional<Path> data = Optional.empty();

  /// Where a figure works.
  ///
  /// @param folder for logs and histories
  /// @param data of a standalone server, when it is to be elsewhere
  record Place(String on, Path folder, Optional<Path> data) {
    /// @param change what the figure needs beside what was asked for
    Site deploy(UnaryOperator<Topology> change) {
      return Site.open(on, folder, data, change);
    }

    Place withData(Path elsewhere) {
      return new Place(on, folder, Optional.of(elsewhere));
    }
  }

  /// The source tree: of `chaos/run`, or of a test.
  static Path home() {
    return Path.of(System.getProperty("elanus.home", System.getProperty("elanus.root", ".")));
  }

  /// Runs the rounds that are missing, up to the first that fails.
  ///
  /// @return exit code: 1 when a round failed
  int run(String name, Function<Place, Figure> open) {
    Results kept = new Results(results);
    String commit = Commit.current(home());
    List<Long> missing =
        LongStream.range(seed, seed + rounds)
            .filter(round -> again || !kept.has(name, on, round))
            .boxed()
            .toList();
    System.out.printf(
        "%s on %s at %s: %d rounds, %d done before%n",
        name, on, commit, rounds, rounds - missing.size());
    if (missing.isEmpty()) {
      return 0;
    }
    Place place = new Place(on, scratch(name), data);
    System.out.println("data, logs and histories in " + place.folder());
    try (Figure figure = open.apply(place)) {
      for (long round : missing) {
        Result result = round(name, figure, round, commit);
        kept.append(result);
        if (!result.passed()) {
          System.out.printf("%s FAILED in round %d%n", name, round);
          return 1;
        }
      }
    }
    System.out.printf("%s passed: %d rounds%n", name, missing.size());
    return 0;
  }

  private Result round(String name, Figure figure, long round, String commit) {
    long start = System.nanoTime();
    Outcome outcome = figure.round(round);
    List<String> violations = outcome.violations().stream().limit(MAX_VIOLATIONS_KEPT).toList();
    System.out.printf(
        "%s seed %d: %s; %s %s; %d violations (%.1f s)%n",
        name,
        round,
        outcome.story(),
        outcome.counts(),
        outcome.measures(),
        outcome.violations().size(),
        (System.nanoTime() - start) / 1e9);
    violations.forEach(System.out::println);
    return new Result(name, on, round, commit, outcome.counts(), outcome.measures(), violations);
  }

  private static Path scratch(String name) {
    try {
      Path parent = Files.createDirectories(home().resolve("chaos/target/runs"));
      return Files.createTempDirectory(
          parent.toAbsolutePath(), name.toLowerCase(Locale.ROOT) + "-");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
