package io.elanus.rpc.status;

import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import io.elanus.common.error.ErrorKind;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Errors between roles: a `DbException` travels as a gRPC status with the message as description,
/// and two trailers. `elanus-code` is the number; `elanus-kind` serves a caller of an older version
/// that does not know the number.
public final class ErrorTrailers {
  private static final Metadata.Key<String> CODE =
      Metadata.Key.of("elanus-code", Metadata.ASCII_STRING_MARSHALLER);
  private static final Metadata.Key<String> KIND =
      Metadata.Key.of("elanus-kind", Metadata.ASCII_STRING_MARSHALLER);

  /// A description travels in a header, percent-encoded: up to nine times as long. Callers read
  /// headers of up to 64 KiB.
  private static final int MAX_TEXT_LENGTH = 4096;

  private ErrorTrailers() {}

  public static StatusRuntimeException toGrpc(DbException error) {
    Metadata trailers = new Metadata();
    trailers.put(CODE, Integer.toString(error.code().number()));
    trailers.put(KIND, error.kind().name());
    String text = error.text();
    return status(error.kind())
        .withDescription(text.substring(0, Math.min(text.length(), MAX_TEXT_LENGTH)))
        .asRuntimeException(trailers);
  }

  /// For tools that look at gRPC traffic; callers read the trailers.
  private static Status status(ErrorKind kind) {
    return switch (kind) {
      case BAD_REQUEST -> Status.INVALID_ARGUMENT;
      case NOT_READY -> Status.UNAVAILABLE;
      case OVERLOADED -> Status.RESOURCE_EXHAUSTED;
      case LOST_RACE -> Status.ABORTED;
      case UNKNOWN_OUTCOME -> Status.UNKNOWN;
      case CORRUPT -> Status.DATA_LOSS;
      case CANCELED -> Status.CANCELLED;
      case DENIED -> Status.PERMISSION_DENIED;
      case BUG -> Status.INTERNAL;
    };
  }

  /// The error that was sent; empty when the status does not come from [#toGrpc].
  public static Optional<DbException> read(Status status, Metadata trailers) {
    String code = trailers.get(CODE);
    if (code == null) {
      return Optional.empty();
    }
    String description = status.getDescription();
    return Optional.of(
        new DbException(known(code, trailers.get(KIND)), description == null ? code : description));
  }

  private static ErrorCode known(String code, @Nullable String kind) {
    return number(code).flatMap(ErrorCode::ofNumber).orElseGet(() -> standIn(kind));
  }

  private static Optional<Integer> number(String code) {
    try {
      return Optional.of(Integer.valueOf(code));
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  /// The code that tells the caller to do the same.
  private static ErrorCode standIn(@Nullable String kind) {
    for (ErrorKind known : ErrorKind.values()) {
      if (known.name().equals(kind)) {
        return standIn(known);
      }
    }
    return ErrorCode.UNEXPECTED;
  }

  private static ErrorCode standIn(ErrorKind kind) {
    return switch (kind) {
      case BAD_REQUEST -> ErrorCode.INVALID_PARAMETER;
      case NOT_READY -> ErrorCode.SERVICE_UNAVAILABLE;
      case OVERLOADED -> ErrorCode.RESOURCE_INSUFFICIENT;
      case LOST_RACE -> ErrorCode.NODE_NOT_MATCH;
      case UNKNOWN_OUTCOME -> ErrorCode.OUTCOME_UNKNOWN;
      case CORRUPT -> ErrorCode.CORRUPT;
      case CANCELED -> ErrorCode.CANCELED;
      case DENIED -> ErrorCode.PRIVILEGE_NOT_PERMITTED;
      case BUG -> ErrorCode.UNEXPECTED;
    };
  }
}
