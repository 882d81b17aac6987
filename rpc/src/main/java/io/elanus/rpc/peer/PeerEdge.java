package io.elanus.rpc.peer;

import com.google.protobuf.Message;
import io.elanus.common.run.Run;
import io.elanus.rpc.binding.Edge;
import io.elanus.rpc.binding.Handler;
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

  PeerEdge(Run run, Duration defaultTimeout) {
    this.run = run;
    this.defaultTimeout = defaultTimeout;
  }

  @Override
  public Handler unserved(RpcMethod method) {
    throw new IllegalStateException(
        "nothing serves %s: public %s"
            .formatted(method.wire().getFullMethodName(), method.signature()));
  }

  @Override
  public Message answer(RpcMethod method, Handler handler, Message request, Metadata headers) {
    RequestContext context = PeerHeaders.read(headers, run, defaultTimeout);
    try {
      return context.call(() -> handler.answer(request));
    } catch (Throwable e) {
      throw ErrorTrailers.toGrpc(StatusMapper.external(e, method.name(), context.traceId()));
    }
  }
}
