package io.elanus.rpc.binding;

import com.google.protobuf.Message;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import org.jspecify.annotations.Nullable;

/// Takes one request off the wire, has it answered, writes the answer. gRPC's observers end here.
final class UnaryCall implements ServerCallHandler<RequestBody, Message> {
  private final RpcMethod method;
  private final Handler handler;
  private final Edge edge;

  UnaryCall(RpcMethod method, Handler handler, Edge edge) {
    this.method = method;
    this.handler = handler;
    this.edge = edge;
  }

  @Override
  public ServerCall.Listener<RequestBody> startCall(
      ServerCall<RequestBody, Message> call, Metadata headers) {
    ServerCalls.UnaryMethod<RequestBody, Message> answering =
        (request, observer) -> answer(request, headers, observer);
    return new LettingGo(ServerCalls.asyncUnaryCall(answering).startCall(call, headers));
  }

  /// A call that is canceled before its request is whole is never answered.
  private static final class LettingGo extends SimpleForwardingServerCallListener<RequestBody> {
    private @Nullable RequestBody request;

    LettingGo(ServerCall.Listener<RequestBody> listener) {
      super(listener);
    }

    @Override
    public void onMessage(RequestBody body) {
      if (request != null) {
        body.close(); // the call is refused for it
      } else {
        request = body;
      }
      super.onMessage(body);
    }

    @Override
    public void onCancel() {
      if (request != null) {
        request.close();
      }
      super.onCancel();
    }
  }

  private void answer(RequestBody request, Metadata headers, StreamObserver<Message> observer) {
    Message response;
    try (CancelSignal _ = CancelSignal.toThisThread();
        request) {
      response = edge.answer(method, handler, request, headers);
    } catch (StatusRuntimeException e) {
      observer.onError(e);
      return;
    }
    observer.onNext(response);
    observer.onCompleted();
  }
}
