package io.elanus.bench.peers;

import io.elanus.bench.measure.ParallelSearch;
import io.elanus.bench.measure.ThreadUsage;
import io.elanus.bench.vectors.DataSet;
import io.elanus.index.AcceptedRows;
import io.elanus.index.BuildControl;
import io.elanus.index.BuiltIndex;
import io.elanus.index.DenseVectors;
import io.elanus.index.IndexBuilder;
import io.elanus.index.Kernels;
import io.elanus.index.SearchParams;
import io.elanus.index.VectorIndex;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `bench/run contender`: one of our indexes, as a process of a [Race]. What it reads and answers is in [Contender].
@Command(name = "contender", hidden = true, description = "Started by `bench/run peers`.")
public final class ContenderCommand implements Callable<Integer> {
  @Parameters(index = "0", paramLabel = "<index>")
  private String name = "";

  @Parameters(index = "1", paramLabel = "<folder>")
  private Path folder = Path.of("");

  @Option(names = "--pages")
  private Pages pages = Pages.PLAIN;

  @Mixin private Shape shape = new Shape();

  @Override
  public Integer call() throws IOException, InterruptedException {
    DataSet data = DataSet.read(folder);
    OurIndex kind = OurIndex.parse(name);
    float[][] queries = data.queryRows();
    DenseVectors vectors = BaseVectors.of(data.base(), pages);
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    System.out.printf(
        "ready Elanus on Java %s, kernels: %s%n", Runtime.version(), Kernels.description());
    in.readLine();
    VectorIndex index = build(kind, data, vectors);
    System.out.println("built");
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      String[] words = line.split(" ", -1);
      SearchParams params = kind.search(Integer.parseInt(words[1]));
      ParallelSearch search = new ParallelSearch(index, queries, Shape.K, params);
      System.out.println(
          switch (words[0]) {
            case "find" -> find(search);
            case "time" -> time(search);
            case "together" ->
                together(search, Integer.parseInt(words[2]), Integer.parseInt(words[3]));
            case "allocate" -> allocate(search);
            default -> throw new IOException("unknown request " + line);
          });
    }
    return 0;
  }

  private VectorIndex build(OurIndex kind, DataSet data, DenseVectors vectors) throws IOException {
    BuiltIndex built =
        IndexBuilder.build(
            vectors, kind.params(data.metric(), shape), BuildControl.onCallingThread());
    if (pages != Pages.MAPPED) {
      return VectorIndex.of(built, vectors);
    }
    Path file = Files.createTempFile("elanus-bench", ".index");
    Files.delete(file);
    built.writeTo(file);
    return VectorIndex.map(mapAndDelete(file), vectors);
  }

  private static MemorySegment mapAndDelete(Path file) throws IOException {
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.DELETE_ON_CLOSE)) {
      return channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), Arena.global());
    }
  }

  private static String find(ParallelSearch search) throws InterruptedException {
    return Arrays.stream(search.run(1, search.queries().length).found())
        .mapToObj(Integer::toString)
        .collect(Collectors.joining(" "));
  }

  private static String time(ParallelSearch search) {
    long wall = System.nanoTime();
    long cpu = ThreadUsage.cpuNanos();
    searchAll(search);
    cpu = ThreadUsage.cpuNanos() - cpu;
    wall = System.nanoTime() - wall;
    return cpu + " " + wall;
  }

  private static String together(ParallelSearch search, int threads, int searches)
      throws InterruptedException {
    ParallelSearch.Outcome outcome = search.run(threads, searches);
    return "%d %d %d"
        .formatted(outcome.wallNanos(), outcome.each().at(0.5), outcome.each().at(0.99));
  }

  private static String allocate(ParallelSearch search) {
    long bytes = ThreadUsage.allocatedBytes();
    searchAll(search);
    return Long.toString(ThreadUsage.allocatedBytes() - bytes);
  }

  /// One after the other.
  private static void searchAll(ParallelSearch search) {
    int rows = 0;
    for (float[] query : search.queries()) {
      rows += search.index().search(query, search.k(), search.params(), AcceptedRows.ALL).size();
    }
    if (rows == 0) {
      throw new IllegalStateException("nothing was found");
    }
  }
}
