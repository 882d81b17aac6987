package io.elanus.rpc.peer;

import io.grpc.ServerServiceDefinition;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

class InProcessPeerTest extends PeerContract {
  private static final AtomicInteger NAMES = new AtomicInteger();

  @Override
  Host start(List<ServerServiceDefinition> services) {
    return serve("peer-test-" + NAMES.incrementAndGet(), services);
  }

  @Override
  Host restart(String address, List<ServerServiceDefinition> services) {
    return serve(address.substring("inprocess:".length()), services);
  }

  private Host serve(String name, List<ServerServiceDefinition> services) {
    InProcessServer server = InProcessServer.start(run, name, services, Duration.ZERO);
    return new Host() {
      @Override
      public String address() {
        return server.address();
      }

      @Override
      public void close() {
        server.close();
      }
    };
  }
}
