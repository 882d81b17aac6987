package io.elanus.common.expr;

import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;

/// The text of one filter, and how its errors read.
///
/// @param purpose what is planned, as the first words of errors: `query` or `delete`
record FilterSource(String text, String purpose) {
  /// Characters of a filter; room for a hundred thousand keys of ordinary length.
  static final int MAX_LENGTH = 16 << 20;

  private static final int SHOWN_LENGTH = 4096;

  /// The filter cannot be understood.
  DbException cannotParse(String format, Object... args) {
    return failed("cannot parse expression: %s: %s".formatted(shown(), format.formatted(args)));
  }

  /// As [#cannotParse], with the place.
  DbException cannotParseAt(int offset, String format, Object... args) {
    int line = 1 + (int) text.substring(0, offset).chars().filter(c -> c == '\n').count();
    int column = offset - 1 - text.lastIndexOf('\n', offset - 1);
    return cannotParse("line %d:%d %s", line, column, format.formatted(args));
  }

  /// The filter is understood, and is no condition.
  DbException notBoolean(String typeName) {
    return failed(
        "predicate is not a boolean expression: %s, data type: %s".formatted(shown(), typeName));
  }

  /// The value of a template variable is missing or of the wrong kind.
  DbException badTemplate(String format, Object... args) {
    return failed(format.formatted(args));
  }

  /// The part between two offsets, for messages.
  String part(int start, int end) {
    return shorten(text.substring(start, end).strip());
  }

  private DbException failed(String why) {
    return ErrorCode.INVALID_PARAMETER.because(
        "failed to create %s plan: %s: %s", purpose, why, ErrorCode.QUERY_PLAN_FAILED.text());
  }

  private String shown() {
    return shorten(text);
  }

  private static String shorten(String part) {
    return part.length() <= SHOWN_LENGTH ? part : part.substring(0, SHOWN_LENGTH) + "...";
  }
}
