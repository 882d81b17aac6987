package io.elanus.chaos.workload;

import io.elanus.chaos.history.Outcome;
import io.milvus.shaded.io.grpc.Status;
import io.milvus.shaded.io.grpc.StatusRuntimeException;
import io.milvus.v2.exception.ErrorCode;
import io.milvus.v2.exception.MilvusClientException;
import java.net.ConnectException;
import java.util.Set;

/// What a failure of a request means for its effect, on the word of the server where it says something.
///
/// @param code what the server said; 0 when it did not say anything
record Failure(Outcome outcome, String text, int code) {
  static final int COLLECTION_NOT_FOUND = 100;

  /// Canceled, timed out, outcome unknown, unexpected: by these numbers Elanus says that it does not know.
  /// Under every other one it promises that the request had no effect.
  private static final Set<Integer> UNKNOWN_CODES = Set.of(10_000, 10_001, 10_100, 65_535);

  static Failure of(RuntimeException error) {
    int code =
        error instanceof MilvusClientException known
                && known.getErrorCode() == ErrorCode.SERVER_ERROR
            ? known.getServerErrCode()
            : 0;
    return new Failure(outcome(error), String.valueOf(error.getMessage()), code);
  }

  static Failure notSent(Connection.NotConnected error) {
    return new Failure(Outcome.FAILED, String.valueOf(error.getMessage()), 0);
  }

  boolean isAnswer() {
    return code != 0;
  }

  private static Outcome outcome(RuntimeException error) {
    if (error instanceof MilvusClientException known) {
      if (known.getErrorCode() == ErrorCode.SERVER_ERROR) {
        return UNKNOWN_CODES.contains(known.getServerErrCode()) ? Outcome.UNKNOWN : Outcome.FAILED;
      }
      if (known.getCause() instanceof StatusRuntimeException rpc && wasNeverSent(rpc)) {
        return Outcome.FAILED;
      }
    }
    return Outcome.UNKNOWN;
  }

  private static boolean wasNeverSent(StatusRuntimeException rpc) {
    return rpc.getStatus().getCode() == Status.Code.UNAVAILABLE
        && rpc.getCause() instanceof ConnectException;
  }
}
