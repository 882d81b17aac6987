package io.elanus.chaos.figure;

import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `chaos/run summary`: what all rounds so far come to.
@Command(
    name = "summary",
    mixinStandardHelpOptions = true,
    showDefaultValues = true,
    description = {
      "Adds up all rounds kept so far, per figure and deployment: rounds, failures, the bound on the failure",
      "rate (3/N at 95 %), counts, largest measures, and the commits they were run at, in order."
    })
public final class SummaryCommand implements Callable<Integer> {
  @Option(names = "--results", paramLabel = "<folder>", description = "Where lines are.")
  private Path results = Rounds.home().resolve("docs/results/chaos");

  @Override
  public Integer call() {
    Results kept = new Results(results);
    boolean failed = false;
    for (String figure : kept.figures()) {
      Map<String, List<Result>> byDeployment =
          kept.of(figure).stream()
              .collect(Collectors.groupingBy(Result::on, TreeMap::new, Collectors.toList()));
      for (var entry : byDeployment.entrySet()) {
        System.out.println(line(entry.getValue()));
        failed |= latestBySeed(entry.getValue()).stream().anyMatch(result -> !result.passed());
      }
    }
    return failed ? 1 : 0;
  }

  /// One line, wrapped for reading.
  static String line(List<Result> all) {
    List<Result> latest = latestBySeed(all);
    long failedEver = all.stream().filter(result -> !result.passed()).count();
    long failedNow = latest.stream().filter(result -> !result.passed()).count();
    Map<String, Long> counts = new TreeMap<>();
    Map<String, Double> measures = new TreeMap<>();
    Set<String> commits = new LinkedHashSet<>();
    for (Result result : latest) {
      result.counts().forEach((what, count) -> counts.merge(what, count, Long::sum));
      result.measures().forEach((what, measure) -> measures.merge(what, measure, Math::max));
    }
    all.forEach(result -> commits.add(result.commit()));
    Result first = all.getFirst();
    String bound = failedNow == 0 ? ", failure rate below %.2g".formatted(3.0 / latest.size()) : "";
    return "%s on %s: %d rounds, %d fail%s (%d lines of failed rounds kept)%n    %s%n    %s%n    commits %s"
        .formatted(
            first.figure(),
            first.on(),
            latest.size(),
            failedNow,
            bound,
            failedEver,
            counts,
            measures,
            String.join(" ", commits));
  }

  /// The last word on each seed: a round that failed is run again after its cause was mended.
  private static List<Result> latestBySeed(List<Result> all) {
    Map<Long, Result> bySeed = new LinkedHashMap<>();
    all.forEach(result -> bySeed.put(result.seed(), result));
    return bySeed.values().stream().sorted(Comparator.comparingLong(Result::seed)).toList();
  }
}
