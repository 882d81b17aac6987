package io.elanus.adapters.kafka;

import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import java.util.Set;
import java.util.concurrent.CompletionException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;

/// What Kafka's exceptions mean to whoever uses the log.
final class KafkaErrors {
  /// Thrown by `send` itself, these leave nothing in the producer's buffer: each comes before the record is
  /// put there. What may come after that (an idempotent producer that has failed for good) is of other
  /// types.
  private static final Set<Class<? extends Exception>> BEFORE_BUFFER =
      Set.of(
          TimeoutException.class, // no metadata, or no room in the buffer
          InterruptException.class, // while waiting for these
          RecordTooLargeException.class,
          SerializationException.class,
          InvalidTopicException.class,
          AuthorizationException.class,
          AuthenticationException.class);

  private KafkaErrors() {}

  /// What to throw when something failed that changed nothing, or may be repeated.
  static DbException failed(Throwable thrown, String what) {
    Throwable error = unwrapped(thrown);
    ErrorCode code =
        error instanceof InterruptException ? ErrorCode.CANCELED : ErrorCode.LOG_FAILED;
    return new DbException(code, "%s: %s".formatted(what, reason(error)), error);
  }

  /// As [#failed], for those who set a process up: it tells who we are not, and what we may not.
  static DbException refused(Throwable thrown, String what) {
    Throwable error = unwrapped(thrown);
    ErrorCode code =
        switch (error) {
          case AuthenticationException _ -> ErrorCode.NOT_AUTHENTICATED;
          case AuthorizationException _ -> ErrorCode.PRIVILEGE_NOT_PERMITTED;
          case InterruptException _ -> ErrorCode.CANCELED;
          default -> ErrorCode.LOG_FAILED;
        };
    return new DbException(code, "%s: %s".formatted(what, reason(error)), error);
  }

  private static Throwable unwrapped(Throwable thrown) {
    Throwable cause = thrown.getCause();
    return thrown instanceof CompletionException && cause != null ? cause : thrown;
  }

  static String reason(Throwable error) {
    String message = error.getMessage();
    return message == null ? error.getClass().getSimpleName() : message;
  }

  static boolean isCausedBy(Throwable error, Class<? extends Exception> type) {
    for (Throwable cause = error; cause != null; cause = cause.getCause()) {
      if (type.isInstance(cause)) {
        return true;
      }
    }
    return false;
  }

  /// Whether an append that failed so provably did not happen.
  ///
  /// @param inSend the failure was told by `send`, before it returned
  static boolean isNeverSent(Throwable error, boolean inSend) {
    return inSend && BEFORE_BUFFER.stream().anyMatch(type -> type.isInstance(error));
  }

  /// Whether the producer may refuse everything from now on. A new one costs one round trip, so a doubt
  /// is enough.
  static boolean isFatal(Throwable error, boolean inSend) {
    boolean refusedAlone =
        error instanceof RetriableException
            || error instanceof TopicAuthorizationException
            || error instanceof RecordTooLargeException;
    return !refusedAlone && !isNeverSent(error, inSend);
  }
}
