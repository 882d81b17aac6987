package io.elanus.proxy.schema;

import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import io.elanus.proxy.Invalid;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;

/// Which names are allowed: a letter or underscore, then letters, digits and underscores.
public final class Names {
  /// Bytes of a name, of any kind.
  public static final int MAX_BYTES = 255;

  /// Words of the filter language, and columns the server keeps for itself.
  private static final Set<String> RESERVED =
      Set.of(
          "and",
          "array_contains",
          "array_contains_all",
          "array_contains_any",
          "array_length",
          "exists",
          "false",
          "in",
          "json_contains",
          "json_contains_all",
          "json_contains_any",
          "like",
          "not",
          "null",
          "or",
          "phrase_match",
          "random_sample",
          "text_match",
          "true");

  private static final Set<String> SYSTEM = Set.of("RowID", "Timestamp", "__virtual_pk__");

  private Names() {}

  public static void checkCollection(String name) {
    checkCollection(name, "name");
  }

  public static void checkAlias(String alias) {
    checkCollection(alias, "alias");
  }

  /// @param kind of name
  private static void checkCollection(String name, String kind) {
    if (name.isEmpty()) {
      throw Invalid.parameter("collection %s should not be empty", kind);
    }
    String prefix = "Invalid collection %s: %s.".formatted(kind, name);
    switch (flaw(name, "")) {
      case TOO_LONG ->
          throw Invalid.parameter(
              "%s the length of a collection %s must be less than %d characters",
              prefix, kind, MAX_BYTES);
      case FIRST ->
          throw Invalid.parameter(
              "%s the first character of a collection %s must be an underscore or letter",
              prefix, kind);
      case REST ->
          throw Invalid.parameter(
              "%s collection %s can only contain numbers, letters and underscores", prefix, kind);
      case NONE -> {}
    }
  }

  public static void checkSnapshot(String name) {
    SecurityNames.check(name, "snapshot name");
  }

  /// A partition name may begin with a digit, and hold hyphens.
  public static void checkPartition(String name) {
    String stripped = name.strip();
    String prefix = "Invalid partition name: %s.".formatted(stripped);
    if (stripped.isEmpty()) {
      throw Invalid.parameter("%s Partition name should not be empty.", prefix);
    }
    Flaw flaw =
        isDigit(stripped.charAt(0)) ? flaw("_" + stripped.substring(1), "-") : flaw(stripped, "-");
    switch (flaw) {
      case TOO_LONG ->
          throw Invalid.parameter(
              "%s The length of a partition name must be less than %d characters.",
              prefix, MAX_BYTES);
      case FIRST ->
          throw Invalid.parameter(
              "%s The first character of a partition name must be an underscore or letter.",
              prefix);
      case REST ->
          throw Invalid.parameter(
              "%s Partition name can only contain numbers, letters and underscores.", prefix);
      case NONE -> {}
    }
  }

  public static void checkDatabase(String name) {
    if (name.isEmpty()) {
      throw invalidDatabase(name, "database name couldn't be empty");
    }
    switch (flaw(name, "")) {
      case TOO_LONG ->
          throw invalidDatabase(
              name,
              "the length of a database name must be less than %d characters".formatted(MAX_BYTES));
      case FIRST ->
          throw invalidDatabase(
              name, "the first character of a database name must be an underscore or letter");
      case REST ->
          throw invalidDatabase(
              name, "database name can only contain numbers, letters and underscores");
      case NONE -> {}
    }
  }

  private static DbException invalidDatabase(String name, String reason) {
    return Invalid.of(ErrorCode.DATABASE_INVALID_NAME, reason, "database", name);
  }

  public static void checkField(String name) {
    if (name.isBlank()) {
      throw invalidField(name, "field name should not be empty");
    }
    String prefix = "Invalid field name: %s. ".formatted(name);
    switch (flaw(name, "")) {
      case TOO_LONG ->
          throw invalidField(
              name,
              "%sThe length of a field name must be less than %d characters."
                  .formatted(prefix, MAX_BYTES));
      case FIRST ->
          throw invalidField(
              name,
              prefix + "The first character of a field name must be an underscore or letter.");
      case REST ->
          throw invalidField(
              name, prefix + "Field name can only contain numbers, letters, and underscores.");
      case NONE -> {}
    }
    if (RESERVED.contains(name.toLowerCase(Locale.ROOT)) || SYSTEM.contains(name)) {
      throw invalidField(name, prefix + name + " is keyword in milvus.");
    }
  }

  private static DbException invalidField(String name, String reason) {
    return Invalid.of(ErrorCode.FIELD_INVALID_NAME, reason, "field", name);
  }

  /// An index name may hold brackets too: defaults for JSON paths do.
  public static void checkIndex(String name) {
    checkLengthOfIndex(name);
    String prefix = "Invalid index name: %s.".formatted(name);
    switch (flaw(name, "[]")) {
      case FIRST ->
          throw Invalid.parameter(
              "%s The first character of a index name must be an underscore or letter.", prefix);
      case REST ->
          throw Invalid.parameter(
              "%s Index name can only contain numbers, letters, and underscores.", prefix);
      case NONE, TOO_LONG -> {}
    }
  }

  /// A path in a JSON field may hold any character, and so may a name made of it.
  public static void checkLengthOfIndex(String name) {
    if (isTooLong(name)) {
      throw Invalid.parameter(
          "Invalid index name: %s. The length of a index name must be less than %d characters.",
          name, MAX_BYTES);
    }
  }

  public static void checkResourceGroup(String name) {
    if (name.isEmpty()) {
      throw Invalid.parameter("resource group name couldn't be empty");
    }
    String prefix = "Invalid resource group name %s.".formatted(name);
    switch (flaw(name, "")) {
      case TOO_LONG ->
          throw Invalid.parameter(
              "%s the length of a resource group name must be less than %d characters",
              prefix, MAX_BYTES);
      case FIRST ->
          throw Invalid.parameter(
              "%s the first character of a resource group name must be an underscore or letter",
              prefix);
      case REST ->
          throw Invalid.parameter(
              "%s resource group name can only contain numbers, letters and underscores", prefix);
      case NONE -> {}
    }
  }

  private enum Flaw {
    NONE,
    TOO_LONG,
    FIRST,
    REST
  }

  private static Flaw flaw(String name, String extra) {
    if (isTooLong(name)) {
      return Flaw.TOO_LONG;
    }
    char first = name.charAt(0);
    if (!isLetter(first) && first != '_') {
      return Flaw.FIRST;
    }
    boolean clean =
        name.chars()
            .skip(1)
            .allMatch(c -> isLetter(c) || isDigit(c) || c == '_' || extra.indexOf(c) >= 0);
    return clean ? Flaw.NONE : Flaw.REST;
  }

  private static boolean isTooLong(String name) {
    return name.getBytes(StandardCharsets.UTF_8).length > MAX_BYTES;
  }

  private static boolean isLetter(int c) {
    return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z';
  }

  private static boolean isDigit(int c) {
    return c >= '0' && c <= '9';
  }
}
