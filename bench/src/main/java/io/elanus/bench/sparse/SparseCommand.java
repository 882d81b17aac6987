package io.elanus.bench.sparse;

import io.elanus.bench.measure.ThreadUsage;
import io.elanus.bench.measure.TimedSearch;
import io.elanus.index.AcceptedRows;
import io.elanus.index.BuildControl;
import io.elanus.index.BuiltIndex;
import io.elanus.index.IndexBuilder;
import io.elanus.index.IndexParams;
import io.elanus.index.Neighbors;
import io.elanus.index.SearchParams;
import io.elanus.index.SparseIndex;
import io.elanus.index.SparseScan;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `bench/run sparse`: the inverted index and the scan by turns, on one thread.
@Command(
    name = "sparse",
    mixinStandardHelpOptions = true,
    showDefaultValues = true,
    description = {
      "Searches texts of Zipf-distributed words with BM25 weights by the inverted index and by a scan, in",
      "alternating rounds on one thread, and compares the medians of their processor times. With --python the indexes",
      "of Seismic and of SINDI search for the same, unfiltered, with the least effort that finds enough."
    })
public final class SparseCommand implements Callable<Integer> {
  private static final int WARMING_SEARCHES = 5_000;

  @Option(names = "--texts", description = "How many are searched.")
  private int texts = 100_000;

  @Option(names = "--words", description = "Different words that texts are drawn from.")
  private int words = 50_000;

  @Option(names = "--terms", description = "Different words of a text, on average.")
  private int terms = 60;

  @Option(names = "--query-terms", split = ",", description = "Words of a query.")
  private List<Integer> queryTerms = List.of(6, 30);

  @Option(names = "--queries", description = "So many of each length.")
  private int queries = 50;

  @Option(names = "--k", split = ",", description = "How many results are wanted.")
  private List<Integer> ks = List.of(10, 100);

  @Option(
      names = "--accepted",
      split = ",",
      description = "Parts of the rows that a filter lets through.")
  private List<Double> accepted = List.of(1.0, 0.1);

  @Option(names = "--drop", description = "drop_ratio_search of the approximate rounds.")
  private float drop = 0.4f;

  @Option(names = "--rounds", description = "Of each kind, after two that are not counted.")
  private int rounds = 7;

  @Option(names = "--seed", description = "Of texts, queries and filters.")
  private long seed = 1;

  @Option(
      names = "--python",
      description = "Has what bench/peers/requirements.txt lists. Empty: no peers.")
  private String python = "";

  @Option(names = "--recall", description = "That peers must reach.")
  private double wantedRecall = 0.99;

  @Override
  public Integer call() throws IOException {
    ZipfTexts rows = ZipfTexts.draw(texts, words, terms, new Random(seed));
    long start = ThreadUsage.cpuNanos();
    BuiltIndex built =
        IndexBuilder.build(rows, new IndexParams.Sparse(), BuildControl.onCallingThread());
    System.out.printf(
        "%,d texts, %.1f terms each of %,d words, seed %d: built in %.2f s, %.1f MB, vectors %.1f MB%n",
        rows.count(),
        rows.data().byteSize() / 8.0 / rows.count(),
        words,
        seed,
        (ThreadUsage.cpuNanos() - start) / 1e9,
        built.sizeBytes() / 1e6,
        rows.data().byteSize() / 1e6);
    SparseIndex index = SparseIndex.of(built, rows);
    try (SparsePeers peers = SparsePeers.start(python, rows)) {
      warm(index, rows);
      for (int length : queryTerms) {
        for (int k : ks) {
          for (double part : accepted) {
            compare(index, rows, length, k, part, peers);
          }
        }
      }
    }
    return 0;
  }

  /// Until what looks terms up is compiled, too.
  private void warm(SparseIndex index, ZipfTexts rows) {
    Random random = new Random(seed);
    for (int i = 0; i < WARMING_SEARCHES; i++) {
      float ratio = i % 2 == 0 ? 0 : drop;
      index.search(rows.query(6, random), 10, new SearchParams.Sparse(ratio), AcceptedRows.ALL);
    }
  }

  private void compare(
      SparseIndex index, ZipfTexts rows, int length, int k, double part, SparsePeers peers)
      throws IOException {
    Random random = new Random(seed);
    List<byte[]> asked = Stream.generate(() -> rows.query(length, random)).limit(queries).toList();
    AcceptedRows some = accept(rows.count(), part, random);
    SparseScan scan = new SparseScan(rows);
    SearchParams less = new SearchParams.Sparse(drop);
    TimedSearch scanned = new TimedSearch(asked, query -> scan.search(query, k, some));
    TimedSearch walked =
        new TimedSearch(asked, query -> index.search(query, k, new SearchParams.Exact(), some));
    TimedSearch approximate = new TimedSearch(asked, query -> index.search(query, k, less, some));
    TimedSearch.inTurns(rounds, scanned, walked, approximate);
    System.out.printf(
        "%2d terms, k %3d, %3.0f %% of rows: scan %6.0f us, index %6.1f us, %5.1f times less%s;"
            + " drop %.1f %6.1f us, recall %.3f%n",
        length,
        k,
        100 * part,
        scanned.medianMicros(),
        walked.medianMicros(),
        scanned.medianMicros() / walked.medianMicros(),
        recall(scanned.found(), walked.found(), true) == 1 ? ", equal results" : ", OTHER RESULTS",
        drop,
        approximate.medianMicros(),
        recall(scanned.found(), approximate.found(), false));
    if (part == 1) {
      peers
          .search(asked, k, scanned.found(), rounds, wantedRecall)
          .forEach(
              best -> System.out.printf("          %s%n", best.against(walked.medianMicros())));
    }
  }

  private static AcceptedRows accept(int count, double part, Random random) {
    long[] bits = new long[(count + 63) / 64];
    for (int row = 0; row < count; row++) {
      if (random.nextDouble() < part) {
        bits[row >> 6] |= 1L << row;
      }
    }
    return part == 1 ? AcceptedRows.ALL : AcceptedRows.of(bits);
  }

  /// @param exact only results that are the same in rows and scores count
  private static double recall(List<Neighbors> truth, List<Neighbors> found, boolean exact) {
    double sum = 0;
    for (int i = 0; i < truth.size(); i++) {
      int[] right = truth.get(i).ordinals();
      int[] got = found.get(i).ordinals();
      boolean same =
          Arrays.equals(right, got) && Arrays.equals(truth.get(i).scores(), found.get(i).scores());
      sum +=
          exact
              ? (same ? 1 : 0)
              : (double) SparsePeers.common(right, got) / Math.max(1, right.length);
    }
    return sum / truth.size();
  }
}
