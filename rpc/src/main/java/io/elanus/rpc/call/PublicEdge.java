package io.elanus.rpc.call;

import com.google.protobuf.Message;
import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import io.elanus.common.run.Deadline;
import io.elanus.common.run.Run;
import io.elanus.rpc.binding.Edge;
import io.elanus.rpc.binding.Handler;
import io.elanus.rpc.binding.RequestBody;
import io.elanus.rpc.binding.RpcMethod;
import io.elanus.rpc.status.StatusMapper;
import io.grpc.Context;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// The edge of the public API.
///
/// What a method throws is an answer: a `Status` in a response that gRPC calls OK. What a stage
/// throws is an answer too, except that a caller who may not call is refused by gRPC itself, with
/// UNAUTHENTICATED or PERMISSION_DENIED, as in Milvus.
public final class PublicEdge implements Edge {
  private static final Metadata.Key<String> DATABASE = MetadataKeys.text("dbname");
  private static final Metadata.Key<String> CONNECTION = MetadataKeys.text("identifier");

  private final Run run;
  private final List<CallStage> stages;
  private final Duration defaultTimeout;

  /// @param stages in the order a call meets them
  /// @param defaultTimeout for a client that sets none
  public PublicEdge(Run run, List<CallStage> stages, Duration defaultTimeout) {
    this.run = run;
    this.stages = List.copyOf(stages);
    this.defaultTimeout = defaultTimeout;
  }

  @Override
  public Handler unserved(RpcMethod method) {
    return _ -> {
      throw ErrorCode.UNIMPLEMENTED.because(
          "%s: %s is not served yet", ErrorCode.UNIMPLEMENTED.text(), method.name());
    };
  }

  @Override
  public Message answer(RpcMethod method, Handler handler, RequestBody request, Metadata headers) {
    Call call = new Call(method, request, headers, contextOf(headers));
    try {
      return passOn(call, 0, handler);
    } catch (StatusRuntimeException e) {
      throw e;
    } catch (Throwable e) {
      return refuse(call, e);
    }
  }

  private RequestContext contextOf(Metadata headers) {
    return new RequestContext(
        MetadataKeys.find(headers, DATABASE).orElse(RequestContext.DEFAULT_DATABASE),
        RequestContext.ROOT,
        TraceId.of(headers, run),
        Deadline.after(run, timeout()),
        MetadataKeys.find(headers, CONNECTION).map(PublicEdge::connection).orElse(0L));
  }

  private Duration timeout() {
    io.grpc.Deadline client = Context.current().getDeadline();
    return client == null
        ? defaultTimeout
        : Duration.ofNanos(Math.max(0, client.timeRemaining(TimeUnit.NANOSECONDS)));
  }

  private static long connection(String identifier) {
    try {
      return Long.parseLong(identifier);
    } catch (NumberFormatException e) {
      return 0;
    }
  }

  private Message passOn(Call call, int stage, Handler handler) {
    if (stage == stages.size()) {
      return serve(call, handler);
    }
    return stages.get(stage).around(call, next -> passOn(next, stage + 1, handler));
  }

  private static Message serve(Call call, Handler handler) {
    try {
      return call.context().call(() -> handler.answer(call.request()));
    } catch (Throwable e) {
      return failure(call, external(call, e));
    }
  }

  private static Message refuse(Call call, Throwable thrown) {
    DbException error = external(call, thrown);
    return switch (error.code()) {
      case NOT_AUTHENTICATED -> throw grpc(Status.UNAUTHENTICATED, error);
      case PRIVILEGE_NOT_PERMITTED -> throw grpc(Status.PERMISSION_DENIED, error);
      default -> failure(call, error);
    };
  }

  private static Message failure(Call call, DbException error) {
    return StatusMapper.failure(call.method().response(), error)
        .orElseThrow(() -> grpc(Status.FAILED_PRECONDITION, error));
  }

  private static DbException external(Call call, Throwable thrown) {
    return StatusMapper.external(thrown, call.method().name(), call.context().traceId());
  }

  private static StatusRuntimeException grpc(Status status, DbException error) {
    return status.withDescription(error.text()).asRuntimeException();
  }
}
