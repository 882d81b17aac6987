package io.elanus.common.model;

import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Map;

/// A number among the parameters of an index or a search, with its range. Errors in Milvus's words.
///
/// @param closed whether `max` is in the range
record FloatParam(String name, double min, double max, boolean closed) {
  void checkToBuild(Map<String, String> params) {
    String text = params.get(name);
    if (text != null) {
      parse(
          text,
          "invalid float value, key: '%s', value: '%s': " + ErrorCode.INVALID_PARAMETER.text());
    }
  }

  double toSearch(Map<String, String> params, double defaultValue) {
    String text = params.get(name);
    return text == null
        ? defaultValue
        : parse(text, "Type conflict in json: param '%s' (%s) should be a number");
  }

  /// @param otherwise what is said, of name and text, when it is no number
  @SuppressWarnings("AnnotateFormatMethod")
  private double parse(String text, String otherwise) {
    double value;
    try {
      value = Double.parseDouble(text);
    } catch (NumberFormatException e) {
      throw new DbException(ErrorCode.INVALID_PARAMETER, otherwise.formatted(name, text), e);
    }
    return inRange(value);
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
    return new BigDecimal(value).setScale(6, RoundingMode.HALF_EVEN).toPlainString();
  }
}
