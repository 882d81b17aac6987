package io.elanus.rpc.peer;

import io.elanus.common.run.Deadline;
import io.elanus.common.run.Run;
import io.elanus.rpc.call.RequestContext;
import io.elanus.rpc.call.TraceId;
import io.grpc.Metadata;
import java.time.Duration;

/// What a call between roles says besides its request: the trace it belongs to and the time it has
/// left. Time left and not an instant, because no two machines' clocks are compared. gRPC's own
/// deadline is not used: its timer would be a clock beside `Run`.
final class PeerHeaders {
  private static final Metadata.Key<String> TRACE = key("elanus-trace");
  private static final Metadata.Key<String> TIMEOUT_MILLIS = key("elanus-timeout-ms");

  private PeerHeaders() {}

  private static Metadata.Key<String> key(String name) {
    return Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER);
  }

  static Metadata write(String traceId, Duration timeLeft) {
    Metadata headers = new Metadata();
    headers.put(TRACE, traceId);
    headers.put(TIMEOUT_MILLIS, Long.toString(timeLeft.toMillis()));
    return headers;
  }

  /// The context a method runs in on the called side. What the user may do, the proxy has settled.
  static RequestContext read(Metadata headers, Run run, Duration defaultTimeout) {
    String trace = headers.get(TRACE);
    return new RequestContext(
        RequestContext.DEFAULT_DATABASE,
        RequestContext.ROOT,
        trace == null ? TraceId.fresh(run) : trace,
        Deadline.after(run, timeLeft(headers, defaultTimeout)),
        0);
  }

  private static Duration timeLeft(Metadata headers, Duration defaultTimeout) {
    String millis = headers.get(TIMEOUT_MILLIS);
    try {
      return millis == null ? defaultTimeout : Duration.ofMillis(Long.parseLong(millis));
    } catch (NumberFormatException e) {
      return defaultTimeout;
    }
  }
}
