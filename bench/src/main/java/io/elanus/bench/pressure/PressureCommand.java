package io.elanus.bench.pressure;

import io.elanus.bench.MilvusCalls;
import io.elanus.bench.ServerProcess;
import io.elanus.bench.vectors.LatentVectors;
import io.elanus.proto.milvus.ConsistencyLevel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `bench/run pressure`: a server with less memory than data under mixed load.
@Command(
    name = "pressure",
    mixinStandardHelpOptions = true,
    showDefaultValues = true,
    description = {
      "Loads and indexes rows in a standalone server without limits, once. Then starts it with so much memory,",
      "page cache included, that they do not fit, and lets clients search, read, write and ask for too much.",
      "Prints what became of the requests, the JVM's longest pause and the most memory. Fails when the server did not",
      "live, when a pause was above a second, or when a request passed its deadline (30 s). Needs root."
    })
public final class PressureCommand implements Callable<Integer> {
  private static final int BATCH = 5_000;
  private static final double LONGEST_PAUSE_MILLIS = 1_000;

  @Option(names = "--data", required = true, description = "Folder of the server; kept.")
  private Path data = Path.of("");

  @Option(names = "--rows", description = "Loaded before.")
  private int rows = 2_000_000;

  @Option(names = "--dim", description = "Of the vectors.")
  private int dimension = 128;

  @Option(names = "--index", description = "Its type, by any name of Milvus's.")
  private String index = "HNSW";

  @Option(names = "--memory", description = "MiB.")
  private int memoryMib = 1_024;

  @Option(names = "--heap", description = "Of the memory, percent.")
  private int heapPercent = 50;

  @Option(names = "--minutes", description = "Of load.")
  private int minutes = 10;

  @Override
  public Integer call() throws Exception {
    LatentVectors vectors = LatentVectors.of(dimension);
    Path loaded = data.resolveSibling(data.getFileName() + ".loaded");
    if (!Files.exists(loaded)) {
      load(vectors);
      Files.createFile(loaded);
    }
    return press(vectors) ? 0 : 1;
  }

  private void load(LatentVectors vectors) throws InterruptedException {
    try (ServerProcess server = ServerProcess.start(data);
        MilvusCalls calls = new MilvusCalls(server.port())) {
      MixedLoad source = new MixedLoad(server.port(), vectors, rows);
      calls.createAndLoad(dimension, index);
      for (int first = 0; first < rows; first += BATCH) {
        calls.insert(source.rows(first, Math.min(BATCH, rows - first)));
        if (first % 100_000 == 0) {
          System.out.printf("loaded %,d of %,d rows%n", first, rows);
        }
      }
      calls.flush();
      System.out.println("waits until they are compacted and indexed");
      long compaction = calls.compact();
      while (calls.isCompacting(compaction) || !calls.isIndexed()) {
        Thread.sleep(Duration.ofSeconds(1));
      }
    }
  }

  private boolean press(LatentVectors vectors) throws IOException, InterruptedException {
    Path safepoints = data.resolveSibling(data.getFileName() + ".safepoints");
    MemoryGroup group = MemoryGroup.of("elanus-pressure", (long) memoryMib << 20);
    String jvm =
        "-XX:MaxRAMPercentage=%1$d -XX:InitialRAMPercentage=%1$d -XX:+AlwaysPreTouch -XX:TrimNativeHeapInterval=10000 -XX:+UseG1GC -XX:MaxDirectMemorySize=%2$dm %3$s"
            .formatted(heapPercent, memoryMib / 4, Pauses.option(safepoints));
    List<Tally> tallies;
    boolean alive;
    MemoryGroup.dropPageCache();
    try (ServerProcess server = ServerProcess.start(group.entering(), jvm, data)) {
      try (MilvusCalls calls = new MilvusCalls(server.port())) {
        calls.awaitLoaded();
        calls.query("id in [0]", ConsistencyLevel.Strong, "id");
      }
      tallies = new MixedLoad(server.port(), vectors, rows).run(Duration.ofMinutes(minutes));
      alive = server.isAlive();
    }
    Pauses pauses = Pauses.read(safepoints);
    int late = tallies.stream().mapToInt(Tally::late).sum();
    System.out.printf(
        "%,d rows x %d, %s, %,d MiB of memory, %d %% of it heap, %d minutes of load%n",
        rows, dimension, index, memoryMib, heapPercent, minutes);
    tallies.forEach(Tally::print);
    System.out.printf(
        "  server alive: %s; killed for memory: %d; peak %,d MiB; pauses: %,d, longest %.0f ms; past their deadline: %d%n",
        alive,
        group.kills(),
        group.peakBytes() >> 20,
        pauses.count(),
        pauses.longestMillis(),
        late);
    return alive && late == 0 && pauses.longestMillis() <= LONGEST_PAUSE_MILLIS;
  }
}
