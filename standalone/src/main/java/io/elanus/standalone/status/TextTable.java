package io.elanus.standalone.status;

import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Lines of cells, each column as wide as its widest cell; one that is empty everywhere is left out.
final class TextTable {
  private final List<String> head;
  private List<Integer> left = List.of();

  TextTable(String... head) {
    this.head = List.of(head);
  }

  /// These columns begin at their left, the others end at their right.
  TextTable left(Integer... columns) {
    left = List.of(columns);
    return this;
  }

  /// An empty line, the head, and a line for each of `rows`.
  <T> String rows(List<T> rows, Function<T, List<String>> cells) {
    List<List<String>> lines = Stream.concat(Stream.of(head), rows.stream().map(cells)).toList();
    return lines.stream()
        .map(line -> line(line, lines))
        .collect(Collectors.joining("\n", "\n", "\n"));
  }

  private String line(List<String> line, List<List<String>> all) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < line.size(); i++) {
      int column = i;
      int width = all.stream().mapToInt(other -> other.get(column).length()).max().orElse(0);
      if (width > 0) {
        String pad = " ".repeat(width - line.get(i).length());
        text.append(left.contains(i) ? line.get(i) + pad : pad + line.get(i)).append("  ");
      }
    }
    return text.toString().stripTrailing();
  }
}
