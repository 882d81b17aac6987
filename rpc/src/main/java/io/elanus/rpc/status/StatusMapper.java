package io.elanus.rpc.status;

import com.google.protobuf.Message;
import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import io.elanus.common.error.ErrorKind;
import io.elanus.proto.milvus.Status;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Exceptions to wire status and back, for the public API.
///
/// A user's mistake and every other failure of a handler is a `Status` inside a reply that gRPC
/// calls OK: the SDKs retry other gRPC codes up to 75 times.
public final class StatusMapper {
  private static final Logger log = LoggerFactory.getLogger(StatusMapper.class);

  /// Java and Python take the two codes together: a reply is a success when both say so.
  private static final Status SUCCESS = Status.getDefaultInstance();

  private static final String INPUT_ERROR = "is_input_error";

  private StatusMapper() {}

  public static Status success() {
    return SUCCESS;
  }

  public static Status failure(DbException error) {
    return failure(error, LegacyCodes.of(error.code().number()));
  }

  /// With the legacy code that Milvus gives to the failures of one RPC.
  @SuppressWarnings("deprecation") // error_code: deprecated, and read by every SDK
  public static Status failure(DbException error, io.elanus.proto.milvus.ErrorCode legacy) {
    ErrorCode code = error.code();
    Status.Builder status =
        Status.newBuilder()
            .setCode(code.number())
            .setErrorCode(legacy)
            .setReason(error.text())
            .setDetail(error.text())
            .setRetriable(code.retriable());
    if (code.kind() == ErrorKind.BAD_REQUEST) {
      status.setRetriable(false).putExtraInfo(INPUT_ERROR, "true");
    }
    return status.build();
  }

  /// A response of the type of `prototype` that says nothing but the failure. Empty when the type
  /// has no place for a status.
  public static Optional<Message> failure(Message prototype, DbException error) {
    return StatusField.response(prototype, failure(error));
  }

  /// Whether responses of the type of `prototype` have a place for a status.
  public static boolean canCarry(Message prototype) {
    return StatusField.response(prototype, SUCCESS).isPresent();
  }

  /// What any exception is to the outside. What nobody expected, and what a person must look at, is
  /// logged here with the trace id; of the former the client learns nothing but that id.
  public static DbException external(Throwable error, String method, String traceId) {
    if (!(error instanceof DbException known)) {
      log.error("call failed unexpectedly method={} trace={}", method, traceId, error);
      return new DbException(
          ErrorCode.UNEXPECTED, "%s[trace=%s]".formatted(ErrorCode.UNEXPECTED.text(), traceId));
    }
    switch (known.kind()) {
      case BUG, CORRUPT -> log.error("call failed method={} trace={}", method, traceId, known);
      case BAD_REQUEST, NOT_READY, OVERLOADED, LOST_RACE, UNKNOWN_OUTCOME, CANCELED, DENIED ->
          log.debug("call failed method={} trace={}", method, traceId, known);
    }
    return known;
  }

  /// The failure a response tells of; empty when it is a success or cannot say.
  public static Optional<DbException> failureOf(Message response) {
    return StatusField.read(response).flatMap(StatusMapper::error);
  }

  /// The number a response carries; 0 when it is a success or cannot say.
  public static int code(Message response) {
    return StatusField.read(response).map(StatusMapper::number).orElse(0);
  }

  /// The failure a status tells of; empty when it is a success. A number we do not know becomes
  /// `UNEXPECTED` and stays readable in the text.
  public static Optional<DbException> error(Status status) {
    int number = number(status);
    return number == 0 ? Optional.empty() : Optional.of(error(number, status.getReason()));
  }

  private static DbException error(int number, String text) {
    return ErrorCode.ofNumber(number)
        .map(code -> new DbException(code, text))
        .orElseGet(
            () -> new DbException(ErrorCode.UNEXPECTED, "%s[code=%d]".formatted(text, number)));
  }

  /// Old servers set the legacy code alone.
  @SuppressWarnings("deprecation")
  private static int number(Status status) {
    if (status.getCode() != 0) {
      return status.getCode();
    }
    return status.getErrorCodeValue() == 0 ? 0 : ErrorCode.UNEXPECTED.number();
  }
}
