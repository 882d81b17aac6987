package io.elanus.bench.peers;

import io.elanus.bench.measure.Curve;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;

/// Results as a table of rates at certain recalls, and what they are to those of others.
///
/// - `against`: names of contenders that the others are divided by; those that did not take part are left out.
record Comparison(List<Result> results, List<String> against) {
  private static final double[] RECALLS = {0.90, 0.95, 0.99};
  private static final double MIB = 1 << 20;
  private static final String NONE = "-";

  /// In Markdown.
  String table() {
    List<Result> others = against.stream().flatMap(name -> find(name).stream()).toList();
    List<String> columns =
        Stream.concat(
                Stream.of(
                    "",
                    "built, CPU s",
                    "memory, MiB",
                    "on huge pages",
                    "queries/s at 0.90",
                    "at 0.95",
                    "at 0.99",
                    "by the clock"),
                others.stream().map(other -> "to " + other.name()))
            .toList();
    return row(columns.stream())
        + row(columns.stream().map(_ -> "---"))
        + results.stream().map(result -> row(cells(result, others))).collect(Collectors.joining());
  }

  private Stream<String> cells(Result result, List<Result> others) {
    Stream<String> own =
        Stream.of(
            result.name().toString(),
            text("%.1f", result.build().cpu()),
            text("%.0f", result.memory().anonymous() / MIB),
            text("%.0f %%", 100.0 * result.memory().huge() / result.memory().anonymous()));
    Curve curve = result.curve(Contender.Duration::cpu);
    Curve clock = result.curve(Contender.Duration::wall);
    Stream<String> rates = DoubleStream.of(RECALLS).mapToObj(at -> rate(curve.rateAt(at)));
    String wall =
        DoubleStream.of(RECALLS)
            .mapToObj(at -> rate(clock.rateAt(at)))
            .collect(Collectors.joining(" / "));
    Stream<String> ratios = others.stream().map(other -> ratios(curve, other));
    return Stream.of(own, rates, Stream.of(wall), ratios).flatMap(part -> part);
  }

  private static String ratios(Curve curve, Result other) {
    Curve theirs = other.curve(Contender.Duration::cpu);
    return DoubleStream.of(RECALLS)
        .mapToObj(at -> ratio(curve.rateAt(at), theirs.rateAt(at)))
        .collect(Collectors.joining(" / "));
  }

  private static String ratio(OptionalDouble ours, OptionalDouble theirs) {
    return ours.isPresent() && theirs.isPresent()
        ? text("%.2f", ours.getAsDouble() / theirs.getAsDouble())
        : NONE;
  }

  private static String rate(OptionalDouble rate) {
    return rate.isPresent() ? text("%,.0f", rate.getAsDouble()) : NONE;
  }

  private Optional<Result> find(String name) {
    return results.stream().filter(result -> result.name().toString().equals(name)).findFirst();
  }

  /// Every point that was measured, a line each.
  String points() {
    return "contender,effort,recall,queries_per_cpu_second,slowest_round,fastest_round,queries_per_second\n"
        + results.stream()
            .flatMap(result -> result.efforts().stream().map(effort -> point(result, effort)))
            .collect(Collectors.joining());
  }

  private static String point(Result result, Result.Effort effort) {
    return text(
        "%s,%d,%.4f,%.0f,%.0f,%.0f,%.0f%n",
        result.name(),
        effort.effort(),
        effort.recall(),
        effort.rate(Contender.Duration::cpu),
        effort.slowest(Contender.Duration::cpu),
        effort.fastest(Contender.Duration::cpu),
        effort.rate(Contender.Duration::wall));
  }

  private static String row(Stream<String> cells) {
    return cells.collect(Collectors.joining(" | ", "| ", " |\n"));
  }

  @SuppressWarnings("AnnotateFormatMethod")
  private static String text(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
