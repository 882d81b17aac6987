package io.elanus.adapters.prometheus;

import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import io.elanus.common.metrics.Latency;
import io.elanus.common.run.Run;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/// The calls of one port: how long they take, and the codes they fail with.
///
/// @param port as in `elanus_<port>_request_seconds` and `elanus_<port>_failures_total`
record PortCalls(Run run, MeterRegistry meters, String port) {
  Operation operation(String name) {
    Timer timer =
        Latency.timer(
            meters,
            "elanus_%s_request".formatted(port),
            "Calls of this port, failed ones included",
            "operation",
            name);
    return new Operation(this, name, timer, new ConcurrentHashMap<>());
  }

  record Operation(PortCalls calls, String name, Timer timer, Map<ErrorCode, Counter> failures) {
    <T> T time(Supplier<T> call) {
      long start = calls.run.nanoTime();
      try {
        return call.get();
      } catch (RuntimeException | Error e) {
        failed(e instanceof DbException known ? known.code() : ErrorCode.UNEXPECTED);
        throw e;
      } finally {
        timer.record(calls.run.nanoTime() - start, TimeUnit.NANOSECONDS);
      }
    }

    void time(Runnable call) {
      time(() -> {
        call.run();
        return true;
      });
    }

    void failed(ErrorCode code) {
      failures.computeIfAbsent(code, this::counter).increment();
    }

    private Counter counter(ErrorCode code) {
      return Counter.builder("elanus_%s_failures_total".formatted(calls.port))
          .description("Calls of this port that failed, by the code of the error")
          .tag("operation", name)
          .tag("code", Integer.toString(code.number()))
          .register(calls.meters);
    }
  }
}
