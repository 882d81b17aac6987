package io.elanus.bench.peers;

import io.elanus.bench.measure.Curve;
import io.elanus.bench.measure.CurvePicture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `bench/run curves <points.csv>`: a picture of some of the curves that `bench/run peers` measured.
@Command(
    name = "curves",
    mixinStandardHelpOptions = true,
    showDefaultValues = true,
    description =
        "Draws curves of recall and rate that `peers` left in points.csv; theirs are dashed.")
public final class CurvesCommand implements Callable<Integer> {
  static final String CPU_RATE = "queries a second of CPU";

  private static final Set<String> OURS =
      Stream.of(OurIndex.values())
          .map(index -> index.name().toLowerCase(Locale.ROOT).replace('_', '-'))
          .collect(Collectors.toCollection(TreeSet::new));

  @Parameters(paramLabel = "<points.csv>", description = "What `peers` wrote.")
  private Path points = Path.of("");

  @Option(names = "--only", split = ",", description = "These, by commas; else all.")
  private List<String> only = List.of();

  @Option(names = "--title", required = true, description = "Above the picture.")
  private String title = "";

  @Option(names = "--out", required = true, description = "The file that is written.")
  private Path out = Path.of("");

  @Override
  public Integer call() throws IOException {
    Map<String, List<Curve.Point>> curves = new LinkedHashMap<>();
    List<String> lines = Files.readAllLines(points);
    for (String line : lines.subList(1, lines.size())) {
      String[] cells = line.split(",", -1);
      if (only.isEmpty() || only.contains(cells[0])) {
        curves
            .computeIfAbsent(cells[0], _ -> new ArrayList<>())
            .add(new Curve.Point(Double.parseDouble(cells[2]), Double.parseDouble(cells[3])));
      }
    }
    List<CurvePicture.Line> drawn =
        curves.entrySet().stream()
            .map(curve ->
                new CurvePicture.Line(
                    curve.getKey(), new Curve(curve.getValue()), !isOurs(curve.getKey())))
            .toList();
    Files.writeString(out, new CurvePicture(title, CPU_RATE, drawn).svg());
    System.out.printf("written to %s%n", out.toAbsolutePath().normalize());
    return 0;
  }

  private static boolean isOurs(String name) {
    return OURS.contains(ContenderName.parse(name).index());
  }
}
