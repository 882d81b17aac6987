package io.elanus.proxy.schema;

import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/// Paths into the dynamic field, with its name in front or without: `color`, `color["a"]`, `$meta["color"]["a"]`.
public final class DynamicPath {
  private static final Pattern FIRST =
      Pattern.compile("(?:\\$meta(?=\\[))?(?:\\[(?:\"([^\"]*)\"|'([^']*)')]|([^\\[]+)).*");

  private DynamicPath() {}

  /// The key of a row that the path begins with; the whole path if it has none of these forms.
  public static String key(String path) {
    Matcher first = FIRST.matcher(path);
    if (!first.matches()) {
      return path;
    }
    return IntStream.rangeClosed(1, first.groupCount())
        .mapToObj(first::group)
        .filter(Objects::nonNull)
        .findFirst()
        .orElseThrow();
  }
}
