package io.elanus.proxy.schema;

import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Paths into the dynamic field, with its name in front or without: `color`, `color["a"]`, `$meta["color"]["a"]`.
public final class DynamicPath {
  private static final Pattern FIRST =
      Pattern.compile("(?:\\$meta(?=\\[))?(?:\\[(?:\"([^\"]*)\"|'([^']*)')]|([^\\[]+))(.*)");

  private DynamicPath() {}

  /// The key of a row that the path begins with; the whole path if it has none of these forms.
  public static String key(String path) {
    Matcher first = FIRST.matcher(path);
    return first.matches()
        ? Stream.of(first.group(1), first.group(2), first.group(3))
            .filter(Objects::nonNull)
            .findFirst()
            .orElseThrow()
        : path;
  }

  /// What of the path is below that key; empty if it is all of it.
  public static String below(String path) {
    Matcher first = FIRST.matcher(path);
    return first.matches() ? first.group(4) : "";
  }
}
