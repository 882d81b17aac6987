package io.elanus.chaos.check;

import io.elanus.chaos.history.Event;
import io.elanus.chaos.history.Event.Call;
import io.elanus.chaos.history.Outcome;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// How some kinds of request went.
///
/// @param failed those that did not succeed, of unknown outcome too
/// @param longestStallSeconds the longest time that a session tried without success
/// @param medianSeconds,p99Seconds of those that succeeded; 0 when none did
/// @param errors how often each text was the reason
public record Availability(
    long total,
    long failed,
    double longestStallSeconds,
    double medianSeconds,
    double p99Seconds,
    Map<String, Long> errors) {
  private static final int ERROR_CHARS = 160;

  /// @param requests their names, as in [Event.By]
  public static Availability of(List<Event> events, Set<String> requests) {
    List<Call> calls = new ArrayList<>();
    for (Event event : events) {
      if (event instanceof Call call && requests.contains(call.by().request())) {
        calls.add(call);
      }
    }
    Map<String, Long> errors = new TreeMap<>();
    List<Double> seconds = new ArrayList<>();
    for (Call call : calls) {
      if (call.outcome() == Outcome.OK) {
        seconds.add(call.span().nanos() / 1e9);
      } else {
        errors.merge(shortened(call.error()), 1L, Long::sum);
      }
    }
    seconds.sort(Comparator.naturalOrder());
    return new Availability(
        calls.size(),
        calls.size() - seconds.size(),
        longestStall(calls),
        quantile(seconds, 0.5),
        quantile(seconds, 0.99),
        errors);
  }

  /// From the start of the first try to the end of the one that succeeds, or of the last.
  private static double longestStall(List<Call> calls) {
    Map<Integer, Long> trying = new HashMap<>();
    long longest = 0;
    for (Call call : calls) {
      int session = call.by().session();
      long since = trying.computeIfAbsent(session, _ -> call.span().start());
      longest = Math.max(longest, call.span().end() - since);
      if (call.outcome() == Outcome.OK) {
        trying.remove(session);
      }
    }
    return longest / 1e9;
  }

  private static double quantile(List<Double> sorted, double q) {
    return sorted.isEmpty() ? 0 : sorted.get((int) (q * (sorted.size() - 1)));
  }

  private static String shortened(String error) {
    return error.length() <= ERROR_CHARS ? error : error.substring(0, ERROR_CHARS);
  }
}
