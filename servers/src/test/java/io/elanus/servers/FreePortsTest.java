package io.elanus.servers;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;

class FreePortsTest {
  @Test
  void portsAreDifferentAndNoneThatOutgoingConnectionsGet() throws IOException {
    List<Integer> ports = FreePorts.several(100);

    assertThat(new HashSet<>(ports)).hasSize(100);
    for (int port : ports) {
      assertThat(port).isBetween(FreePorts.FIRST, FreePorts.LAST).isLessThan(32_768);
    }
    try (ServerSocket taken =
        new ServerSocket(ports.getFirst(), 1, InetAddress.getLoopbackAddress())) {
      assertThat(FreePorts.several(3_000)).doesNotContain(taken.getLocalPort());
    }
  }
}
