package io.elanus.rpc.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import io.elanus.proto.internal.DataNodeGrpc;
import io.elanus.proto.internal.UnflushedRowsRequest;
import io.elanus.proto.milvus.MilvusServiceGrpc;
import io.elanus.rpc.call.PublicApi;
import io.elanus.rpc.http.HttpRoutes;
import io.elanus.rpc.internal.DataNodeApi;
import io.elanus.rpc.server.RpcLimits;
import io.elanus.rpc.server.RpcServer;
import io.elanus.rpc.server.RpcServerConfig;
import io.grpc.ServerServiceDefinition;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SocketPeerTest extends PeerContract {
  @Override
  Host start(List<ServerServiceDefinition> services) {
    return serve(0, services);
  }

  @Override
  Host restart(String address, List<ServerServiceDefinition> services) {
    return serve(Integer.parseInt(address.substring(address.lastIndexOf(':') + 1)), services);
  }

  private Host serve(int port, List<ServerServiceDefinition> services) {
    RpcLimits hasty =
        RpcLimits.DEFAULT.withTimes(Duration.ofSeconds(10), Duration.ofSeconds(60), Duration.ZERO);
    RpcServerConfig config = RpcServerConfig.plain("127.0.0.1", port).withLimits(hasty);
    RpcServer server = RpcServer.start(run, config, services, HttpRoutes.none());
    String address = "127.0.0.1:" + server.port();
    return new Host() {
      @Override
      public String address() {
        return address;
      }

      @Override
      public void close() {
        server.close();
      }
    };
  }

  @Test
  void services_between_roles_cannot_be_reached_on_the_public_port() {
    List<ServerServiceDefinition> milvus =
        PublicApi.open(run).serve(List.of(MilvusServiceGrpc.getServiceDescriptor()), List.of());
    try (Host publicPort = start(milvus);
        Channels channels = new Channels(run, Optional.empty())) {
      DataNodeApi intruder =
          new RpcClient(run, Duration.ofSeconds(10))
              .of(
                  DataNodeApi.class,
                  DataNodeGrpc.getServiceDescriptor(),
                  channels.to(publicPort.address()));

      assertThatThrownBy(() -> intruder.unflushedRows(UnflushedRowsRequest.getDefaultInstance()))
          .isInstanceOfSatisfying(
              DbException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NODE_NOT_MATCH));
    }
  }

  @Test
  void an_address_that_is_none_is_refused() {
    try (Channels channels = new Channels(run, Optional.empty())) {
      assertThatThrownBy(() -> channels.to("nowhere"))
          .hasMessage("address 'nowhere' is not host:port");
    }
  }
}
