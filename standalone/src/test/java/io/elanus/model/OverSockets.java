package io.elanus.model;

import com.google.protobuf.Message;
import io.elanus.common.run.Run;
import io.elanus.proto.milvus.MilvusServiceGrpc;
import io.elanus.proto.milvus.Status;
import io.elanus.rpc.binding.RpcMethod;
import io.elanus.rpc.peer.Channels;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.stub.ClientCalls;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;

/// A running server.
final class OverSockets implements Milvus, AutoCloseable {
  private static final Map<String, RpcMethod> METHODS =
      RpcMethod.of(MilvusServiceGrpc.getServiceDescriptor()).stream()
          .collect(Collectors.toMap(RpcMethod::name, Function.identity()));

  private final Run run;
  private final Channels channels;
  private final Channel channel;

  /// @param address `host:port`
  OverSockets(Run run, String address) {
    this.run = run;
    channels = new Channels(run, Optional.empty());
    channel = channels.to(address);
  }

  @Override
  public <T extends Message> T call(String rpc, Message request, Class<T> response) {
    RpcMethod method = Optional.ofNullable(METHODS.get(rpc)).orElseThrow();
    CallOptions options = CallOptions.DEFAULT.withDeadlineAfter(60, TimeUnit.SECONDS);
    Message answer = ClientCalls.blockingUnaryCall(channel, method.wire(), options, request);
    Status status =
        answer instanceof Status itself
            ? itself
            : (Status) answer.getField(answer.getDescriptorForType().findFieldByName("status"));
    if (status.getCode() != 0) {
      throw new Refused(rpc, status.getCode(), status.getReason());
    }
    return response.cast(answer);
  }

  @Override
  public void pause(Duration time) {
    run.sleep(time);
  }

  @Override
  public void close() {
    channels.close();
  }
}
