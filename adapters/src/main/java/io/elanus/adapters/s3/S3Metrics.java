package io.elanus.adapters.s3;

import io.elanus.common.metrics.Latency;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;

/// What the bucket is asked, and how it answers.
final class S3Metrics {
  private final MeterRegistry registry;
  private final Map<S3Action, Timer> answered = new EnumMap<>(S3Action.class);
  private final Map<S3Action, Map<S3Failure, Counter>> failed = new EnumMap<>(S3Action.class);
  private final Counter again;

  S3Metrics(MeterRegistry registry) {
    this.registry = registry;
    for (S3Action action : S3Action.values()) {
      answered.put(action, timer(action));
      Map<S3Failure, Counter> counters = new EnumMap<>(S3Failure.class);
      for (S3Failure failure : S3Failure.values()) {
        counters.put(failure, counter(action, failure));
      }
      failed.put(action, counters);
    }
    again =
        Counter.builder("elanus.s3.retries")
            .description("Tries of requests to the bucket beyond the first")
            .register(registry);
  }

  private Timer timer(S3Action action) {
    return Latency.timer(
        registry,
        "elanus.s3.request",
        "Tries of requests to the bucket that succeeded",
        "action",
        action.toString());
  }

  private Counter counter(S3Action action, S3Failure failure) {
    return Counter.builder("elanus.s3.failures")
        .description("Tries of requests to the bucket that failed, by what the failure means")
        .tag("action", action.toString())
        .tag("failure", failure.name().toLowerCase(Locale.ROOT))
        .register(registry);
  }

  void watch(RetryBudget budget) {
    Gauge.builder("elanus.s3.retry.budget", budget, RetryBudget::tokens)
        .description("Further tries that requests to the bucket may make now; below 1 they wait")
        .register(registry);
  }

  void answered(S3Action action, Duration took) {
    meter(answered, action).record(took);
  }

  void failed(S3Action action, S3Failure failure) {
    meter(meter(failed, action), failure).increment();
  }

  void triesAgain() {
    again.increment();
  }

  private static <K, M> M meter(Map<K, M> meters, K key) {
    M meter = meters.get(key);
    if (meter == null) {
      throw new IllegalStateException("no meter of " + key);
    }
    return meter;
  }
}
