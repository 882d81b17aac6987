package io.elanus.common.metrics;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.function.ToDoubleFunction;

/// Numbers that somebody keeps anyway, shown as metrics: read on each scrape, which costs nothing in
/// between. What reads them must neither wait nor throw.
///
/// @param tags of all of them; of few values
/// @param source is held only weakly by counts: it has to live as long as the process uses it
public record Readings<T>(MeterRegistry meters, Tags tags, T source) {
  public Readings(MeterRegistry meters, T source) {
    this(meters, Tags.empty(), source);
  }

  /// With one more tag.
  public Readings<T> with(String tag, String value) {
    return new Readings<>(meters, tags.and(tag, value), source);
  }

  /// Something that goes up and down.
  ///
  /// @param name as scraped, with its unit last
  public Readings<T> gauge(String name, String help, ToDoubleFunction<T> value) {
    Gauge.builder(name, source, value)
        .description(help)
        .tags(tags)
        .strongReference(true)
        .register(meters);
    return this;
  }

  /// Something that only grows, from 0 at the start of the process or of a leader's term.
  ///
  /// @param name as scraped, with `_total` last
  public Readings<T> count(String name, String help, ToDoubleFunction<T> value) {
    FunctionCounter.builder(name, source, value).description(help).tags(tags).register(meters);
    return this;
  }
}
