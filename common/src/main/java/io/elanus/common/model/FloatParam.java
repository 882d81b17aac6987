package io.elanus.common.model;

import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import java.util.Locale;
import java.util.Map;

/// A number among the parameters of an index or a search, with its range. Errors in Milvus's words.
///
/// @param closed whether `max` is in the range
record FloatParam(String name, double min, double max, boolean closed) {
  void check(Map<String, String> params) {
    if (!params.containsKey(name)) {
      return;
    }
    String text = params.getOrDefault(name, "");
    try {
      inRange(Double.parseDouble(text));
    } catch (NumberFormatException e) {
      throw new DbException(
          ErrorCode.INVALID_PARAMETER,
          "invalid float value, key: '%s', value: '%s': %s"
              .formatted(name, text, ErrorCode.INVALID_PARAMETER.text()),
          e);
    }
  }

  double toSearch(Map<String, String> params, double defaultValue) {
    if (!params.containsKey(name)) {
      return defaultValue;
    }
    String text = params.getOrDefault(name, "");
    try {
      return inRange(Double.parseDouble(text));
    } catch (NumberFormatException e) {
      throw new DbException(
          ErrorCode.INVALID_PARAMETER,
          "Type conflict in json: param '%s' (%s) should be a number".formatted(name, text),
          e);
    }
  }

  private double inRange(double value) {
    if (!(value >= min && (closed ? value <= max : value < max))) {
      throw ErrorCode.INVALID_PARAMETER.because(
          "Out of range in json: param '%s' (%s) should be in range [%s, %s%s",
          name, value, sixDigits(min), sixDigits(max), closed ? "]" : ")");
    }
    return value;
  }

  private static String sixDigits(double value) {
    return String.format(Locale.ROOT, "%.6f", value);
  }
}
