package io.elanus.bench.tails;

import io.elanus.bench.Machine;
import io.elanus.bench.measure.Median;
import io.elanus.bench.measure.ThreadUsage;
import io.elanus.bench.vectors.DataSet;
import io.elanus.index.SearchParams;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `bench/run tails <folder>`: searches of a shard that was never flushed.
@Command(
    name = "tails",
    mixinStandardHelpOptions = true,
    showDefaultValues = true,
    description = {
      "Puts base*.npy into a shard by records of 1,000 rows, and searches query*.npy on one thread while all of it is in memory only:",
      "by looking through all rows, alone and 64 at a time, and by the graphs that are made when enough searches did.",
      "Prints milliseconds of CPU of a search, the median of the rounds, which take turns, what making the graphs took, and how many",
      "searches later that has paid."
    })
public final class TailsCommand implements Callable<Integer> {
  private static final int K = 10;
  private static final int TOGETHER = 64;
  private static final double MILLIS_PER_SECOND = 1e3;
  private static final double MIB = 1 << 20;

  @Parameters(paramLabel = "<folder>", description = "Folder of .npy files.")
  private Path folder = Path.of("");

  @Option(names = "--ef", split = ",", description = "Of searches by graphs, by commas.")
  private List<Integer> efs = List.of(16, 64, 128);

  @Option(names = "--queries", description = "At most.")
  private int queries = 512;

  @Option(names = "--rounds", description = "Passes over the queries; the median counts.")
  private int rounds = 5;

  /// One way to search.
  private record Way(String name, SearchParams params, int together) {}

  @Override
  public Integer call() throws IOException {
    DataSet data = DataSet.read(folder);
    System.out.printf(Locale.ROOT, "%s; load %.1f%n", Machine.text(), Machine.load());
    GrowingShard shard = new GrowingShard(data);
    System.out.printf(
        Locale.ROOT,
        "%s, %,d x %d, %d blocks, %.0f MiB%n%n",
        data.name(),
        data.base().rows(),
        data.base().columns(),
        shard.blocks(),
        shard.bytes() / MIB);
    List<float[]> all =
        Arrays.asList(data.queryRows()).subList(0, Math.min(queries, data.queries().rows()));
    measure(shard, all, List.of(new Way("scan", new SearchParams.Exact(), 1), together()));
    int searches = untilDue(shard, all);
    makeGraphs(shard, searches);
    List<Way> ways = new ArrayList<>();
    ways.add(new Way("scan", new SearchParams.Exact(), 1));
    ways.add(together());
    for (int ef : efs) {
      ways.add(new Way("graphs, ef " + ef, new SearchParams.Hnsw(ef), 1));
    }
    measure(shard, all, ways);
    System.out.printf(Locale.ROOT, "%nload %.1f%n", Machine.load());
    return 0;
  }

  private static Way together() {
    return new Way("scan, %d at a time".formatted(TOGETHER), new SearchParams.Exact(), TOGETHER);
  }

  /// @return searches that found no graph before one was due
  private static int untilDue(GrowingShard shard, List<float[]> all) {
    int searches = 0;
    for (; !shard.isGraphDue(); searches += TOGETHER) {
      shard.search(all.subList(0, TOGETHER), K, new SearchParams.Hnsw(K));
    }
    return searches;
  }

  private static void makeGraphs(GrowingShard shard, int searches) {
    int graphs = 0;
    double seconds = 0;
    boolean made = true;
    while (made) {
      long start = ThreadUsage.cpuNanos();
      made = shard.makeGraph();
      seconds += (ThreadUsage.cpuNanos() - start) / 1e9;
      graphs += made ? 1 : 0;
    }
    System.out.printf(
        Locale.ROOT,
        "%n%d graphs due after %,d searches, %d at a time: %.2f s of CPU, %.0f MiB%n%n",
        graphs,
        searches,
        TOGETHER,
        seconds,
        shard.graphBytes() / MIB);
  }

  private void measure(GrowingShard shard, List<float[]> all, List<Way> ways) {
    List<List<Double>> millis = ways.stream().<List<Double>>map(_ -> new ArrayList<>()).toList();
    for (int round = 0; round < rounds; round++) {
      for (int i = 0; i < ways.size(); i++) {
        int at = round % 2 == 0 ? i : ways.size() - 1 - i;
        millis
            .get(at)
            .add(
                MILLIS_PER_SECOND
                    * ThreadUsage.cpuSeconds(() -> search(shard, all, ways.get(at)))
                    / all.size());
      }
    }
    System.out.printf("| | ms a search | recall@10 |%n|---|---|---|%n");
    int[] exact = search(shard, all, ways.getFirst());
    for (int i = 0; i < ways.size(); i++) {
      System.out.printf(
          Locale.ROOT,
          "| %s | %.3f | %.4f |%n",
          ways.get(i).name(),
          Median.of(millis.get(i)),
          share(search(shard, all, ways.get(i)), exact));
    }
  }

  private static int[] search(GrowingShard shard, List<float[]> all, Way way) {
    int[] found = new int[K * all.size()];
    for (int from = 0; from < all.size(); from += way.together()) {
      List<float[]> some = all.subList(from, Math.min(all.size(), from + way.together()));
      int[] rows = shard.search(some, K, way.params());
      System.arraycopy(rows, 0, found, K * from, rows.length);
    }
    return found;
  }

  /// Of the rows of `exact` that are among those found for the same query.
  private static double share(int[] found, int[] exact) {
    int hits = 0;
    for (int i = 0; i < exact.length; i++) {
      int from = i / K * K;
      int row = exact[i];
      hits += Arrays.stream(found, from, from + K).anyMatch(other -> other == row) ? 1 : 0;
    }
    return hits / (double) exact.length;
  }
}
