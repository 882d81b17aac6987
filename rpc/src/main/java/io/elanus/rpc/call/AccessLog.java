package io.elanus.rpc.call;

import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/// Hears of every call when it has ended, on the call's thread: for the access log and for metrics.
public interface AccessLog {
  /// A call has come in; [#ended] will tell of it.
  default void began() {}

  void ended(Entry entry);

  /// @param user whom the client claimed to be, right or wrong; empty when it did not say
  /// @param code as in `Status.code`; 0 is success
  record Entry(
      String method,
      String database,
      String user,
      String traceId,
      int code,
      Duration took,
      long requestBytes,
      long responseBytes) {}

  /// Tells all of `logs`.
  static AccessLog all(List<AccessLog> logs) {
    List<AccessLog> copy = List.copyOf(logs);
    return new AccessLog() {
      @Override
      public void began() {
        copy.forEach(AccessLog::began);
      }

      @Override
      public void ended(Entry entry) {
        copy.forEach(log -> log.ended(entry));
      }
    };
  }

  /// One line per call to the logger `elanus.access`: DEBUG, or INFO when it failed.
  static AccessLog toLogger() {
    Logger log = LoggerFactory.getLogger("elanus.access");
    return entry ->
        log.atLevel(entry.code() == 0 ? Level.DEBUG : Level.INFO)
            .log(
                "call method={} database={} user={} trace={} code={} took={} in={} out={}",
                entry.method(),
                entry.database(),
                entry.user(),
                entry.traceId(),
                entry.code(),
                entry.took(),
                entry.requestBytes(),
                entry.responseBytes());
  }
}
