package io.elanus.rpc.peer;

import com.google.protobuf.Message;
import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import io.elanus.common.run.Deadline;
import io.elanus.common.run.Gate;
import io.elanus.common.run.Run;
import io.elanus.rpc.binding.RpcMethod;
import io.elanus.rpc.status.ErrorTrailers;
import io.grpc.Attributes;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientStreamTracer;
import io.grpc.Metadata;
import io.grpc.Status;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/// One blocking unary call. gRPC's callbacks run on the thread that waits for them, so that a large
/// response is decoded there and not on a thread that serves other connections.
///
/// `tasks` and `abandoned` are guarded by `gate`; the rest belongs to the waiting thread, but for
/// `sent`.
final class PeerCall extends ClientCall.Listener<Message> implements Executor {
  private final RpcMethod method;
  private final Deadline deadline;
  private final Run run;
  private final Gate gate;
  private final Queue<Runnable> tasks = new ArrayDeque<>();
  private boolean abandoned;

  private @Nullable Message response;
  private @Nullable Status status;
  private Metadata trailers = new Metadata();
  private volatile boolean sent;

  PeerCall(Run run, RpcMethod method, Deadline deadline) {
    this.run = run;
    this.method = method;
    this.deadline = deadline;
    this.gate = run.gate();
  }

  Message call(Channel channel, Message request, String traceId) {
    deadline.check(run, "rpc " + method.name());
    ClientCall<Message, Message> call = channel.newCall(method.wire(), options());
    try {
      call.start(this, PeerHeaders.write(traceId, deadline.remaining(run)));
      call.request(2); // one message, and the end of the stream
      call.sendMessage(request);
      call.halfClose();
      awaitEnd();
    } catch (RuntimeException | Error e) {
      call.cancel("the caller gave up", e);
      throw e;
    } finally {
      abandon();
    }
    return answer(channel);
  }

  private CallOptions options() {
    ClientStreamTracer.Factory noticeSending =
        new ClientStreamTracer.Factory() {
          @Override
          public ClientStreamTracer newClientStreamTracer(
              ClientStreamTracer.StreamInfo info, Metadata headers) {
            return new Sending();
          }
        };
    return CallOptions.DEFAULT.withExecutor(this).withStreamTracerFactory(noticeSending);
  }

  /// Notices that a connection has taken the call, after which nobody knows how far it got.
  private final class Sending extends ClientStreamTracer {
    @Override
    public void streamCreated(Attributes transport, Metadata headers) {
      sent = true;
    }
  }

  private void awaitEnd() {
    while (status == null) {
      if (!gate.await(() -> !tasks.isEmpty(), deadline)) {
        throw new DbException(ErrorCode.TIMEOUT, "timeout waiting for rpc " + method.name());
      }
      runTasks();
    }
  }

  private void runTasks() {
    for (Optional<Runnable> next = next(); next.isPresent(); next = next()) {
      next.get().run();
    }
  }

  private Optional<Runnable> next() {
    return gate.read(() -> Optional.ofNullable(tasks.poll()));
  }

  /// From now on callbacks run where they arise: a message that comes late has to be released.
  private void abandon() {
    gate.change(() -> abandoned = true);
    runTasks();
  }

  @Override
  public void execute(Runnable task) {
    boolean waitedFor = gate.change(() -> !abandoned && tasks.add(task));
    if (!waitedFor) {
      task.run();
    }
  }

  @Override
  public void onMessage(Message message) {
    response = message;
  }

  @Override
  public void onClose(Status closed, Metadata last) {
    status = closed;
    trailers = last;
  }

  private Message answer(Channel channel) {
    Status ended = status == null ? Status.UNKNOWN : status;
    Message message = response;
    if (ended.isOk() && message != null) {
      return message;
    }
    throw ErrorTrailers.read(ended, trailers)
        .map(thrown -> asSeenHere(thrown, channel))
        .orElseGet(() -> failure(ended, channel));
  }

  /// The other side was canceled, by its shutdown for instance. Here nobody canceled anything.
  private DbException asSeenHere(DbException thrown, Channel channel) {
    return thrown.code() == ErrorCode.CANCELED
        ? new DbException(
            ErrorCode.OUTCOME_UNKNOWN, what(channel) + " was canceled there: " + thrown.text())
        : thrown;
  }

  /// What gRPC itself says; the other side's errors bring trailers.
  private DbException failure(Status ended, Channel channel) {
    String what = what(channel);
    String why = ended.getCode() + ": " + ended.getDescription();
    return switch (ended.getCode()) {
      case UNIMPLEMENTED ->
          new DbException(ErrorCode.NODE_NOT_MATCH, what + " is not served there", cause(ended));
      case RESOURCE_EXHAUSTED ->
          new DbException(ErrorCode.PARAMETER_TOO_LARGE, what + ": " + why, cause(ended));
      default ->
          sent
              ? new DbException(
                  ErrorCode.OUTCOME_UNKNOWN, what + " was sent and then lost: " + why, cause(ended))
              : new DbException(
                  ErrorCode.SERVICE_UNAVAILABLE, what + " could not be sent: " + why, cause(ended));
    };
  }

  private String what(Channel channel) {
    return "rpc %s to %s".formatted(method.name(), channel.authority());
  }

  private static Throwable cause(Status ended) {
    return ended.asRuntimeException();
  }
}
