package io.elanus.rpc.server;

import com.google.protobuf.ByteString;
import io.elanus.rpc.http.HttpRequest;
import io.elanus.rpc.http.HttpResponse;
import io.elanus.rpc.http.HttpRoutes;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.ServerServiceDefinition;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Random;

/// A service and a route that answer with what they were sent. Bytes, so that nothing but the
/// transport is seen.
final class Echo {
  static final MethodDescriptor<byte[], byte[]> ECHO =
      MethodDescriptor.newBuilder(new Bytes(), new Bytes())
          .setType(MethodType.UNARY)
          .setFullMethodName("elanus.test.Echo/Echo")
          .build();

  private Echo() {}

  static ServerServiceDefinition service() {
    return ServerServiceDefinition.builder("elanus.test.Echo")
        .addMethod(ECHO, ServerCalls.asyncUnaryCall(Echo::answer))
        .build();
  }

  private static void answer(byte[] request, StreamObserver<byte[]> observer) {
    observer.onNext(request);
    observer.onCompleted();
  }

  static byte[] call(Channel channel, byte[] request) {
    CallOptions options = CallOptions.DEFAULT.withMaxInboundMessageSize(Integer.MAX_VALUE);
    return ClientCalls.blockingUnaryCall(channel, ECHO, options, request);
  }

  static HttpRoutes routes() {
    return Echo::answer;
  }

  private static HttpResponse answer(HttpRequest request) {
    return switch (request.path()) {
      case "/echo" -> new HttpResponse(200, "application/json", request.body());
      case "/thread" -> HttpResponse.text(200, Thread.currentThread().toString());
      case "/broken" -> throw new IllegalStateException("a secret of the server");
      default -> HttpRoutes.notFound(request);
    };
  }

  static byte[] bytes(int size) {
    byte[] bytes = new byte[size];
    new Random(size).nextBytes(bytes);
    return bytes;
  }

  private static final class Bytes implements MethodDescriptor.Marshaller<byte[]> {
    @Override
    public InputStream stream(byte[] value) {
      return ByteString.copyFrom(value).newInput();
    }

    @Override
    public byte[] parse(InputStream stream) {
      try {
        return stream.readAllBytes();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
