package io.elanus.standalone;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.protobuf.Message;
import io.elanus.common.run.Run;
import io.elanus.proto.milvus.MilvusServiceGrpc;
import io.elanus.proto.milvus.MilvusServiceGrpc.MilvusServiceBlockingStub;
import io.elanus.rpc.binding.RpcMethod;
import io.elanus.rpc.peer.Channels;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.Metadata;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// A client of the public port that shows what it is told to show.
final class Caller implements AutoCloseable {
  private final Channels channels;
  private final Channel channel;

  Caller(Run run, int port) {
    channels = new Channels(run, Optional.empty());
    channel = channels.to("127.0.0.1:" + port);
  }

  /// @param token `user:password`; empty for none
  MilvusServiceBlockingStub as(String token) {
    return MilvusServiceGrpc.newBlockingStub(showing(token, Map.of()))
        .withDeadlineAfter(60, TimeUnit.SECONDS);
  }

  MilvusServiceBlockingStub as(String token, String database) {
    return MilvusServiceGrpc.newBlockingStub(showing(token, Map.of("dbname", database)))
        .withDeadlineAfter(60, TimeUnit.SECONDS);
  }

  Message call(RpcMethod method, Message request, String token) {
    CallOptions options = CallOptions.DEFAULT.withDeadlineAfter(60, TimeUnit.SECONDS);
    return ClientCalls.blockingUnaryCall(showing(token, Map.of()), method.wire(), options, request);
  }

  private Channel showing(String token, Map<String, String> headers) {
    Metadata metadata = new Metadata();
    headers.forEach((name, value) -> metadata.put(key(name), value));
    if (!token.isEmpty()) {
      metadata.put(key("authorization"), Base64.getEncoder().encodeToString(token.getBytes(UTF_8)));
    }
    return ClientInterceptors.intercept(
        channel, MetadataUtils.newAttachHeadersInterceptor(metadata));
  }

  private static Metadata.Key<String> key(String name) {
    return Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER);
  }

  @Override
  public void close() {
    channels.close();
  }
}
