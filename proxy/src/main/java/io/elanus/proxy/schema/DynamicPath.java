package io.elanus.proxy.schema;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Paths into the dynamic field, with its name in front or without: `color`, `color["a"]`, `$meta["color"]["a"]`.
public final class DynamicPath {
  private static final Pattern FIRST =
      Pattern.compile("(?:\\$meta)?(?:\\[[\"']([^\"']*)[\"']]|([^\\[]+)).*");

  private DynamicPath() {}

  /// The key of a row that the path begins with; the whole path if it has none of these forms.
  public static String key(String path) {
    Matcher first = FIRST.matcher(path);
    if (!first.matches()) {
      return path;
    }
    return first.group(1) != null ? first.group(1) : first.group(2);
  }
}
