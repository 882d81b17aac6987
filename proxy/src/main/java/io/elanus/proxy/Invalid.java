package io.elanus.proxy;

import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;

/// Refusals of what a client sent, in the form Milvus gives them: the reason, then the error's own text.
public final class Invalid {
  private Invalid() {}

  /// `REASON: invalid parameter`
  public static DbException parameter(String reason, Object... args) {
    return of(ErrorCode.INVALID_PARAMETER, reason.formatted(args));
  }

  /// `REASON: invalid parameter[expected=E][actual=A]`
  public static DbException mismatch(Object expected, Object actual, String reason) {
    DbException cause = ErrorCode.INVALID_PARAMETER.with("expected", expected, "actual", actual);
    return new DbException(ErrorCode.INVALID_PARAMETER, reason + ": " + cause.text());
  }

  /// `REASON: invalid parameter[A out of range L <= value <= U]`
  public static DbException range(int lower, int upper, int actual, String reason) {
    return new DbException(
        ErrorCode.INVALID_PARAMETER,
        "%s: %s[%d out of range %d <= value <= %d]"
            .formatted(reason, ErrorCode.INVALID_PARAMETER.text(), actual, lower, upper));
  }

  /// `REASON: the code's text[field=value]...`; `fields` are alternating names and values.
  public static DbException of(ErrorCode code, String reason, Object... fields) {
    return new DbException(code, reason + ": " + code.with(fields).text());
  }

  /// Something Milvus has and we do not have yet.
  public static DbException notServed(String feature) {
    return parameter("%s is not supported yet", feature);
  }
}
