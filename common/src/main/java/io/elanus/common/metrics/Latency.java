package io.elanus.common.metrics;

import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Arrays;
import java.util.stream.LongStream;

/// Histograms of how long things take, all with the same bounds, so that they can be laid side by side and
/// a process has a bounded number of series: 15 per histogram and combination of tags, and 3 more.
public final class Latency {
  /// Around what a search on one core takes, and what an S3 request does; the limits of alerts are among them.
  private static final long[] BOUNDS_MICROS = {
    100,
    500,
    1_000,
    2_000,
    5_000,
    10_000,
    20_000,
    50_000,
    100_000,
    200_000,
    500_000,
    1_000_000,
    2_000_000,
    5_000_000,
    10_000_000
  };

  private Latency() {}

  /// @param name without `_seconds`, which the scrape adds
  /// @param tags name, value, name, value...
  public static Timer timer(MeterRegistry meters, String name, String help, String... tags) {
    return Timer.builder(name)
        .description(help)
        .tags(tags)
        .serviceLevelObjectives(
            LongStream.of(BOUNDS_MICROS)
                .mapToObj(micros -> Duration.ofNanos(1_000 * micros))
                .toArray(Duration[]::new))
        .register(meters);
  }

  /// In milliseconds, for the names that Milvus has.
  public static DistributionSummary millis(
      MeterRegistry meters, String name, String help, String... tags) {
    return DistributionSummary.builder(name)
        .description(help)
        .tags(tags)
        .serviceLevelObjectives(
            Arrays.stream(BOUNDS_MICROS).mapToDouble(micros -> micros / 1_000.0).toArray())
        .register(meters);
  }
}
