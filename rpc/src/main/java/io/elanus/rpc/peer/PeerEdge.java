package io.elanus.rpc.peer;

import com.google.protobuf.Message;
import io.elanus.common.error.DbException;
import io.elanus.common.run.Run;
import io.elanus.rpc.binding.Edge;
import io.elanus.rpc.binding.Handler;
import io.elanus.rpc.binding.RequestBody;
import io.elanus.rpc.binding.RpcMethod;
import io.elanus.rpc.call.RequestContext;
import io.elanus.rpc.status.ErrorTrailers;
import io.elanus.rpc.status.StatusMapper;
import io.grpc.Metadata;
import java.time.Duration;

/// The edge between roles: every RPC is served, and an exception goes out as gRPC status and
/// trailers.
final class PeerEdge implements Edge {
  private final Run run;
  private final Duration defaultTimeout;
  private final PeerLog log;

  PeerEdge(Run run, Duration defaultTimeout, PeerLog log) {
    this.run = run;
    this.defaultTimeout = defaultTimeout;
    this.log = log;
  }

  @Override
  public Handler unserved(RpcMethod method) {
    throw new IllegalStateException(
        "nothing serves %s: public %s"
            .formatted(method.wire().getFullMethodName(), method.signature()));
  }

  @Override
  public Answer answer(RpcMethod method, Handler handler, RequestBody body, Metadata headers) {
    RequestContext context = PeerHeaders.read(headers, run, defaultTimeout);
    long start = run.nanoTime();
    Message request = body.message();
    try {
      Message response = context.call(() -> handler.answer(request));
      log.ended(method, 0, run.nanoTime() - start);
      return Answer.of(response);
    } catch (Throwable e) {
      DbException error = StatusMapper.external(e, method.name(), context.traceId());
      log.ended(method, error.code().number(), run.nanoTime() - start);
      throw ErrorTrailers.toGrpc(error);
    }
  }
}
