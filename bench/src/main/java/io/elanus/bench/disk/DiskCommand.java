package io.elanus.bench.disk;

import io.elanus.bench.AnsweringProcess;
import io.elanus.bench.BenchProcess;
import io.elanus.bench.Report;
import io.elanus.bench.measure.Curve;
import io.elanus.bench.measure.CurvePicture;
import io.elanus.bench.pressure.MemoryGroup;
import io.elanus.bench.vectors.DataSet;
import io.elanus.bench.vectors.LatentSet;
import io.elanus.index.BuildControl;
import io.elanus.index.BuildProgress;
import io.elanus.index.DenseVectors;
import io.elanus.index.IndexBuilder;
import io.elanus.index.IndexParams;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `bench/run disk <folder>`: DISKANN with less memory than its file.
@Command(
    name = "disk",
    mixinStandardHelpOptions = true,
    showDefaultValues = true,
    description = {
      "Searches a DISKANN index (a graph in pages, as servers build it) in a process that has so much memory, page cache and",
      "JVM included, that most of the file is not there. Vectors, true neighbours and the index are made before, without the",
      "limit, and kept in the folder; what is there is used as it is, also vectors that bench/peers/vectors.py made.",
      "Each line begins without anything of the file in memory, asks all queries once, and tells recall, what was read from",
      "the disk, and how long searches took. Needs root. Writes table.md and curves.svg."
    })
public final class DiskCommand implements Callable<Integer> {
  static final int K = 10;

  private static final long MIB = 1 << 20;
  private static final long PAGE_BYTES = 4 << 10;

  /// As DISKANN has them, on servers.
  private static final int MAX_DEGREE = 56;

  private static final int EF_CONSTRUCTION = 100;
  private static final long SEED = 1;

  @Parameters(paramLabel = "<folder>", description = "Of vectors and index; made if need be.")
  private Path folder = Path.of("");

  @Option(names = "--rows", description = "Of made vectors.")
  private int rows = 1_000_000;

  @Option(names = "--dim", description = "Of made vectors.")
  private int dimension = 128;

  @Option(names = "--queries", description = "Made.")
  private int queries = 1_000;

  @Option(names = "--build-threads", description = "That build the index.")
  private int buildThreads = Runtime.getRuntime().availableProcessors();

  @Option(names = "--memory", description = "MiB of the process that searches.")
  private int memoryMib = 300;

  @Option(names = "--heap", description = "MiB of that.")
  private int heapMib = 64;

  @Option(names = "--ef", split = ",", description = "Values of ef, by commas.")
  private List<Integer> efs = List.of(10, 16, 32, 64, 128);

  @Option(names = "--threads", split = ",", description = "That search at once, by commas.")
  private List<Integer> threads = List.of(1, 8);

  @Option(names = "--out", description = "Folder of what is written; made.")
  private Path out = Path.of("target", "disk");

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (!Files.exists(folder)) {
      System.out.printf("makes %,d x %d vectors%n", rows, dimension);
      new LatentSet(rows, dimension, queries).make(folder);
    }
    DataSet data = DataSet.read(folder);
    Path index = folder.resolve("diskann-%d-%d.index".formatted(MAX_DEGREE, EF_CONSTRUCTION));
    if (!Files.exists(index)) {
      build(data, index);
    }
    MemoryGroup.dropPageCache();
    MemoryGroup group = MemoryGroup.of("elanus-disk", memoryMib * MIB);
    List<String> command = new ArrayList<>(group.entering());
    command.addAll(
        BenchProcess.command(
            List.of(
                "-Xms%dm".formatted(heapMib),
                "-Xmx%dm".formatted(heapMib),
                "-XX:+UseSerialGC",
                "-XX:ReservedCodeCacheSize=32m",
                "-XX:TrimNativeHeapInterval=1000"),
            List.of("disk-searcher", folder.toString(), index.toString())));
    try (AnsweringProcess searcher =
        AnsweringProcess.start("the searcher", new ProcessBuilder(command))) {
      measure(data, index, group, searcher);
    }
    return 0;
  }

  private void build(DataSet data, Path index) throws IOException {
    System.out.printf("builds the index, %d threads%n", buildThreads);
    DenseVectors vectors =
        new DenseVectors(data.base().values(), data.base().rows(), data.base().columns());
    IndexParams params = new IndexParams.Paged(data.metric(), MAX_DEGREE, EF_CONSTRUCTION, SEED);
    Path part = index.resolveSibling(index.getFileName() + ".part");
    Files.deleteIfExists(part);
    long start = System.nanoTime();
    try (ExecutorService executor = Executors.newFixedThreadPool(buildThreads)) {
      BuildControl control =
          new BuildControl(executor, buildThreads, BuildProgress.NONE, () -> false);
      IndexBuilder.build(vectors, params, control).writeTo(part);
    }
    Files.move(part, index);
    System.out.printf("built in %.0f s%n", (System.nanoTime() - start) / 1e9);
  }

  private void measure(DataSet data, Path index, MemoryGroup group, AnsweringProcess searcher)
      throws IOException {
    searcher.ask("search %d %d".formatted(efs.getLast(), 1)); // its JVM compiles what it runs
    group.reclaim();
    Report report =
        new Report(
            "%s: %,d x %d, %s, %,d queries, the %d nearest; an index of %,d MiB in %d MiB, of which the JVM (%d MiB of heap) has %,d that cannot be reclaimed."
                .formatted(
                    data.name(),
                    data.base().rows(),
                    data.base().columns(),
                    data.metric(),
                    data.queries().rows(),
                    K,
                    Files.size(index) / MIB,
                    memoryMib,
                    heapMib,
                    group.currentBytes() / MIB),
            "threads",
            "ef",
            "recall",
            "pages read",
            "KiB read",
            "waits for a page",
            "median, ms",
            "P99, ms",
            "searches/s");
    List<CurvePicture.Line> lines = new ArrayList<>();
    for (int count : threads) {
      List<Curve.Point> points = new ArrayList<>();
      for (int ef : efs) {
        group.reclaim();
        ProcessReads before = ProcessReads.of(searcher.pid());
        long[] answer =
            Arrays.stream(searcher.ask("search %d %d".formatted(ef, count)).split(" ", -1))
                .mapToLong(Long::parseLong)
                .toArray();
        ProcessReads read = ProcessReads.of(searcher.pid()).minus(before);
        int[] found = Arrays.stream(answer).skip(3).mapToInt(Math::toIntExact).toArray();
        double asked = data.queries().rows();
        double recall = data.recall(found, K);
        double rate = asked / (answer[0] / 1e9);
        points.add(new Curve.Point(recall, rate));
        report.add(
            "%d | %d | %.4f | %.1f | %.0f | %.1f | %.2f | %.2f | %,.0f",
            count,
            ef,
            recall,
            read.bytes() / PAGE_BYTES / asked,
            read.bytes() / 1024 / asked,
            read.faults() / asked,
            answer[1] / 1e6,
            answer[2] / 1e6,
            rate);
      }
      lines.add(
          new CurvePicture.Line(
              count == 1 ? "one thread" : count + " threads", new Curve(points), false));
    }
    report.write(out);
    String title =
        "%s, %,d x %d, %s, an index of %,d MiB in %d MiB of memory"
            .formatted(
                data.name(),
                data.base().rows(),
                data.base().columns(),
                data.metric(),
                Files.size(index) / MIB,
                memoryMib);
    Files.writeString(
        out.resolve("curves.svg"), new CurvePicture(title, "searches a second", lines).svg());
    System.out.printf(
        "peak %,d MiB, killed for memory: %d%n", group.peakBytes() / MIB, group.kills());
  }
}
