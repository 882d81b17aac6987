package io.elanus.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// A table in Markdown, under what was measured on which machine, and how busy that was.
public final class Report {
  private final String what;
  private final double loadBefore = Machine.load();
  private final List<String> rows = new ArrayList<>();

  /// @param what was measured, a sentence
  /// @param columns their titles
  public Report(String what, String... columns) {
    this.what = what;
    row(Stream.of(columns));
    row(Stream.of(columns).map(_ -> "---"));
  }

  /// Adds a row, which is also printed.
  ///
  /// @param format of the cells, with `|` between them
  public void add(String format, Object... values) {
    String line = text(format, values);
    System.out.println(line);
    row(Stream.of(line.split("\\|", -1)).map(String::strip));
  }

  private void row(Stream<String> cells) {
    rows.add(cells.collect(Collectors.joining(" | ", "| ", " |\n")));
  }

  /// Writes `table.md` into `folder`, which is made, and prints it.
  public void write(Path folder) throws IOException {
    String table =
        text(
            "%s %s; load %.1f before, %.1f after.%n%n%s",
            what, Machine.text(), loadBefore, Machine.load(), String.join("", rows));
    Files.createDirectories(folder);
    Path file = folder.resolve("table.md");
    Files.writeString(file, table);
    System.out.printf("%n%s%nwritten to %s%n", table, file.toAbsolutePath().normalize());
  }

  @SuppressWarnings("AnnotateFormatMethod")
  private static String text(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
