package io.elanus.bench.disk;

import io.elanus.bench.measure.ParallelSearch;
import io.elanus.bench.vectors.DataSet;
import io.elanus.index.DenseVectors;
import io.elanus.index.PageAdvice;
import io.elanus.index.SearchParams;
import io.elanus.index.VectorIndex;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// `bench/run disk-searcher`: maps an index as a server does and answers `search <ef> <threads>`, all queries once, by nanoseconds in all,
/// of the median search and of the 99th percentile, and the ordinals found, [DiskCommand#K] a query.
@Command(name = "disk-searcher", hidden = true, description = "Started by `bench/run disk`.")
public final class DiskSearcherCommand implements Callable<Integer> {
  @Parameters(index = "0", paramLabel = "<folder>")
  private Path folder = Path.of("");

  @Parameters(index = "1", paramLabel = "<index>")
  private Path file = Path.of("");

  @Override
  public Integer call() throws IOException, InterruptedException {
    DataSet data = DataSet.read(folder);
    float[][] queries = data.queryRows();
    VectorIndex index = open(data);
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    System.out.printf("ready Java %s%n", Runtime.version());
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      String[] words = line.split(" ", -1);
      SearchParams params = new SearchParams.Hnsw(Integer.parseInt(words[1]));
      ParallelSearch search = new ParallelSearch(index, queries, DiskCommand.K, params);
      ParallelSearch.Outcome outcome = search.run(Integer.parseInt(words[2]), queries.length);
      System.out.printf(
          "%d %d %d %s%n",
          outcome.wallNanos(),
          outcome.each().at(0.5),
          outcome.each().at(0.99),
          Arrays.stream(outcome.found())
              .mapToObj(Integer::toString)
              .collect(Collectors.joining(" ")));
    }
    return 0;
  }

  private VectorIndex open(DataSet data) throws IOException {
    MemorySegment vectors = data.base().values();
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      MemorySegment bytes =
          channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), Arena.global());
      VectorIndex index =
          VectorIndex.open(
              bytes, new DenseVectors(vectors, data.base().rows(), data.base().columns()));
      PageAdvice.random(bytes);
      PageAdvice.random(vectors);
      return index;
    }
  }
}
