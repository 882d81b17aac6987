package io.elanus.bench.peers;

import io.elanus.bench.Report;
import io.elanus.bench.vectors.DataSet;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.LongSummaryStatistics;
import java.util.concurrent.Callable;
import java.util.stream.LongStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `bench/run allocation <folder>`: what a search takes of the heap.
@Command(
    name = "allocation",
    mixinStandardHelpOptions = true,
    showDefaultValues = true,
    description = {
      "Builds indexes over base*.npy, each in a process of its own, and searches query*.npy on one thread. Prints the bytes",
      "of the heap that a search takes: the JVM's count of what the thread allocated, which JMH's gc.alloc.rate.norm is",
      "made of, too; the last of the rounds, and the range of the second half of them, which is wide where compilers were",
      "still at work. Writes table.md."
    })
public final class AllocationCommand implements Callable<Integer> {
  @Parameters(paramLabel = "<folder>", description = "Folder of .npy files.")
  private Path folder = Path.of("");

  @Mixin private Ours ours = new Ours();

  @Option(names = "--ef", split = ",", description = "Values of ef, by commas.")
  private List<Integer> efs = List.of(16, 64, 256, 1024);

  @Option(names = "--probes", split = ",", description = "Lists looked through, by commas.")
  private List<Integer> probes = List.of(4, 16, 64, 256);

  @Option(names = "--rounds", description = "Passes over the queries.")
  private int rounds = 20;

  @Option(names = "--out", description = "Folder of what is written; made.")
  private Path out = Path.of("target", "allocation");

  @Override
  public Integer call() throws IOException {
    DataSet data = DataSet.read(folder);
    Report report =
        new Report(
            "Bytes of the heap a search takes. %s, %d lists; the last of %d rounds of %,d searches."
                .formatted(ours.text(data), ours.shape.lists, rounds, data.queries().rows()),
            "",
            "ef, or lists looked through",
            "bytes",
            "in the rounds before");
    ours.withBuilt(
        folder,
        contenders ->
            contenders.forEach(contender -> measure(data.queries().rows(), contender, report)));
    report.write(out);
    return 0;
  }

  private void measure(int queries, Contender contender, Report report) {
    for (int effort : contender.name().hasLists() ? probes : efs) {
      long[] bytes =
          LongStream.range(0, rounds).map(_ -> contender.allocatedBytes(effort)).toArray();
      LongSummaryStatistics range = LongStream.of(bytes).skip(rounds / 2).summaryStatistics();
      report.add(
          "%s | %,d | %,d | %,d to %,d",
          contender.name(),
          effort,
          bytes[rounds - 1] / queries,
          range.getMin() / queries,
          range.getMax() / queries);
    }
  }
}
