package io.elanus.bench;

import io.elanus.bench.MilvusCalls.Rows;
import io.elanus.proto.milvus.ConsistencyLevel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `bench/run freshness`: does a strong query see the row that was just inserted, and what does it cost?
@Command(
    name = "freshness",
    mixinStandardHelpOptions = true,
    showDefaultValues = true,
    description = {
      "Several clients insert a row and at once read it back by a Strong query, then by an Eventually one, then",
      "by both again with nothing written in between. Prints rows that were not seen (Strong: must be none) and",
      "the latency of both levels. Last the log is left alone, and its growth on disk is printed."
    })
final class FreshnessCommand implements Callable<Integer> {
  private static final int DIMENSION = 8;
  private static final AtomicLong KEYS = new AtomicLong();

  @Option(
      names = "--on",
      description = "Forms of the server: ${COMPLETION-CANDIDATES}.",
      split = ",")
  private List<Server.Form> forms = List.of(Server.Form.STANDALONE);

  @Option(names = "--clients", description = "Clients at the same time.")
  private int clients = 4;

  @Option(names = "--inserts", description = "Inserts in total.")
  private int inserts = 10_000;

  @Option(names = "--idle-seconds", description = "How long the log is left alone at the end.")
  private int idleSeconds = 20;

  @Override
  public Integer call() throws Exception {
    int missed = 0;
    for (Server.Form form : forms) {
      System.out.printf("%s%n", form);
      missed += measure(form);
    }
    return missed == 0 ? 0 : 1;
  }

  /// @return rows that a Strong query did not see
  private int measure(Server.Form form) throws Exception {
    Path data = Files.createTempDirectory("elanus-freshness").resolve("data");
    try (Server server = form.start(data)) {
      try (MilvusCalls first = new MilvusCalls(server.port())) {
        first.createAndLoad(DIMENSION, "FLAT");
      }
      run(server, Math.max(1, inserts / clients / 4)); // what is run for the first time is slow
      List<Client> workers = run(server, inserts / clients);
      int missed = report(workers);
      printIdle(data);
      return missed;
    }
  }

  private List<Client> run(Server server, int insertsEach) throws InterruptedException {
    List<Client> workers = new ArrayList<>();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < clients; i++) {
      Client client = new Client(server.port(), KEYS.getAndAdd(insertsEach), insertsEach);
      workers.add(client);
      threads.add(Thread.ofVirtual().start(client));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    return workers;
  }

  private int report(List<Client> workers) {
    int missed = workers.stream().mapToInt(w -> w.missed.get()).sum();
    System.out.printf(
        "  inserts %,d by %d clients, not seen by Strong: %d%n",
        workers.stream().mapToInt(w -> w.inserts).sum(), clients, missed);
    for (Reading reading : Reading.values()) {
      print(reading.name(), sorted(workers, reading));
    }
    printAdded("after an insert", workers, Reading.STRONG, Reading.EVENTUALLY);
    printAdded("at rest", workers, Reading.STRONG_AT_REST, Reading.EVENTUALLY_AT_REST);
    return missed;
  }

  private static void printAdded(
      String when, List<Client> workers, Reading strong, Reading eventually) {
    long[] more = sorted(workers, strong);
    long[] less = sorted(workers, eventually);
    System.out.printf(
        "  added by Strong %s: p50 %.3f ms, p99 %.3f ms%n",
        when,
        (more[more.length / 2] - less[less.length / 2]) / 1e6,
        (more[more.length * 99 / 100] - less[less.length * 99 / 100]) / 1e6);
  }

  private static void print(String name, long[] nanos) {
    System.out.printf(
        "  %-18s p50 %.3f ms  p90 %.3f ms  p99 %.3f ms%n",
        name,
        nanos[nanos.length / 2] / 1e6,
        nanos[nanos.length * 9 / 10] / 1e6,
        nanos[nanos.length * 99 / 100] / 1e6);
  }

  private static long[] sorted(List<Client> workers, Reading reading) {
    long[] all = workers.stream().flatMapToLong(w -> Arrays.stream(w.nanos(reading))).toArray();
    Arrays.sort(all);
    return all;
  }

  private void printIdle(Path data) throws IOException, InterruptedException {
    Thread.sleep(2_000); // what was under way
    long before = logBytes(data);
    Thread.sleep(idleSeconds * 1_000L);
    System.out.printf(
        "  log files grew by %,d bytes in %d s without requests%n",
        logBytes(data) - before, idleSeconds);
  }

  /// Of Kafka's data topic, or of the embedded log; not what Kafka notes of itself.
  private static long logBytes(Path data) throws IOException {
    try (Stream<Path> files = Files.walk(data)) {
      return files
          .filter(Files::isRegularFile)
          .filter(file -> file.toString().contains("/data/log/") || isOfTopic(file))
          .mapToLong(file -> file.toFile().length())
          .sum();
    }
  }

  private static boolean isOfTopic(Path file) {
    return file.toString().matches(".*/elanus[^/]*-\\d+/\\d+\\.log");
  }

  private enum Reading {
    STRONG(ConsistencyLevel.Strong),
    EVENTUALLY(ConsistencyLevel.Eventually),
    STRONG_AT_REST(ConsistencyLevel.Strong),
    EVENTUALLY_AT_REST(ConsistencyLevel.Eventually);

    private final ConsistencyLevel level;

    Reading(ConsistencyLevel level) {
      this.level = level;
    }
  }

  private static final class Client implements Runnable {
    private final int port;
    private final long firstKey;
    private final int inserts;
    private final Map<Reading, long[]> nanos = new EnumMap<>(Reading.class);
    private final AtomicInteger missed = new AtomicInteger();

    Client(int port, long firstKey, int inserts) {
      this.port = port;
      this.firstKey = firstKey;
      this.inserts = inserts;
      for (Reading reading : Reading.values()) {
        nanos.put(reading, new long[inserts]);
      }
    }

    long[] nanos(Reading reading) {
      return Objects.requireNonNull(nanos.get(reading));
    }

    @Override
    public void run() {
      try (MilvusCalls calls = new MilvusCalls(port)) {
        for (int i = 0; i < inserts; i++) {
          long key = firstKey + i;
          calls.insert(new Rows(List.of(key), List.of(1L), vector(), DIMENSION));
          for (Reading reading : Reading.values()) {
            nanos(reading)[i] = read(calls, key, reading.level);
          }
        }
      }
    }

    private long read(MilvusCalls calls, long key, ConsistencyLevel level) {
      long start = System.nanoTime();
      var results = calls.query("id == " + key, level, "version");
      long nanos = System.nanoTime() - start;
      boolean seen =
          results.getFieldsDataList().stream()
              .anyMatch(field -> field.getScalars().getLongData().getDataCount() == 1);
      if (!seen && level == ConsistencyLevel.Strong) {
        missed.incrementAndGet();
      }
      return nanos;
    }

    private static List<Float> vector() {
      List<Float> vector = new ArrayList<>();
      for (int i = 0; i < DIMENSION; i++) {
        vector.add(i / 10f);
      }
      return vector;
    }
  }
}
