package io.elanus.bench.peers;

import io.elanus.bench.BenchProcess;
import io.elanus.bench.Machine;
import io.elanus.bench.measure.CurvePicture;
import io.elanus.bench.vectors.DataSet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `bench/run peers <folder>`: our indexes beside hnswlib's and faiss's.
@Command(
    name = "peers",
    mixinStandardHelpOptions = true,
    showDefaultValues = true,
    description = {
      "Builds indexes over base*.npy, each in a process of its own on one thread, and lets them search query*.npy in",
      "turns. Rates are of the median round, by the CPU time of the thread; a hit counts when it is no farther than the",
      "k-th distance of truth_sqdist*.npy. Writes table.md, points.csv and curves.svg.",
      "A name may end in @huge: on huge pages by glibc's tunable. Ours may end in @mapped: as servers have their files,",
      "and in @java: without kernels in C.",
      "Peers need: python3 -m venv <venv>; <venv>/bin/pip install -r bench/peers/requirements.txt"
    })
public final class PeersCommand implements Callable<Integer> {
  @Parameters(paramLabel = "<folder>", description = "Folder of .npy files.")
  private Path folder = Path.of("");

  @Option(
      names = "--ours",
      split = ",",
      description =
          "hnsw, hnsw-sq7, hnsw-sq4, hnsw-bit, ivf, ivf-sq7, ivf-sq4, ivf-bit, by commas.")
  private List<String> ours = List.of("hnsw", "hnsw-sq7");

  @Option(
      names = "--peers",
      split = ",",
      description =
          "hnswlib, faiss-hnsw, faiss-ivf, faiss-ivf-sq8, faiss-ivf-pq4, faiss-ivf-rabitq, by commas.")
  private List<String> peers = List.of("hnswlib", "hnswlib@huge", "faiss-hnsw");

  @Option(names = "--against", split = ",", description = "What the others are divided by.")
  private List<String> against = List.of("hnswlib", "hnswlib@huge");

  @Option(names = "--ef", split = ",", description = "Values of ef, by commas.")
  private List<Integer> efs = List.of(10, 16, 24, 32, 48, 64, 96, 128, 192, 256, 384, 512);

  @Option(names = "--probes", split = ",", description = "Lists looked through, by commas.")
  private List<Integer> probes = List.of(2, 4, 8, 12, 16, 24, 32, 48, 64, 96, 128, 192, 256);

  @Option(names = "--rounds", description = "Passes over the queries; the median counts.")
  private int rounds = 5;

  @Mixin private Shape shape = new Shape();

  @Option(names = "--python", description = "Has what bench/peers/requirements.txt lists.")
  private String python = "python3";

  @Option(names = "--out", description = "Folder of what is written; made.")
  private Path out = Path.of("target", "peers");

  @Override
  public Integer call() throws IOException {
    DataSet data = DataSet.read(folder);
    double loadBefore = Machine.load();
    List<Contender> contenders = new ArrayList<>();
    try {
      for (String name : ours) {
        contenders.add(Contender.startOurs(ContenderName.parse(name), folder, shape));
      }
      for (String name : peers) {
        ContenderName contender = ContenderName.parse(name);
        contenders.add(Contender.start(contender, theirCommand(contender, data)));
      }
      List<Result> results = new Race(data, efs, probes, rounds).run(contenders);
      report(data, results, loadBefore);
    } finally {
      contenders.forEach(Contender::close);
    }
    return 0;
  }

  private List<String> theirCommand(ContenderName name, DataSet data) {
    if (name.pages() == Pages.MAPPED) {
      throw new IllegalArgumentException("%s: only ours are mapped".formatted(name));
    }
    List<String> command = new ArrayList<>();
    command.add(python);
    command.add(BenchProcess.home().resolve("bench/peers/peer.py").toString());
    command.addAll(List.of(name.index(), folder.toString(), "--metric", data.metric().name()));
    command.addAll(shape.options());
    return command;
  }

  private void report(DataSet data, List<Result> results, double loadBefore) throws IOException {
    Comparison comparison = new Comparison(results, against);
    String table =
        "%s%n%n%s%n%s%n"
            .formatted(conditions(data, loadBefore), comparison.table(), versions(results));
    System.out.print(table);
    Files.createDirectories(out);
    Files.writeString(out.resolve("table.md"), table);
    Files.writeString(out.resolve("points.csv"), comparison.points());
    Files.writeString(out.resolve("curves.svg"), picture(data, results).svg());
    System.out.printf("written to %s%n", out.toAbsolutePath().normalize());
  }

  private String conditions(DataSet data, double loadBefore) {
    return String.format(
        Locale.ROOT,
        "%s: %,d x %d, %s, %,d queries, the %d nearest; M %d, efConstruction %d, %d lists; one thread each, in turns, the"
            + " median of %d rounds, CPU time of the thread. %s; load %.1f before, %.1f after.",
        data.name(),
        data.base().rows(),
        data.base().columns(),
        data.metric(),
        data.queries().rows(),
        Shape.K,
        shape.m,
        shape.efConstruction,
        shape.lists,
        rounds,
        Machine.text(),
        loadBefore,
        Machine.load());
  }

  private static String versions(List<Result> results) {
    return results.stream()
        .map(result -> "%s: %s".formatted(result.name(), result.versions()))
        .collect(Collectors.joining("; "));
  }

  private CurvePicture picture(DataSet data, List<Result> results) {
    String title =
        String.format(
            Locale.ROOT,
            "%s, %,d x %d, %s, one thread",
            data.name(),
            data.base().rows(),
            data.base().columns(),
            data.metric());
    return new CurvePicture(
        title,
        CurvesCommand.CPU_RATE,
        results.stream()
            .map(result ->
                new CurvePicture.Line(
                    result.name().toString(),
                    result.curve(Contender.Duration::cpu),
                    peers.contains(result.name().toString())))
            .toList());
  }
}
