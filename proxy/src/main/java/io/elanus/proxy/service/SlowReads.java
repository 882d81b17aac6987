package io.elanus.proxy.service;

import io.elanus.common.run.Run;
import io.elanus.proto.milvus.KeyValuePair;
import io.elanus.rpc.call.RequestContext;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Tells of reads that took long, with what one needs to run them again: a line each to the logger
/// `elanus.slow`, at WARN. The rate of lines is limited, the count is not.
public final class SlowReads {
  private static final Logger log = LoggerFactory.getLogger("elanus.slow");
  private static final long LINE_NANOS = Duration.ofMillis(100).toNanos();

  /// Characters of a filter, and of the parameters.
  private static final int MAX_TEXT = 1_000;

  private final Run run;
  private final long spanNanos;
  private final LongAdder count = new LongAdder();
  private volatile long lastLine;
  private final LongAdder unsaid = new LongAdder();

  /// What was read. None of it is a secret; vectors are left out for their length.
  ///
  /// @param queries vectors that were searched for; 0 for a query
  /// @param params of the request, as the client named them
  record Read(
      String method, String collection, long queries, String filter, List<KeyValuePair> params) {}

  /// @param span from which on a read is slow
  public SlowReads(Run run, Duration span) {
    this.run = run;
    this.spanNanos = span.toNanos();
    this.lastLine = run.nanoTime() - LINE_NANOS;
  }

  /// Reads that were slow so far.
  public long count() {
    return count.sum();
  }

  <T> T watch(Supplier<Read> what, Supplier<T> read) {
    long start = run.nanoTime();
    try {
      return read.get();
    } finally {
      long now = run.nanoTime();
      if (now - start >= spanNanos) {
        count.increment();
        tell(what.get(), now - start, now);
      }
    }
  }

  /// Two threads at once may both have their line.
  private void tell(Read read, long tookNanos, long now) {
    if (now - lastLine < LINE_NANOS) {
      unsaid.increment();
      return;
    }
    lastLine = now;
    RequestContext context = RequestContext.current();
    log.warn(
        "slow read method={} database={} collection={} took={} queries={} filter={} params={} user={} trace={} unsaid={}",
        read.method(),
        context.database(),
        read.collection(),
        Duration.ofNanos(tookNanos),
        read.queries(),
        cut(read.filter()),
        cut(text(read.params())),
        context.user(),
        context.traceId(),
        unsaid.sumThenReset());
  }

  private static String text(List<KeyValuePair> params) {
    return params.stream()
        .map(param -> param.getKey() + "=" + param.getValue())
        .collect(Collectors.joining(", ", "[", "]"));
  }

  private static String cut(String text) {
    return text.length() <= MAX_TEXT
        ? text
        : "%s... (%d characters)".formatted(text.substring(0, MAX_TEXT), text.length());
  }
}
