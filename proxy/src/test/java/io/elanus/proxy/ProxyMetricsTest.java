package io.elanus.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.elanus.common.run.SystemRun;
import io.elanus.rpc.call.AccessLog;
import io.elanus.rpc.call.PublicApi;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ProxyMetricsTest {
  private final MemoryCluster cluster = new MemoryCluster();
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final ProxyMetrics metrics =
      new ProxyMetrics(meters, cluster.proxy, PublicApi.open(new SystemRun()).heap());

  @AfterEach
  void close() {
    cluster.close();
  }

  @Test
  void callsAreInFlightUntilTheyEnd() {
    metrics.began();
    metrics.began();
    assertThat(gauge("elanus_proxy_in_flight_requests")).isEqualTo(2);

    metrics.ended(entry("Search", 0));
    assertThat(gauge("elanus_proxy_in_flight_requests")).isEqualTo(1);
    metrics.ended(entry("Search", 65535));

    assertThat(gauge("elanus_proxy_in_flight_requests")).isZero();
  }

  @Test
  void callsAreCountedByOutcomeAndFailuresByCode() {
    metrics.ended(entry("Search", 0));
    metrics.ended(entry("Search", 8));
    metrics.ended(entry("Search", 8));
    metrics.ended(entry("Insert", 0));

    assertThat(requests("Search", "total")).isEqualTo(3);
    assertThat(requests("Search", "success")).isEqualTo(1);
    assertThat(requests("Search", "fail")).isEqualTo(2);
    assertThat(requests("Insert", "fail")).isZero();
    assertThat(
            meters
                .get("elanus_proxy_failures_total")
                .tag("method", "Search")
                .tag("code", "8")
                .counter()
                .count())
        .isEqualTo(2);
    assertThat(meters.get("elanus_proxy_sent_bytes_total").counter().count()).isEqualTo(800);
  }

  @Test
  void latencyIsInMillisecondsAsInMilvus() {
    metrics.ended(entry("Search", 0));

    var latency = meters.get("milvus_proxy_req_latency").tag("function_name", "Search").summary();
    assertThat(latency.totalAmount()).isEqualTo(2.5);
  }

  private static AccessLog.Entry entry(String method, int code) {
    return new AccessLog.Entry(
        method, "default", "", "trace", code, Duration.ofNanos(2_500_000), 100, 200);
  }

  private double requests(String function, String status) {
    return meters
        .get("milvus_proxy_req_count")
        .tag("function_name", function)
        .tag("status", status)
        .gauge()
        .value();
  }

  private double gauge(String name) {
    return meters.get(name).gauge().value();
  }
}
