package io.elanus.rpc.binding;

import com.google.protobuf.Message;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.atomic.AtomicReference;
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
    AtomicReference<Runnable> taken = new AtomicReference<>(() -> {});
    ServerCalls.UnaryMethod<RequestBody, Message> answering =
        (request, observer) -> answer(request, headers, observer, taken);
    return new LettingGo(ServerCalls.asyncUnaryCall(answering).startCall(call, headers), taken);
  }

  /// A call that is canceled before its request is whole is never answered. One that is answered ends when the
  /// answer has left, or never will; gRPC tells that after the answer was given.
  private static final class LettingGo extends SimpleForwardingServerCallListener<RequestBody> {
    private final AtomicReference<Runnable> taken;
    private @Nullable RequestBody request;

    LettingGo(ServerCall.Listener<RequestBody> listener, AtomicReference<Runnable> taken) {
      super(listener);
      this.taken = taken;
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
      taken.get().run();
      super.onCancel();
    }

    @Override
    public void onComplete() {
      taken.get().run();
      super.onComplete();
    }
  }

  private void answer(
      RequestBody request,
      Metadata headers,
      StreamObserver<Message> observer,
      AtomicReference<Runnable> taken) {
    Edge.Answer response;
    try (CancelSignal _ = CancelSignal.toThisThread();
        request) {
      response = edge.answer(method, handler, request, headers);
    } catch (StatusRuntimeException e) {
      observer.onError(e);
      return;
    }
    taken.set(response.taken());
    observer.onNext(response.message());
    observer.onCompleted();
  }
}
