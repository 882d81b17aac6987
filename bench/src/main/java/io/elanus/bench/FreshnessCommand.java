package io.elanus.bench;

import io.elanus.bench.MilvusCalls.Rows;
import io.elanus.proto.milvus.ConsistencyLevel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `bench/run freshness`: does a strong query see the row that was just inserted, and what does it cost?
@Command(
    name = "freshness",
    mixinStandardHelpOptions = true,
    showDefaultValues = true,
    description = {
      "Several clients insert a row and at once read it back by a Strong query, then by an Eventually one.",
      "Prints rows that were not seen (Strong: must be none) and the latency of both levels."
    })
final class FreshnessCommand implements Callable<Integer> {
  private static final int DIMENSION = 8;

  @Option(names = "--clients", description = "Clients at the same time.")
  private int clients = 4;

  @Option(names = "--inserts", description = "Inserts in total.")
  private int inserts = 10_000;

  @Override
  public Integer call() throws Exception {
    Path data = Files.createTempDirectory("elanus-freshness").resolve("data");
    try (ServerProcess server = ServerProcess.start(data)) {
      try (MilvusCalls first = new MilvusCalls(server.port())) {
        first.createAndLoad(DIMENSION, "FLAT");
      }
      List<Client> workers = new ArrayList<>();
      List<Thread> threads = new ArrayList<>();
      for (int i = 0; i < clients; i++) {
        Client client = new Client(server.port(), i * 1_000_000L, inserts / clients);
        workers.add(client);
        threads.add(Thread.ofVirtual().start(client));
      }
      for (Thread thread : threads) {
        thread.join();
      }
      return report(workers);
    }
  }

  private int report(List<Client> workers) {
    int missed = workers.stream().mapToInt(w -> w.missed.get()).sum();
    long[] strong = sorted(workers.stream().map(w -> w.strongNanos).toList());
    long[] eventually = sorted(workers.stream().map(w -> w.eventuallyNanos).toList());
    System.out.printf(
        "inserts %,d by %d clients, not seen by Strong: %d%n", strong.length, clients, missed);
    print("strong", strong);
    print("eventually", eventually);
    System.out.printf(
        "added by Strong: p50 %.3f ms%n",
        (strong[strong.length / 2] - eventually[eventually.length / 2]) / 1e6);
    return missed == 0 ? 0 : 1;
  }

  private static void print(String level, long[] nanos) {
    System.out.printf(
        "%-10s p50 %.3f ms  p90 %.3f ms  p99 %.3f ms%n",
        level,
        nanos[nanos.length / 2] / 1e6,
        nanos[nanos.length * 9 / 10] / 1e6,
        nanos[nanos.length * 99 / 100] / 1e6);
  }

  private static long[] sorted(List<long[]> parts) {
    long[] all = parts.stream().flatMapToLong(Arrays::stream).toArray();
    Arrays.sort(all);
    return all;
  }

  private static final class Client implements Runnable {
    private final int port;
    private final long firstKey;
    private final long[] strongNanos;
    private final long[] eventuallyNanos;
    private final AtomicInteger missed = new AtomicInteger();

    Client(int port, long firstKey, int inserts) {
      this.port = port;
      this.firstKey = firstKey;
      this.strongNanos = new long[inserts];
      this.eventuallyNanos = new long[inserts];
    }

    @Override
    public void run() {
      try (MilvusCalls calls = new MilvusCalls(port)) {
        for (int i = 0; i < strongNanos.length; i++) {
          long key = firstKey + i;
          calls.insert(new Rows(List.of(key), List.of(1L), vector(), DIMENSION));
          strongNanos[i] = read(calls, key, ConsistencyLevel.Strong);
          eventuallyNanos[i] = read(calls, key, ConsistencyLevel.Eventually);
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
