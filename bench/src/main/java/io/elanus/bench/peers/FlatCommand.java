package io.elanus.bench.peers;

import io.elanus.bench.BenchProcess;
import io.elanus.bench.Machine;
import io.elanus.bench.measure.Median;
import io.elanus.bench.measure.ThreadUsage;
import io.elanus.index.AcceptedRows;
import io.elanus.index.DenseVectors;
import io.elanus.index.FlatIndex;
import io.elanus.index.Metric;
import io.elanus.index.SearchParams;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `bench/run flat`: scans of all rows beside a loop in C over as many bytes.
@Command(
    name = "flat",
    mixinStandardHelpOptions = true,
    showDefaultValues = true,
    description = {
      "Scans random rows by L2 on one thread: bytes a second of CPU for one query at a time, beside what",
      "bench/peers/bandwidth.c reads on this machine (needs cc), and 100 queries at once beside one by one.",
      "The median of the rounds, which take turns."
    })
public final class FlatCommand implements Callable<Integer> {
  private static final int K = 10;
  private static final int BATCH = 100;
  private static final double GIGA = 1e9;

  @Option(names = "--rows", split = ",", description = "Rows, by commas.")
  private List<Integer> rows = List.of(200_000, 100_000);

  @Option(names = "--dimensions", split = ",", description = "As many, by commas.")
  private List<Integer> dimensions = List.of(128, 768);

  @Option(names = "--passes", description = "Queries of a round, one by one.")
  private int passes = 20;

  @Option(names = "--rounds", description = "The median counts.")
  private int rounds = 5;

  @Override
  public Integer call() throws IOException {
    Path program = compile();
    System.out.printf(Locale.ROOT, "%s; load %.1f%n%n", Machine.text(), Machine.load());
    System.out.print(
        """
        | | C sums | C measures L2 | on huge pages | we measure L2 | of C's | 100 one by one | 100 at once | |
        |---|---|---|---|---|---|---|---|---|
        """);
    for (int i = 0; i < rows.size(); i++) {
      System.out.print(measure(program, rows.get(i), dimensions.get(i)));
    }
    ProcessMemory memory = ProcessMemory.of(ProcessHandle.current().pid());
    System.out.printf(
        "%nours: %,d MiB on huge pages; load %.1f%n", memory.huge() >> 20, Machine.load());
    Files.delete(program);
    return 0;
  }

  private Path compile() throws IOException {
    Path source = BenchProcess.home().resolve("bench/peers/bandwidth.c");
    Path program = Files.createTempFile("elanus-bandwidth", "");
    output(
        List.of(
            "cc",
            "-O3",
            "-march=native",
            "-ffast-math",
            "-o",
            program.toString(),
            source.toString()));
    return program;
  }

  private String measure(Path program, int count, int dimension) throws IOException {
    FlatIndex index = new FlatIndex(random(count, dimension), Metric.L2);
    List<float[]> queries = new ArrayList<>();
    Random random = new Random(2);
    for (int q = 0; q < BATCH; q++) {
      queries.add(values(random, dimension));
    }
    double bytes = (double) Float.BYTES * count * dimension;
    oneByOne(index, queries.subList(0, passes));
    index.searchBatch(queries, K, new SearchParams.Exact(), AcceptedRows.ALL);
    double[][] figures = new double[6][rounds];
    for (int round = 0; round < rounds; round++) {
      double[] plain = bandwidth(program, count, dimension, "plain");
      figures[0][round] = plain[0];
      figures[1][round] = plain[1];
      figures[2][round] = bandwidth(program, count, dimension, "huge")[1];
      figures[3][round] =
          passes
              * bytes
              / ThreadUsage.cpuSeconds(() -> oneByOne(index, queries.subList(0, passes)));
      figures[4][round] = ThreadUsage.cpuSeconds(() -> oneByOne(index, queries)) / BATCH;
      figures[5][round] =
          ThreadUsage.cpuSeconds(
                  () -> index.searchBatch(queries, K, new SearchParams.Exact(), AcceptedRows.ALL))
              / BATCH;
    }
    double[] medians = Arrays.stream(figures).mapToDouble(Median::of).toArray();
    return String.format(
        Locale.ROOT,
        "| %,d x %d | %.1f GB/s | %.1f GB/s | %.1f GB/s | %.1f GB/s | %.2f | %.2f ms | %.2f ms | %.1f x |%n",
        count,
        dimension,
        medians[0] / GIGA,
        medians[1] / GIGA,
        medians[2] / GIGA,
        medians[3] / GIGA,
        medians[3] / medians[1],
        medians[4] * 1e3,
        medians[5] * 1e3,
        medians[4] / medians[5]);
  }

  private static void oneByOne(FlatIndex index, List<float[]> queries) {
    for (float[] query : queries) {
      index.search(query, K, new SearchParams.Exact(), AcceptedRows.ALL);
    }
  }

  /// Bytes a second of summing and of measuring distances.
  private double[] bandwidth(Path program, int count, int dimension, String pages)
      throws IOException {
    String[] words =
        output(List.of(program.toString(), "" + count, "" + dimension, "" + passes, pages))
            .split(" ", -1);
    return new double[] {Double.parseDouble(words[0]), Double.parseDouble(words[1])};
  }

  private static String output(List<String> command) throws IOException {
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.onExit().join().exitValue() != 0) {
      throw new IOException("%s failed".formatted(command));
    }
    return text;
  }

  private static DenseVectors random(int count, int dimension) {
    long rowBytes = (long) Float.BYTES * dimension;
    MemorySegment data = Arena.global().allocate(rowBytes * count, 64);
    Random random = new Random(1);
    for (int row = 0; row < count; row++) {
      MemorySegment.copy(
          values(random, dimension), 0, data, ValueLayout.JAVA_FLOAT, rowBytes * row, dimension);
    }
    return new DenseVectors(data, count, dimension);
  }

  private static float[] values(Random random, int dimension) {
    float[] values = new float[dimension];
    for (int i = 0; i < dimension; i++) {
      values[i] = random.nextFloat();
    }
    return values;
  }
}
