package io.elanus.bench;

import io.elanus.bench.MilvusCalls.Rows;
import io.elanus.proto.milvus.ConsistencyLevel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `bench/run startup`: from starting the process to the first successful search.
@Command(
    name = "startup",
    mixinStandardHelpOptions = true,
    showDefaultValues = true,
    description = "Time from exec to the first successful search of a one-row collection.")
final class StartupCommand implements Callable<Integer> {
  private static final int DIMENSION = 4;

  @Option(names = "--rounds", description = "Starts; the median is printed.")
  private int rounds = 10;

  @Override
  public Integer call() throws Exception {
    Path data = Files.createTempDirectory("elanus-startup").resolve("data");
    try (ServerProcess server = ServerProcess.start(data);
        MilvusCalls calls = new MilvusCalls(server.port())) {
      calls.createAndLoad(DIMENSION, "FLAT");
      calls.insert(new Rows(List.of(1L), List.of(1L), List.of(1f, 2f, 3f, 4f), DIMENSION));
    }
    long[] ready = new long[rounds];
    long[] searched = new long[rounds];
    for (int i = 0; i < rounds; i++) {
      long start = System.nanoTime();
      try (ServerProcess server = ServerProcess.start(data);
          MilvusCalls calls = new MilvusCalls(server.port())) {
        ready[i] = (System.nanoTime() - start) / 1_000_000;
        awaitOneHit(calls);
        searched[i] = (System.nanoTime() - start) / 1_000_000;
      }
    }
    Arrays.sort(ready);
    Arrays.sort(searched);
    System.out.printf(
        "%d starts: ready after %d ms (median), first search after %d ms (median), %d ms (worst)%n",
        rounds, ready[rounds / 2], searched[rounds / 2], searched[rounds - 1]);
    return 0;
  }

  private static void awaitOneHit(MilvusCalls calls) throws InterruptedException {
    while (!oneHit(calls)) {
      Thread.sleep(5);
    }
  }

  private static boolean oneHit(MilvusCalls calls) {
    try {
      return calls
              .search(new float[DIMENSION], 1, ConsistencyLevel.Strong)
              .getResults()
              .getScoresCount()
          == 1;
    } catch (MilvusCalls.Failed e) {
      return false;
    }
  }
}
