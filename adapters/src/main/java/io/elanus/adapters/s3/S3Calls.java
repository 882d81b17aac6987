package io.elanus.adapters.s3;

import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import io.elanus.common.object.ObjectLimits;
import io.elanus.common.run.Backoff;
import io.elanus.common.run.Deadline;
import io.elanus.common.run.Run;
import java.io.IOException;
import java.time.Duration;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkException;

/// Requests, each tried until it is answered, its failure lasts, or its limits are reached: tries, time, and the
/// budget that all requests share. Thread-safe.
final class S3Calls {
  /// Spread over the whole of it by chance, so that a first pause is 25 ms in the mean: a bucket that refuses is
  /// often another server at the next try.
  private static final Backoff PAUSES = new Backoff(Duration.ofMillis(50), Duration.ofSeconds(5));

  private static final Duration LOOK_FOR_TOKEN = Duration.ofMillis(100);

  /// One try.
  interface Try<T> {
    /// @param number from 1
    T run(int number) throws IOException;
  }

  /// What a failure that is not to be tried again means to the caller.
  interface OnFailure<T> {
    /// @param tries how many there were; 1 when the only one failed
    T answer(S3Failure failure, int tries, DbException exception);
  }

  private final Run run;
  private final S3Limits limits;
  private final S3Metrics metrics;
  private final RetryBudget budget;
  private final Permits requests;
  private final Permits transfers;
  private volatile boolean closed;

  S3Calls(Run run, S3Limits limits, S3Metrics metrics) {
    this.run = run;
    this.limits = limits;
    this.metrics = metrics;
    this.budget = new RetryBudget(run);
    this.requests = new Permits(run, "request", limits.requests());
    this.transfers = new Permits(run, "transfer", limits.transfers());
    metrics.watch(budget);
  }

  /// @throws DbException `STORAGE_IO_FAILED`, `CANCELED`
  <T> T call(S3Action action, String resource, Try<T> attempt) {
    return call(
        action,
        resource,
        attempt,
        (_, _, exception) -> {
          throw exception;
        });
  }

  /// @param onFailure answers or throws when the last try failed
  <T> T call(S3Action action, String resource, Try<T> attempt, OnFailure<T> onFailure) {
    Deadline deadline = Deadline.after(run, limits.callLimit());
    budget.earn();
    for (int number = 1; ; number++) {
      int current = number;
      try {
        return requests.hold(deadline, () -> attempt(action, current, attempt));
      } catch (SdkException e) {
        S3Failure failure = S3Failure.of(e);
        metrics.failed(action, failure);
        if (failure != S3Failure.PASSING || !mayTryAgain(number, deadline)) {
          return onFailure.answer(
              failure, number, failure.toException(action, resource, number, e));
        }
      }
    }
  }

  /// As [#call], as one of the few that carry parts of large objects. Waits for its turn without a limit: each
  /// of those before it has one.
  <T> T transfer(S3Action action, String resource, Try<T> attempt) {
    return transfers.hold(Deadline.NEVER, () -> call(action, resource, attempt));
  }

  <T> T transfer(S3Action action, String resource, Try<T> attempt, OnFailure<T> onFailure) {
    return transfers.hold(Deadline.NEVER, () -> call(action, resource, attempt, onFailure));
  }

  private <T> T attempt(S3Action action, int number, Try<T> attempt) {
    if (closed) {
      throw ObjectLimits.closed();
    }
    long start = run.nanoTime();
    try {
      T result = attempt.run(number);
      metrics.answered(action, Duration.ofNanos(run.nanoTime() - start));
      return result;
    } catch (IOException e) {
      throw interruptedOr(SdkClientException.create("the connection broke: " + e, e));
    } catch (SdkException e) {
      throw interruptedOr(e);
    }
  }

  /// A canceled thread finds its sockets closed, which looks like a broken connection.
  private static RuntimeException interruptedOr(SdkException failure) {
    if (Thread.currentThread().isInterrupted()) {
      return new DbException(ErrorCode.CANCELED, "canceled while waiting for the bucket", failure);
    }
    return failure;
  }

  /// Waits until it is time for another try.
  private boolean mayTryAgain(int failures, Deadline deadline) {
    if (failures == limits.tries()) {
      return false;
    }
    run.sleep(PAUSES.fullJitter(failures, run.random()));
    while (!deadline.hasPassed(run)) {
      if (budget.take()) {
        metrics.triesAgain();
        return true;
      }
      run.sleep(LOOK_FOR_TOKEN);
    }
    return false;
  }

  void close() {
    closed = true;
  }
}
