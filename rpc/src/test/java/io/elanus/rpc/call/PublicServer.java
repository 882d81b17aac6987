package io.elanus.rpc.call;

import com.google.protobuf.Message;
import io.elanus.common.run.SystemRun;
import io.elanus.proto.milvus.ClientTelemetryServiceGrpc;
import io.elanus.proto.milvus.MilvusServiceGrpc;
import io.elanus.proto.milvus.ProxyServiceGrpc;
import io.elanus.rpc.binding.RpcMethod;
import io.elanus.rpc.http.HttpRoutes;
import io.elanus.rpc.server.RpcServer;
import io.elanus.rpc.server.RpcServerConfig;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServiceDescriptor;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.util.List;
import java.util.Map;

/// The public API on a real port with the given parts, and a client of it.
final class PublicServer implements AutoCloseable {
  static final List<ServiceDescriptor> SERVICES =
      List.of(
          MilvusServiceGrpc.getServiceDescriptor(),
          ClientTelemetryServiceGrpc.getServiceDescriptor(),
          ProxyServiceGrpc.getServiceDescriptor());

  private final RpcServer server;
  private final ManagedChannel channel;

  PublicServer(Object... parts) {
    this(PublicApi.open(new SystemRun()), parts);
  }

  PublicServer(PublicApi api, Object... parts) {
    RpcServerConfig config = RpcServerConfig.plain("127.0.0.1", 0);
    server =
        RpcServer.start(api.run(), config, api.serve(SERVICES, List.of(parts)), HttpRoutes.none());
    channel =
        Grpc.newChannelBuilderForAddress("127.0.0.1", port(), InsecureChannelCredentials.create())
            .build();
  }

  int port() {
    return server.port();
  }

  ManagedChannel channel() {
    return channel;
  }

  /// A call of RPC `name` of the Milvus service.
  <A extends Message> A call(
      Class<A> type, String name, Message request, Map<String, String> headers) {
    return call(type, name, request, headers, CallOptions.DEFAULT);
  }

  <A extends Message> A call(
      Class<A> type,
      String name,
      Message request,
      Map<String, String> headers,
      CallOptions options) {
    return type.cast(
        ClientCalls.blockingUnaryCall(with(headers), method(name).wire(), options, request));
  }

  /// A call whose request is these bytes.
  Message callBytes(String name, byte[] request, Map<String, String> headers) {
    MethodDescriptor<Message, Message> wire = method(name).wire();
    MethodDescriptor<byte[], Message> raw =
        wire.toBuilder(new Bytes(), wire.getResponseMarshaller()).build();
    return ClientCalls.blockingUnaryCall(with(headers), raw, CallOptions.DEFAULT, request);
  }

  private record Bytes() implements MethodDescriptor.Marshaller<byte[]> {
    @Override
    public InputStream stream(byte[] value) {
      return new ByteArrayInputStream(value);
    }

    @Override
    public byte[] parse(InputStream stream) {
      throw new UnsupportedOperationException();
    }
  }

  private Channel with(Map<String, String> headers) {
    Metadata metadata = new Metadata();
    headers.forEach((key, value) -> metadata.put(MetadataKeys.text(key), value));
    return ClientInterceptors.intercept(
        channel, MetadataUtils.newAttachHeadersInterceptor(metadata));
  }

  private static RpcMethod method(String name) {
    return RpcMethod.of(MilvusServiceGrpc.getServiceDescriptor()).stream()
        .filter(method -> method.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  @Override
  public void close() {
    channel.shutdownNow();
    server.close();
  }
}
