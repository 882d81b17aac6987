package io.elanus.rpc.binding;

import com.google.protobuf.Message;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;

/// Answers a streaming RPC, none of which is served: with the edge's one answer where the response
/// type can carry a failure, else with FAILED_PRECONDITION. Never with UNIMPLEMENTED, which clients
/// take for an old server.
final class StreamRefusal implements ServerCallHandler<RequestBody, Message> {
  private final RpcMethod method;
  private final Handler handler;
  private final Edge edge;

  StreamRefusal(RpcMethod method, Edge edge) {
    this.method = method;
    this.handler = edge.unserved(method);
    this.edge = edge;
  }

  @Override
  public ServerCall.Listener<RequestBody> startCall(
      ServerCall<RequestBody, Message> call, Metadata headers) {
    try {
      RequestBody unread = RequestBody.of(method, method.request());
      Edge.Answer only = edge.answer(method, handler, unread, headers);
      call.sendHeaders(new Metadata());
      call.sendMessage(only.message());
      only.taken().run(); // a failure: small
      call.close(Status.OK, new Metadata());
    } catch (StatusRuntimeException e) {
      Metadata trailers = e.getTrailers();
      call.close(e.getStatus(), trailers == null ? new Metadata() : trailers);
    }
    return new ServerCall.Listener<>() {};
  }
}
