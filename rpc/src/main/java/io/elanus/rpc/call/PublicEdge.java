package io.elanus.rpc.call;

import com.google.protobuf.Message;
import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import io.elanus.common.memory.HeapBudget;
import io.elanus.common.memory.HeapBudget.Kept;
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
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// The edge of the public API.
///
/// What a method throws is an answer: a `Status` in a response that gRPC calls OK. What a stage
/// throws is an answer too, except that a caller who may not call is refused by gRPC itself, with
/// UNAUTHENTICATED or PERMISSION_DENIED, as in Milvus.
public final class PublicEdge implements Edge {
  private static final Metadata.Key<String> DATABASE = MetadataKeys.text("dbname");
  private static final Metadata.Key<String> CONNECTION = MetadataKeys.text("identifier");

  /// Calls with answers of any size, which do the same when they are made again.
  private static final Set<String> READS = Set.of("Search", "HybridSearch", "Query");

  private final Run run;
  private final List<CallStage> stages;
  private final HeapBudget answers;
  private final Duration defaultTimeout;

  /// @param stages in the order a call meets them
  /// @param answers memory of those that their clients have not taken yet
  /// @param defaultTimeout for a client that sets none
  public PublicEdge(Run run, List<CallStage> stages, HeapBudget answers, Duration defaultTimeout) {
    this.run = run;
    this.stages = List.copyOf(stages);
    this.answers = answers;
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
  public Answer answer(RpcMethod method, Handler handler, RequestBody request, Metadata headers) {
    Call call = new Call(method, request, headers, contextOf(headers));
    Counted counted = new Counted(method, handler);
    try {
      return new Answer(
          passOn(call, 0, READS.contains(method.name()) ? counted : handler), counted::taken);
    } catch (StatusRuntimeException e) {
      throw e;
    } catch (Throwable e) {
      return Answer.of(refuse(call, e));
    }
  }

  /// Counts the answer to a read until the client has taken it, so that clients who do not read have no more memory than
  /// there is for all answers. One that finds no room is forgotten, and worked out anew when there is.
  private final class Counted implements Handler {
    private final RpcMethod method;
    private final Handler handler;
    private @Nullable Kept<Message> kept;

    Counted(RpcMethod method, Handler handler) {
      this.method = method;
      this.handler = handler;
    }

    @Override
    public Message answer(Message request) {
      kept =
          answers.keep(
              "the answer to " + method.name(),
              RequestContext.current().deadline(),
              share -> {
                Message answer = handler.answer(request);
                share.take(answer.getSerializedSize());
                return answer;
              });
      return kept.value();
    }

    void taken() {
      if (kept != null) {
        kept.close();
      }
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
