package io.elanus.rootcoord.security;

import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;

/// Refusals in the form Milvus gives them: the reason, then the error's own text.
final class Refused {
  private Refused() {}

  static DbException parameter(String reason, Object... args) {
    return of(ErrorCode.INVALID_PARAMETER, reason.formatted(args));
  }

  static DbException denied(String reason, Object... args) {
    return of(ErrorCode.PRIVILEGE_NOT_PERMITTED, reason.formatted(args));
  }

  static DbException quota(String reason, Object... args) {
    return ErrorCode.QUOTA_EXCEEDED.with("reason", reason.formatted(args));
  }

  private static DbException of(ErrorCode code, String reason) {
    return new DbException(code, reason + ": " + code.text());
  }
}
