package io.elanus.adapters.prometheus;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Counter;
import org.junit.jupiter.api.Test;

class PrometheusMetricsTest {
  @Test
  void aScrapeHasTheMetersOfTheProductAndOfTheJvm() {
    try (PrometheusMetrics metrics = new PrometheusMetrics()) {
      Counter.builder("elanus_test_events")
          .description("events of this test")
          .register(metrics.registry())
          .increment(3);

      String text = metrics.scrape();

      assertThat(text)
          .contains("# HELP elanus_test_events_total events of this test")
          .contains("elanus_test_events_total 3.0")
          .contains("jvm_memory_used_bytes")
          .contains("jvm_gc_")
          .contains("process_uptime_seconds");
    }
  }
}
