package io.elanus.adapters.sql;

import java.util.List;
import java.util.Map;

/// How the texts of [MetaSql] become statements of one engine and one store: words in braces stand
/// for what the engines say differently, and the names of all tables begin with `prefix`.
public final class SqlDialect {
  private static final String PREFIX = "meta_";

  private final String prefix;
  private final Map<String, String> words;
  private final List<String> createIndexes;

  private SqlDialect(String prefix, Map<String, String> words, List<String> createIndexes) {
    this.prefix = prefix;
    this.words = words;
    this.createIndexes = createIndexes;
  }

  /// One store in one file. A transaction that writes holds the file's one lock from its start.
  public static SqlDialect sqlite() {
    return new SqlDialect(
        PREFIX,
        Map.of(
            "{for update}", "",
            "{or ignore}", "OR IGNORE",
            "{writable}", "1",
            "{engine}", "",
            "{lease index}", "",
            "{request index}", ""),
        List.of(
            "CREATE INDEX IF NOT EXISTS meta_entry_lease ON meta_entry (lease)",
            "CREATE INDEX IF NOT EXISTS meta_request_revision ON meta_request (revision)"));
  }

  /// MySQL 8, Aurora MySQL 3, MariaDB 10.6 and later versions. A server that takes no writes is not
  /// the one to read from either: another may have newer commits.
  public static SqlDialect mysql(String prefix) {
    return new SqlDialect(
        prefix,
        Map.of(
            "{for update}", "FOR UPDATE",
            "{or ignore}", "IGNORE",
            "{writable}", "@@global.read_only = 0 AND @@global.innodb_read_only = 0",
            "{engine}", "ENGINE=InnoDB",
            "{lease index}", ", INDEX entry_lease (lease)",
            "{request index}", ", INDEX request_revision (revision)"),
        List.of());
  }

  String statement(String text) {
    String statement = text;
    for (Map.Entry<String, String> word : words.entrySet()) {
      statement = statement.replace(word.getKey(), word.getValue());
    }
    return statement.replace(PREFIX, prefix);
  }

  /// Where indexes are not made with their tables.
  List<String> createIndexes() {
    return createIndexes;
  }
}
