package io.elanus.common.model;

import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import java.util.Map;
import java.util.Set;

/// A whole number among the parameters of an index or a search, with its range. Errors in Milvus's words.
record IntParam(String name, int min, int max, int defaultValue) {
  private static final Set<String> NONE = Set.of("", "None", "null");

  /// Whether there is more than a name.
  static boolean isGiven(Map<String, String> params, String name) {
    return !NONE.contains(params.getOrDefault(name, ""));
  }

  int toBuild(Map<String, String> params) {
    return isGiven(params, name)
        ? inRange(parse(params.getOrDefault(name, "")), ": " + ErrorCode.INVALID_PARAMETER.text())
        : defaultValue;
  }

  int toSearch(Map<String, String> params) {
    String text = params.getOrDefault(name, "");
    if (!params.containsKey(name)) {
      return defaultValue;
    }
    if (!isInteger(text)) {
      throw ErrorCode.INVALID_PARAMETER.because(
          "Type conflict in json: param '%s' (%s) should be integer", name, text);
    }
    return inRange(parse(text), "");
  }

  /// @throws DbException `INVALID_PARAMETER` when it is given, and less than a search is to find
  void requireAtLeast(int topK, Map<String, String> params) {
    int asked = toSearch(params);
    if (params.containsKey(name) && asked < topK) {
      throw ErrorCode.INVALID_PARAMETER.because(
          "%s(%d) should be larger than k(%d)", name, asked, topK);
    }
  }

  /// As Milvus's engine reads it: digits first, then nothing else.
  private long parse(String text) {
    if (!isInteger(text)) {
      boolean digitsFirst = !text.isEmpty() && isInteger(text.substring(0, digits(text)));
      throw ErrorCode.INVALID_PARAMETER.because(
          digitsFirst
              ? "wrong data type in json, key: '%s', value: '%s': %s"
              : "invalid integer value, key: '%s', value: '%s': %s",
          name,
          text,
          ErrorCode.INVALID_PARAMETER.text());
    }
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw new DbException(
          ErrorCode.INVALID_PARAMETER,
          "integer value out of range, key: '%s', value: '%s'".formatted(name, text),
          e);
    }
  }

  private int inRange(long value, String ending) {
    if (value < min || value > max) {
      throw ErrorCode.INVALID_PARAMETER.because(
          "Out of range in json: param '%s' (%d) should be in range [%d, %d]%s",
          name, value, min, max, ending);
    }
    return (int) value;
  }

  private static boolean isInteger(String text) {
    return !text.isEmpty()
        && digits(text) == text.length()
        && Character.isDigit(text.charAt(text.length() - 1));
  }

  /// How many characters from the start are a sign and digits.
  private static int digits(String text) {
    int end = text.startsWith("-") || text.startsWith("+") ? 1 : 0;
    while (end < text.length() && text.charAt(end) >= '0' && text.charAt(end) <= '9') {
      end++;
    }
    return end;
  }
}
