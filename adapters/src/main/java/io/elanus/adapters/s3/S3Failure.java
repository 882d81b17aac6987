package io.elanus.adapters.s3;

import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.model.S3Exception;

/// What a failed try means.
enum S3Failure {
  /// There is no such object (or upload).
  MISSING,
  /// There is an object where none was to be.
  EXISTS,
  /// The object ends before the range begins.
  OUT_OF_RANGE,
  /// We may not.
  DENIED,
  /// The calling thread was canceled.
  CANCELED,
  /// Trying again may help; whether this try took effect is not known.
  PASSING,
  /// Trying again does not help.
  LASTING;

  private static final int OK = 200;
  private static final int BAD_REQUEST = 400;
  private static final int NOT_FOUND = 404;
  private static final int CONFLICT = 409;
  private static final int PRECONDITION_FAILED = 412;
  private static final int RANGE_NOT_SATISFIABLE = 416;
  private static final int SERVER_ERROR = 500;
  private static final int NOT_IMPLEMENTED = 501;

  /// 401 and 403.
  private static final Set<Integer> DENIALS = Set.of(401, 403);

  /// 408 and 429.
  private static final Set<Integer> LATER = Set.of(408, 429);

  /// Answers 400, but passes: the body was damaged or stopped on its way, or the credentials were about to be
  /// renewed.
  private static final Set<String> PASSING_BAD_REQUESTS =
      Set.of(
          "BadDigest",
          "ExpiredToken",
          "IncompleteBody",
          "RequestTimeout",
          "TokenRefreshRequired",
          "XAmzContentChecksumMismatch",
          "XAmzContentSHA256Mismatch");

  /// The clocks disagree: the client corrects itself by the answer.
  private static final String CLOCK_SKEW = "RequestTimeTooSkewed";

  private static final Set<String> UNKNOWN_CREDENTIALS =
      Set.of("InvalidAccessKeyId", "InvalidToken", "SignatureDoesNotMatch");

  private static final Pattern MISSING_PERMISSION =
      Pattern.compile("not authorized to perform: (\\S+)(?: on resource: (\\S+))?");

  static S3Failure of(SdkException failure) {
    return switch (failure) {
      case AbortedException _ -> CANCELED;
      case S3Exception answer -> of(answer);
      default -> hasNoCredentials(failure) ? DENIED : PASSING;
    };
  }

  private static S3Failure of(S3Exception answer) {
    int status = answer.statusCode();
    String code = errorCode(answer);
    if (DENIALS.contains(status)) {
      return code.equals(CLOCK_SKEW) ? PASSING : DENIED;
    }
    if (LATER.contains(status) || (status >= SERVER_ERROR && status != NOT_IMPLEMENTED)) {
      return PASSING;
    }
    return switch (status) {
      // An error in the body of an answer that began well: CompleteMultipartUpload does that.
      case OK -> PASSING;
      case BAD_REQUEST -> PASSING_BAD_REQUESTS.contains(code) ? PASSING : LASTING;
      case NOT_FOUND -> code.equals("NoSuchBucket") ? LASTING : MISSING;
      case CONFLICT -> PASSING;
      case PRECONDITION_FAILED -> EXISTS;
      case RANGE_NOT_SATISFIABLE -> OUT_OF_RANGE;
      default -> LASTING;
    };
  }

  private static String errorCode(S3Exception answer) {
    return Optional.ofNullable(answer.awsErrorDetails()).map(AwsErrorDetails::errorCode).orElse("");
  }

  /// The chain of credentials has run dry; asking again would only repeat its waits.
  private static boolean hasNoCredentials(SdkException failure) {
    return String.valueOf(failure.getMessage()).startsWith("Unable to load credentials");
  }

  /// The exception for the caller.
  ///
  /// @param resource what was asked for, as `s3://bucket/key`
  DbException toException(S3Action action, String resource, int tries, SdkException cause) {
    String what = "%s of %s".formatted(action, resource);
    return switch (this) {
      case CANCELED -> new DbException(ErrorCode.CANCELED, what + " was canceled", cause);
      case DENIED ->
          new DbException(ErrorCode.STORAGE_IO_FAILED, denial(action, resource, cause), cause);
      case MISSING, EXISTS, OUT_OF_RANGE, PASSING, LASTING ->
          new DbException(
              ErrorCode.STORAGE_IO_FAILED,
              "%s failed after %d tries: %s".formatted(what, tries, reason(cause)),
              cause);
    };
  }

  /// Names the permission that the answer names, which may be one of KMS, else the one the action needs.
  private static String denial(S3Action action, String resource, SdkException cause) {
    String reason = reason(cause);
    if (cause instanceof S3Exception answer && UNKNOWN_CREDENTIALS.contains(errorCode(answer))) {
      return "the credentials are not valid for %s: %s".formatted(resource, reason);
    }
    Matcher named = MISSING_PERMISSION.matcher(reason);
    boolean isNamed = named.find();
    String permission = isNamed ? named.group(1) : action.permission();
    String on = isNamed && named.group(2) != null ? named.group(2) : resource;
    return "permission %s on %s is missing: %s of %s was denied: %s"
        .formatted(permission, on, action, resource, reason);
  }

  /// What the server said, or what kept us from asking it.
  private static String reason(SdkException cause) {
    if (cause instanceof S3Exception answer) {
      String message =
          Optional.ofNullable(answer.awsErrorDetails())
              .map(AwsErrorDetails::errorMessage)
              .orElse("");
      return "%d %s %s".formatted(answer.statusCode(), errorCode(answer), message).strip();
    }
    return String.valueOf(cause.getMessage());
  }
}
