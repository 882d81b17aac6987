package io.elanus.indexnode;

import io.elanus.common.metrics.Readings;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.ToDoubleFunction;

/// What an index node builds.
public final class IndexNodeMetrics {
  private IndexNodeMetrics() {}

  public static void watch(IndexNodeRole role, MeterRegistry meters) {
    Readings<IndexNodeRole> readings = new Readings<>(meters, role);
    readings
        .gauge("elanus_indexnode_running_builds", "Index builds at work", r -> r.counts().running())
        .count(
            "elanus_indexnode_build_seconds_total",
            "Time that builds took, downloads and uploads included",
            r -> r.counts().nanos() / 1e9);
    builds(readings, "done", r -> r.counts().done());
    builds(readings, "failed", r -> r.counts().failed());
    builds(readings, "canceled", r -> r.counts().canceled());
  }

  private static void builds(
      Readings<IndexNodeRole> readings, String outcome, ToDoubleFunction<IndexNodeRole> count) {
    readings
        .with("outcome", outcome)
        .count("elanus_indexnode_builds_total", "Index builds that ended, by how", count);
  }
}
