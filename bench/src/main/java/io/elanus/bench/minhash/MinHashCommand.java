package io.elanus.bench.minhash;

import io.elanus.bench.measure.ThreadUsage;
import io.elanus.bench.measure.TimedSearch;
import io.elanus.index.AcceptedRows;
import io.elanus.index.BitVectors;
import io.elanus.index.BuildControl;
import io.elanus.index.BuiltIndex;
import io.elanus.index.IndexBuilder;
import io.elanus.index.IndexParams;
import io.elanus.index.Likeness;
import io.elanus.index.MinHashIndex;
import io.elanus.index.MinHashScan;
import io.elanus.index.Neighbors;
import io.elanus.index.Signatures;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `bench/run minhash`: the index by bands and the scan by turns, on one thread.
@Command(
    name = "minhash",
    mixinStandardHelpOptions = true,
    showDefaultValues = true,
    description = {
      "Searches MinHash signatures of 32 bits an element, of which one in ten is a near duplicate of an earlier one,",
      "by the index of their bands and by a scan, in alternating rounds on one thread."
    })
public final class MinHashCommand implements Callable<Integer> {
  private static final int WARMING_SEARCHES = 20_000;

  @Option(names = "--rows", description = "How many are searched.")
  private int rows = 500_000;

  @Option(names = "--elements", description = "Of a signature.")
  private int elements = 128;

  @Option(names = "--bands", split = ",", description = "Bands of a signature.")
  private List<Integer> bands = List.of(8, 16, 32);

  @Option(names = "--alike", description = "So much of a near duplicate is as in its original.")
  private double alike = 0.85;

  @Option(names = "--queries", description = "Signatures that are searched for.")
  private int queries = 20;

  @Option(names = "--k", description = "How many results are wanted.")
  private int k = 10;

  @Option(names = "--rounds", description = "Of each kind, after two that are not counted.")
  private int rounds = 5;

  @Option(names = "--seed", description = "Of signatures.")
  private long seed = 1;

  @Override
  public Integer call() {
    try (Arena arena = Arena.ofShared()) {
      MemorySegment data = arena.allocate(4L * elements * rows, 64);
      Random random = new Random(seed);
      for (int row = 0; row < rows; row++) {
        draw(data, row, random);
      }
      BitVectors vectors = new BitVectors(data, rows, 4 * elements);
      for (int count : bands) {
        compare(vectors, count);
      }
    }
    return 0;
  }

  private void draw(MemorySegment data, int row, Random random) {
    int original = row > 0 && row % 10 == 0 ? random.nextInt(row) : -1;
    for (int i = 0; i < elements; i++) {
      boolean copied = original >= 0 && random.nextDouble() < alike;
      long from = (long) elements * original + i;
      int element = copied ? data.getAtIndex(ValueLayout.JAVA_INT, from) : random.nextInt();
      data.setAtIndex(ValueLayout.JAVA_INT, (long) elements * row + i, element);
    }
  }

  private void compare(BitVectors vectors, int count) {
    long start = ThreadUsage.cpuNanos();
    BuiltIndex built =
        IndexBuilder.build(
            vectors, new IndexParams.MinHash(4, count), BuildControl.onCallingThread());
    double buildSeconds = (ThreadUsage.cpuNanos() - start) / 1e9;
    start = ThreadUsage.cpuNanos();
    MinHashIndex index = MinHashIndex.of(built, vectors);
    double openSeconds = (ThreadUsage.cpuNanos() - start) / 1e9;
    MinHashScan scan = new MinHashScan(new Signatures(vectors, 4, count));
    Random random = new Random(seed);
    List<byte[]> asked = Stream.generate(() -> query(vectors, random)).limit(queries).toList();
    for (int i = 0; i < WARMING_SEARCHES; i++) {
      byte[] query = query(vectors, random);
      index.search(query, k, Likeness.values()[i % 2], AcceptedRows.ALL);
    }
    System.out.printf(
        "%,d rows of %d elements, %d bands, seed %d: built in %.2f s, opened in %.2f s, %.1f MB, vectors %.1f MB%n",
        rows,
        elements,
        count,
        seed,
        buildSeconds,
        openSeconds,
        built.sizeBytes() / 1e6,
        vectors.data().byteSize() / 1e6);
    for (Likeness likeness : Likeness.values()) {
      TimedSearch scanned =
          new TimedSearch(asked, query -> scan.search(query, k, likeness, AcceptedRows.ALL));
      TimedSearch looked =
          new TimedSearch(asked, query -> index.search(query, k, likeness, AcceptedRows.ALL));
      TimedSearch.inTurns(rounds, scanned, looked);
      System.out.printf(
          "  by %-8s scan %8.0f us, index %6.1f us, %.1f rows found%s%n",
          likeness,
          scanned.medianMicros(),
          looked.medianMicros(),
          looked.found().stream().mapToInt(Neighbors::size).average().orElse(0),
          same(scanned.found(), looked.found()) ? ", equal results" : ", OTHER RESULTS");
    }
  }

  /// A row with a part of it drawn anew.
  private byte[] query(BitVectors vectors, Random random) {
    byte[] query = new byte[4 * elements];
    long from = (long) query.length * random.nextInt(rows);
    MemorySegment.copy(vectors.data(), ValueLayout.JAVA_BYTE, from, query, 0, query.length);
    for (int at = 0; at < query.length; at += 4) {
      if (random.nextDouble() > alike) {
        query[at] ^= 1;
      }
    }
    return query;
  }

  private static boolean same(List<Neighbors> a, List<Neighbors> b) {
    boolean same = true;
    for (int i = 0; i < a.size(); i++) {
      same &= Arrays.equals(a.get(i).ordinals(), b.get(i).ordinals());
      same &= Arrays.equals(a.get(i).scores(), b.get(i).scores());
    }
    return same;
  }
}
