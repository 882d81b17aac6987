package io.elanus.bench.peers;

import io.elanus.bench.Report;
import io.elanus.bench.vectors.DataSet;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `bench/run concurrent <folder>`: searches of one index by several threads.
@Command(
    name = "concurrent",
    mixinStandardHelpOptions = true,
    showDefaultValues = true,
    description = {
      "Builds indexes over base*.npy, each in a process of its own and in memory, and lets 1, 2 and 8 threads search it at",
      "the same time for query*.npy, the indexes in turns. Prints searches a second by the clock, how many times as many as",
      "by the first number of threads, and how long single searches take, waiting for a processor included: of the round",
      "with the median rate. Writes table.md."
    })
public final class ConcurrentCommand implements Callable<Integer> {
  private static final Comparator<Contender.Together> BY_RATE =
      Comparator.comparingDouble(Contender.Together::rate);

  @Parameters(paramLabel = "<folder>", description = "Folder of .npy files.")
  private Path folder = Path.of("");

  @Mixin private Ours ours = new Ours();

  @Option(names = "--threads", split = ",", description = "That search, by commas.")
  private List<Integer> threads = List.of(1, 2, 8);

  @Option(names = "--ef", description = "Of graphs.")
  private int ef = 64;

  @Option(names = "--probes", description = "Lists looked through.")
  private int probes = 16;

  @Option(names = "--passes", description = "Over the queries, in each round.")
  private int passes = 20;

  @Option(names = "--rounds", description = "That count, after one that does not.")
  private int rounds = 5;

  @Option(names = "--out", description = "Folder of what is written; made.")
  private Path out = Path.of("target", "concurrent");

  @Override
  public Integer call() throws IOException {
    DataSet data = DataSet.read(folder);
    Report report =
        new Report(
            "%s; ef %d, %d lists of %s looked through; %d rounds of %d searches."
                .formatted(
                    ours.text(data),
                    ef,
                    probes,
                    ours.shape.lists,
                    rounds,
                    passes * data.queries().rows()),
            "",
            "recall",
            "threads",
            "searches/s",
            "times as many",
            "median, us",
            "P99, us");
    ours.withBuilt(folder, contenders -> measure(data, contenders, report));
    report.write(out);
    return 0;
  }

  private void measure(DataSet data, List<Contender> contenders, Report report) {
    List<Turn> turns = new ArrayList<>();
    for (Contender contender : contenders) {
      threads.forEach(count -> turns.add(new Turn(contender, count)));
    }
    for (int round = 0; round <= rounds; round++) {
      for (Turn turn : round % 2 == 0 ? turns : turns.reversed()) {
        turn.take(data, round > 0);
      }
      System.err.printf("round %d of %d%n", round, rounds);
    }
    for (Contender contender : contenders) {
      double recall = data.recall(contender.find(effort(contender)), Shape.K);
      List<Turn> own = turns.stream().filter(turn -> turn.contender == contender).toList();
      for (Turn turn : own) {
        Contender.Together median = turn.median();
        report.add(
            "%s | %.4f | %d | %,.0f | %.2f | %.0f | %.0f",
            contender.name(),
            recall,
            turn.count,
            median.rate(),
            median.rate() / own.getFirst().median().rate(),
            median.medianMicros(),
            median.p99Micros());
      }
    }
  }

  private int effort(Contender contender) {
    return contender.name().hasLists() ? probes : ef;
  }

  /// So many threads on one index, and what they did in the rounds so far.
  private final class Turn {
    private final Contender contender;
    private final int count;
    private final List<Contender.Together> done = new ArrayList<>();

    Turn(Contender contender, int count) {
      this.contender = contender;
      this.count = count;
    }

    void take(DataSet data, boolean counts) {
      int searches = passes * data.queries().rows();
      Contender.Together together = contender.together(effort(contender), count, searches);
      if (counts) {
        done.add(together);
      }
    }

    Contender.Together median() {
      return done.stream().sorted(BY_RATE).toList().get((done.size() - 1) / 2);
    }
  }
}
