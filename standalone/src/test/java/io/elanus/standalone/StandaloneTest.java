package io.elanus.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import io.elanus.common.run.Run;
import io.elanus.common.run.SystemRun;
import io.elanus.proto.internal.AllocateIdsRequest;
import io.elanus.proto.internal.DataNodeGrpc;
import io.elanus.proto.internal.FlushShardsRequest;
import io.elanus.proto.internal.RootCoordGrpc;
import io.elanus.proto.milvus.ConnectRequest;
import io.elanus.proto.milvus.MilvusServiceGrpc;
import io.elanus.rpc.internal.DataNodeApi;
import io.elanus.rpc.internal.RootCoordApi;
import io.elanus.rpc.peer.Channels;
import io.elanus.rpc.peer.RpcClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StandaloneTest {
  private final Run run = new SystemRun();

  @TempDir Path data;

  @Test
  void internalCallsNeverArriveOnThePublicPort() {
    try (Standalone server = Standalone.start(config(0));
        Channels channels = new Channels(run, Optional.empty())) {
      var channel = channels.to("127.0.0.1:" + server.port());
      RpcClient client = new RpcClient(run, Duration.ofSeconds(10));
      RootCoordApi root =
          client.of(RootCoordApi.class, RootCoordGrpc.getServiceDescriptor(), channel);
      DataNodeApi data = client.of(DataNodeApi.class, DataNodeGrpc.getServiceDescriptor(), channel);

      var connected =
          MilvusServiceGrpc.newBlockingStub(channel).connect(ConnectRequest.getDefaultInstance());
      assertThat(connected.getIdentifier()).isNotZero();
      assertRefused(() -> root.allocateIds(AllocateIdsRequest.getDefaultInstance()));
      assertRefused(() -> data.flushShards(FlushShardsRequest.getDefaultInstance()));
    }
  }

  @Test
  void aFolderBelongsToOneProcessAndAPortToOneServer() {
    try (Standalone server = Standalone.start(config(0))) {
      assertThatThrownBy(() -> Standalone.start(config(0)))
          .isInstanceOf(DbException.class)
          .hasMessageContaining(data.toString());
      StandaloneConfig elsewhere =
          new StandaloneConfig(
              data.resolve("other"), "127.0.0.1", server.port(), 0, Optional.empty(), 1 << 20);

      assertThatThrownBy(() -> Standalone.start(elsewhere))
          .isInstanceOf(DbException.class)
          .hasMessageContaining("127.0.0.1:" + server.port());
    }
  }

  private StandaloneConfig config(int port) {
    return new StandaloneConfig(data, "127.0.0.1", port, 0, Optional.empty(), 1 << 20);
  }

  private static void assertRefused(Runnable call) {
    assertThatThrownBy(call::run)
        .isInstanceOfSatisfying(
            DbException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NODE_NOT_MATCH));
  }
}
