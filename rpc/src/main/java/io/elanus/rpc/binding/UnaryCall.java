package io.elanus.rpc.binding;

import com.google.protobuf.Message;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;

/// Takes one request off the wire, has it answered, writes the answer. gRPC's observers end here.
final class UnaryCall implements ServerCallHandler<Message, Message> {
  private final RpcMethod method;
  private final Handler handler;
  private final Edge edge;

  UnaryCall(RpcMethod method, Handler handler, Edge edge) {
    this.method = method;
    this.handler = handler;
    this.edge = edge;
  }

  @Override
  public ServerCall.Listener<Message> startCall(
      ServerCall<Message, Message> call, Metadata headers) {
    ServerCalls.UnaryMethod<Message, Message> answering =
        (request, observer) -> answer(request, headers, observer);
    return ServerCalls.asyncUnaryCall(answering).startCall(call, headers);
  }

  private void answer(Message request, Metadata headers, StreamObserver<Message> observer) {
    Message response;
    try (CancelSignal _ = CancelSignal.toThisThread()) {
      response = edge.answer(method, handler, request, headers);
    } catch (StatusRuntimeException e) {
      observer.onError(e);
      return;
    }
    observer.onNext(response);
    observer.onCompleted();
  }
}
