package io.elanus.bench.compaction;

import io.elanus.bench.MilvusCalls;
import io.elanus.bench.ServerProcess;
import io.elanus.common.expr.Expr;
import io.elanus.common.manifest.SegmentEntry;
import io.elanus.proto.milvus.ConsistencyLevel;
import io.elanus.segment.file.SegmentMerge;
import io.elanus.segment.file.SegmentReader;
import io.elanus.segment.file.SegmentWriter;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `bench/run compaction`: a merge against a copy of the same bytes, and searches beside one.
@Command(
    name = "compaction",
    mixinStandardHelpOptions = true,
    showDefaultValues = true,
    description = {
      "Merges segments on one thread and copies their bytes, in turns: rows and bytes per second, processor",
      "time. Then starts a standalone server with as many segments and measures searches (limit 10) before,",
      "while they are compacted by hand, and after."
    })
public final class CompactionCommand implements Callable<Integer> {
  private static final int LIMIT = 10;
  private static final int INSERT_ROWS = 1_000;

  @Option(names = "--segments", description = "That become one.")
  private int segments = 10;

  @Option(names = "--rows", description = "Of each segment.")
  private int rows = 50_000;

  @Option(names = "--dim", description = "Of the vectors.")
  private int dimension = 128;

  @Option(names = "--rounds", description = "Of merge and copy; the median is printed.")
  private int rounds = 5;

  @Option(
      names = "--index",
      description = "Of the server's collection; none: no server.",
      split = ",")
  private List<String> indexes = List.of("FLAT", "HNSW");

  @Option(
      names = "--searches",
      description = "Before and after; while it lasts as many as there are.")
  private int searches = 500;

  @Override
  public Integer call() throws Exception {
    Path folder = Files.createTempDirectory("elanus-compaction");
    try {
      compareWithCopy(folder);
      for (String index : indexes) {
        if (!index.equals("none")) {
          searchBeside(folder, index);
        }
      }
    } finally {
      delete(folder);
    }
    return 0;
  }

  /// @param cpu seconds of this process
  private record Took(double seconds, double cpu) {}

  private void compareWithCopy(Path folder) throws IOException {
    SegmentMaker maker = new SegmentMaker(dimension);
    List<Path> files = new ArrayList<>();
    List<SegmentEntry> entries = new ArrayList<>();
    for (int i = 0; i < segments; i++) {
      files.add(folder.resolve("segment-" + i));
      entries.add(maker.write(files.getLast(), i, segments, rows));
    }
    long bytes = entries.stream().mapToLong(entry -> entry.file().sizeBytes()).sum();
    List<Took> merges = new ArrayList<>();
    List<Took> copies = new ArrayList<>();
    for (int round = 0; round <= rounds; round++) {
      Took copy = took(() -> copy(files, folder.resolve("copy")));
      Took merge = took(() -> merge(maker, files, entries, folder.resolve("merged")));
      if (round > 0) { // what is run for the first time is slow
        copies.add(copy);
        merges.add(merge);
      }
    }
    System.out.printf(
        "%d segments of %,d x %d, %,d MiB, medians of %d rounds%n",
        segments, rows, dimension, bytes >> 20, rounds);
    print("copy", median(copies), bytes);
    print("merge", median(merges), bytes);
    files.forEach(file -> file.toFile().delete());
  }

  private void print(String what, Took took, long bytes) {
    System.out.printf(
        "  %-6s %,11.0f rows/s %,7.0f MiB/s %6.2f s, %5.2f CPU s%n",
        what,
        segments * (double) rows / took.seconds,
        bytes / took.seconds / (1 << 20),
        took.seconds,
        took.cpu);
  }

  private static Took median(List<Took> all) {
    return all.stream()
        .sorted(Comparator.comparingDouble(Took::seconds))
        .toList()
        .get(all.size() / 2);
  }

  private interface Work {
    void run() throws IOException;
  }

  private static Took took(Work work) throws IOException {
    long cpu = cpuNanos();
    long start = System.nanoTime();
    work.run();
    return new Took((System.nanoTime() - start) / 1e9, (cpuNanos() - cpu) / 1e9);
  }

  private static long cpuNanos() {
    return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
        .getProcessCpuTime();
  }

  /// Through a buffer, as the merge writes: the kernel's own copy would not touch the bytes.
  private static void copy(List<Path> files, Path target) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocateDirect(1 << 20);
    try (FileChannel out =
        FileChannel.open(
            target,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      for (Path file : files) {
        try (FileChannel in = FileChannel.open(file, StandardOpenOption.READ)) {
          while (in.read(buffer.clear()) >= 0) {
            buffer.flip();
            while (buffer.hasRemaining()) {
              out.write(buffer);
            }
          }
        }
      }
    }
    Files.delete(target);
  }

  /// As a datanode does it: every checksum is compared first.
  private static void merge(
      SegmentMaker maker, List<Path> files, List<SegmentEntry> entries, Path target)
      throws IOException {
    List<SegmentReader> readers = new ArrayList<>();
    try {
      for (int i = 0; i < files.size(); i++) {
        readers.add(SegmentReader.open(files.get(i), entries.get(i), maker.schema()));
      }
      SegmentMerge merge =
          SegmentMerge.of(maker.schema(), readers, List.of(), Integer.MAX_VALUE, 0, Expr.ALWAYS);
      SegmentWriter.write(target, merge.rows());
    } finally {
      readers.forEach(SegmentReader::close);
    }
    Files.delete(target);
  }

  private void searchBeside(Path folder, String index) throws InterruptedException {
    Path data = folder.resolve("data-" + index);
    try (ServerProcess server =
            ServerProcess.start(
                data,
                "--set",
                "dataCoord.compaction.enableAutoCompaction=false",
                "--set",
                "dataNode.segment.syncPeriod=3600");
        MilvusCalls calls = new MilvusCalls(server.port())) {
      calls.createAndLoad(dimension, index);
      Random random = new Random(2);
      for (int segment = 0; segment < segments; segment++) {
        insert(calls, random, segment);
        calls.flush();
      }
      await(calls::isIndexed);
      System.out.printf("searches of %s, milliseconds%n", index);
      printLatencies("before (warm-up)", search(calls, random, searches));
      printLatencies("before", search(calls, random, searches));
      double cpu = server.cpuSeconds();
      long start = System.nanoTime();
      long id = calls.compact();
      double[] beside = searchWhile(calls, random, () -> calls.isCompacting(id));
      printLatencies("while it is compacted", beside);
      System.out.printf(
          "  compacted in %.1f s, %.1f CPU s of the server (searches and index builds included)%n",
          (System.nanoTime() - start) / 1e9, server.cpuSeconds() - cpu);
      printLatencies("after", search(calls, random, searches));
    }
  }

  private void insert(MilvusCalls calls, Random random, int segment) {
    for (int from = 0; from < rows; from += INSERT_ROWS) {
      int first = from;
      int count = Math.min(INSERT_ROWS, rows - from);
      List<Long> ids =
          IntStream.range(0, count).mapToObj(i -> (long) (first + i) * segments + segment).toList();
      List<Float> vectors = new ArrayList<>(count * dimension);
      for (int i = 0; i < count * dimension; i++) {
        vectors.add(random.nextFloat());
      }
      calls.insert(new MilvusCalls.Rows(ids, Collections.nCopies(count, 1L), vectors, dimension));
    }
  }

  private double[] search(MilvusCalls calls, Random random, int count) {
    double[] millis = new double[count];
    for (int i = 0; i < count; i++) {
      millis[i] = searchOnce(calls, random);
    }
    return millis;
  }

  private double[] searchWhile(MilvusCalls calls, Random random, BooleanSupplier lasting) {
    List<Double> millis = new ArrayList<>();
    while (millis.isEmpty() || millis.size() % 10 != 0 || lasting.getAsBoolean()) {
      millis.add(searchOnce(calls, random));
    }
    return millis.stream().mapToDouble(Double::doubleValue).toArray();
  }

  private double searchOnce(MilvusCalls calls, Random random) {
    float[] vector = new float[dimension];
    for (int i = 0; i < dimension; i++) {
      vector[i] = random.nextFloat();
    }
    long start = System.nanoTime();
    calls.search(vector, LIMIT, ConsistencyLevel.Bounded);
    return (System.nanoTime() - start) / 1e6;
  }

  private static void printLatencies(String when, double[] millis) {
    double[] sorted = millis.clone();
    Arrays.sort(sorted);
    System.out.printf(
        "  %-22s %,6d searches, P50 %7.1f  P99 %7.1f  max %7.1f%n",
        when,
        sorted.length,
        sorted[sorted.length / 2],
        sorted[(int) (0.99 * (sorted.length - 1))],
        sorted[sorted.length - 1]);
  }

  private static void await(BooleanSupplier done) throws InterruptedException {
    while (!done.getAsBoolean()) {
      Thread.sleep(200);
    }
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
