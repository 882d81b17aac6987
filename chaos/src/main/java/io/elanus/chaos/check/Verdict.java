package io.elanus.chaos.check;

import io.elanus.chaos.history.Event;
import io.elanus.chaos.history.Level;
import io.elanus.chaos.history.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/// What a history amounts to.
///
/// @param counts how much was done: rows acknowledged, unknown and failed, reads by level
public record Verdict(List<Violation> violations, Map<String, Long> counts) {
  public Verdict {
    violations = List.copyOf(violations);
  }

  /// Both checkers, and what the clients found themselves.
  ///
  /// @param bound how old the answer of a bounded read may be
  public static Verdict of(List<Event> events, Duration bound) {
    List<Violation> violations = new ArrayList<>();
    for (Event event : events) {
      if (event instanceof Event.Finding finding) {
        violations.add(new Violation(finding.anomaly(), finding.key(), finding.text()));
      }
    }
    violations.addAll(FloorCheck.check(events, bound));
    KeyHistory.of(events)
        .forEach(history -> Linearizability.check(history).ifPresent(violations::add));
    return new Verdict(violations, counts(events));
  }

  public boolean isClean() {
    return violations.isEmpty();
  }

  private static Map<String, Long> counts(List<Event> events) {
    Map<String, Long> counts = new TreeMap<>();
    for (Outcome outcome : Outcome.values()) {
      counts.put("rows_" + lower(outcome), 0L);
    }
    for (Level level : Level.values()) {
      counts.put("reads_" + lower(level), 0L);
    }
    for (Event event : events) {
      switch (event) {
        case Event.Write write -> counts.merge("rows_" + lower(write.outcome()), 1L, Long::sum);
        case Event.Read read -> counts.merge("reads_" + lower(read.level()), 1L, Long::sum);
        case Event.Call _, Event.Finding _, Event.Fault _ -> {}
      }
    }
    return counts;
  }

  private static String lower(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }
}
