package io.elanus.rpc.peer;

import static org.assertj.core.api.Assertions.assertThat;

import io.elanus.proto.internal.IndexNodeGrpc;
import io.elanus.rpc.binding.RpcMethod;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PeerMetricsTest {
  private static final RpcMethod STATUS =
      RpcMethod.of(IndexNodeGrpc.getServiceDescriptor()).getFirst();

  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final PeerMetrics metrics =
      new PeerMetrics(meters, "indexnode", IndexNodeGrpc.getServiceDescriptor());

  @Test
  void everyCallIsTimedAndFailuresAreCountedByCode() {
    metrics.ended(STATUS, 0, 1_000_000);
    metrics.ended(STATUS, 65535, 1_000_000);

    var timer =
        meters
            .get("elanus_rpc_request")
            .tag("role", "indexnode")
            .tag("method", STATUS.name())
            .timer();
    assertThat(timer.count()).isEqualTo(2);
    assertThat(
            meters
                .get("elanus_rpc_failures_total")
                .tag("method", STATUS.name())
                .tag("code", "65535")
                .counter()
                .count())
        .isEqualTo(1);
  }

  @Test
  void severalMayHearOfACall() {
    List<Integer> codes = new ArrayList<>();

    metrics.and((_, code, _) -> codes.add(code)).ended(STATUS, 7, 1);

    assertThat(codes).containsExactly(7);
    assertThat(meters.get("elanus_rpc_failures_total").counter().count()).isEqualTo(1);
  }
}
