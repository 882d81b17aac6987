package io.elanus.rpc.server;

import static java.util.Objects.requireNonNull;

import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import io.elanus.rpc.status.ErrorTrailers;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.StatusRuntimeException;
import java.util.concurrent.Semaphore;

/// The number of calls a server works on at once, gRPC and HTTP together. A call beyond it is
/// refused at its head, before its body is read; it never waits.
final class CallPermits implements ServerInterceptor {
  static final String REFUSAL = ErrorCode.TOO_MANY_REQUESTS.text();

  private final Semaphore permits;

  CallPermits(int calls) {
    permits = new Semaphore(calls);
  }

  boolean tryAcquire() {
    return permits.tryAcquire();
  }

  void release() {
    permits.release();
  }

  @Override
  public <Q, A> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
    if (!tryAcquire()) {
      return refuse(call);
    }
    try {
      return new Releasing<>(next.startCall(call, headers));
    } catch (RuntimeException | Error e) {
      release();
      throw e;
    }
  }

  private static <Q, A> ServerCall.Listener<Q> refuse(ServerCall<Q, A> call) {
    StatusRuntimeException refusal =
        ErrorTrailers.toGrpc(new DbException(ErrorCode.TOO_MANY_REQUESTS, REFUSAL));
    call.close(refusal.getStatus(), requireNonNull(refusal.getTrailers()));
    return new ServerCall.Listener<>() {};
  }

  /// gRPC promises exactly one of `onComplete` and `onCancel`.
  private final class Releasing<Q> extends SimpleForwardingServerCallListener<Q> {
    Releasing(ServerCall.Listener<Q> listener) {
      super(listener);
    }

    @Override
    public void onComplete() {
      try {
        super.onComplete();
      } finally {
        release();
      }
    }

    @Override
    public void onCancel() {
      try {
        super.onCancel();
      } finally {
        release();
      }
    }
  }
}
