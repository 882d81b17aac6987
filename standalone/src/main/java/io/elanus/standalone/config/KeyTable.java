package io.elanus.standalone.config;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/// The table of keys for people: on the command line, and as the page of the documentation.
public final class KeyTable {
  private KeyTable() {}

  /// For `--help`: two lines per key.
  public static List<String> lines() {
    List<String> lines = new ArrayList<>(List.of("", "Keys:"));
    for (Key<?> key : Keys.ALL) {
      lines.add(
          "  %s (default '%s', %s)"
              .formatted(key.name(), key.printedInitial(), key.kind().expected()));
      lines.add("      " + key.doc());
    }
    return lines.stream().map(line -> line.replace("%", "%%")).toList();
  }

  /// For `docs/operations/configuration.md`: one row per key, in Markdown.
  public static String markdown() {
    String rows = Keys.ALL.stream().map(KeyTable::row).collect(Collectors.joining("\n"));
    return "| Key | Default | Values | Meaning |\n|---|---|---|---|\n" + rows + "\n";
  }

  private static String row(Key<?> key) {
    String initial = key.printedInitial();
    String also =
        key.aliases().isEmpty()
            ? ""
            : " Also set by %s."
                .formatted(
                    key.aliases().stream().map(KeyTable::code).collect(Collectors.joining(", ")));
    return "| %s | %s | %s | %s%s |"
        .formatted(
            code(key.name()),
            initial.isEmpty() ? "" : code(initial),
            key.kind().expected(),
            key.doc(),
            also);
  }

  private static String code(String text) {
    return "`" + text + "`";
  }
}
