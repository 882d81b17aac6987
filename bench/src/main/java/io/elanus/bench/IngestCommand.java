package io.elanus.bench;

import io.elanus.bench.MilvusCalls.Rows;
import io.elanus.bench.Server.Form;
import io.elanus.bench.measure.Median;
import io.elanus.proto.milvus.ConsistencyLevel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `bench/run ingest`: what writing and searching cost through Kafka, against standalone.
@Command(
    name = "ingest",
    mixinStandardHelpOptions = true,
    showDefaultValues = true,
    description = {
      "Inserts the same random rows into each form of the server, in turns, and searches them (HNSW, limit 10).",
      "Prints rows per second, seconds of processor time per million rows (our processes; the servers they use),",
      "searches per second, and leases that were lost with the processor time stolen meanwhile."
    })
final class IngestCommand implements Callable<Integer> {
  private static final int LIMIT = 10;

  @Option(names = "--on", description = "Forms: ${COMPLETION-CANDIDATES}.", split = ",")
  private List<Form> forms = List.of(Form.STANDALONE, Form.CLUSTER);

  @Option(names = "--rounds", description = "Of all forms; the median is printed.")
  private int rounds = 3;

  @Option(names = "--rows", description = "In each round.")
  private int rows = 100_000;

  @Option(names = "--batch", description = "Rows of an insert.")
  private int batch = 1_000;

  @Option(names = "--dim", description = "Of the vectors.")
  private int dimension = 128;

  @Option(names = "--clients", description = "At the same time.")
  private int clients = 2;

  @Option(names = "--searches", description = "In each round.")
  private int searches = 2_000;

  /// @param cpu, serversCpu seconds per million rows, of our processes and of those they use
  private record Round(
      double rowsPerSecond, double cpu, double serversCpu, double searchesPerSecond) {}

  @Override
  public Integer call() throws Exception {
    float[] values = values();
    Map<Form, List<Round>> results = new EnumMap<>(Form.class);
    for (int round = 0; round < rounds; round++) {
      for (Form form : forms) {
        Round result = measure(form, values);
        results.computeIfAbsent(form, _ -> new ArrayList<>()).add(result);
        System.out.printf(
            "round %d %-17s %,9.0f rows/s  %6.1f + %.1f CPU s per million rows  %,7.0f searches/s%n",
            round + 1,
            form,
            result.rowsPerSecond,
            result.cpu,
            result.serversCpu,
            result.searchesPerSecond);
      }
    }
    printMedians(results);
    return 0;
  }

  private void printMedians(Map<Form, List<Round>> results) {
    results.forEach((form, all) ->
        System.out.printf(
            "median  %-17s %,9.0f rows/s  %6.1f + %.1f CPU s per million rows  %,7.0f searches/s%n",
            form,
            Median.of(all.stream().mapToDouble(Round::rowsPerSecond).toArray()),
            Median.of(all.stream().mapToDouble(Round::cpu).toArray()),
            Median.of(all.stream().mapToDouble(Round::serversCpu).toArray()),
            Median.of(all.stream().mapToDouble(Round::searchesPerSecond).toArray())));
  }

  private float[] values() {
    Random random = new Random(1);
    float[] values = new float[(batch + 1) * dimension];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  private Round measure(Form form, float[] values) throws Exception {
    Path folder = Files.createTempDirectory("elanus-ingest");
    Path data = folder.resolve("data");
    try (Server server = form.start(data)) {
      try (MilvusCalls calls = new MilvusCalls(server.port())) {
        calls.createAndLoad(dimension, "HNSW");
      }
      double stolen = ProcessCpu.stolenSeconds();
      insert(server, values, batch, rows / 10); // what is run for the first time is slow
      double ours = cpu(server, true);
      double servers = cpu(server, false);
      double seconds = insert(server, values, rows / 10, rows);
      ours = cpu(server, true) - ours;
      servers = cpu(server, false) - servers;
      double searching = search(server, values);
      System.out.printf(
          "        %-17s leases lost %d, stolen %.1f s%n",
          form, leasesLost(folder), ProcessCpu.stolenSeconds() - stolen);
      return new Round(
          rows / seconds, ours * 1e6 / rows, servers * 1e6 / rows, searches / searching);
    } finally {
      delete(folder);
    }
  }

  private static double cpu(Server server, boolean ours) {
    return server.pids().entrySet().stream()
        .filter(process -> isOurs(process.getKey()) == ours)
        .mapToDouble(process -> ProcessCpu.seconds(process.getValue()))
        .sum();
  }

  private static boolean isOurs(String process) {
    return !process.matches("(kafka|mariadb|etcd|s3).*");
  }

  /// @return seconds
  private double insert(Server server, float[] values, int first, int count)
      throws InterruptedException {
    AtomicInteger batches = new AtomicInteger();
    return timed(
        server,
        calls -> {
          int number = batches.getAndIncrement();
          if (number * batch >= count) {
            return false;
          }
          calls.insert(rows(values, first + number * batch));
          return true;
        });
  }

  /// The same vectors, turned by one value for each batch, so that no two rows are equal.
  private Rows rows(float[] values, int first) {
    int turn = first / batch % dimension;
    List<Long> ids = new ArrayList<>(batch);
    List<Long> versions = new ArrayList<>(batch);
    List<Float> vectors = new ArrayList<>(batch * dimension);
    for (int i = 0; i < batch; i++) {
      ids.add((long) first + i);
      versions.add(1L);
      for (int d = 0; d < dimension; d++) {
        vectors.add(values[i * dimension + d + turn]);
      }
    }
    return new Rows(ids, versions, vectors, dimension);
  }

  /// @return seconds
  private double search(Server server, float[] values) throws InterruptedException {
    AtomicInteger next = new AtomicInteger();
    return timed(
        server,
        calls -> {
          int number = next.getAndIncrement();
          if (number >= searches) {
            return false;
          }
          int from = number * 7 % (batch * dimension);
          float[] query = Arrays.copyOfRange(values, from, from + dimension);
          calls.search(query, LIMIT, ConsistencyLevel.Eventually);
          return true;
        });
  }

  private interface Step {
    /// @return false when there is no more to do
    boolean next(MilvusCalls calls);
  }

  private double timed(Server server, Step step) throws InterruptedException {
    long start = System.nanoTime();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < clients; i++) {
      threads.add(
          Thread.ofPlatform()
              .start(() -> {
                try (MilvusCalls calls = new MilvusCalls(server.port())) {
                  while (step.next(calls)) {}
                }
              }));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    return (System.nanoTime() - start) / 1e9;
  }

  /// Terms that ended, which they do only when a lease was not renewed in time.
  private static long leasesLost(Path folder) {
    try (Stream<Path> files = Files.walk(folder, 3)) {
      return files
          .filter(file -> file.toString().endsWith(".log") && Files.isRegularFile(file))
          .flatMap(IngestCommand::lines)
          .filter(line -> line.contains("stopped leading"))
          .count();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Stream<String> lines(Path file) {
    try {
      return Files.readAllLines(file).stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted((a, b) -> b.compareTo(a)).toList()) {
        Files.delete(file);
      }
    }
  }
}
