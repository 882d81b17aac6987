package io.elanus.chaos.figure;

import io.elanus.chaos.check.Availability;
import io.elanus.chaos.history.Level;
import io.elanus.chaos.workload.Ballast;
import io.elanus.chaos.workload.Ddl;
import io.elanus.chaos.workload.Searching;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// What a figure asks of the requests that clients sent while harm was done.
///
/// @param who how the requests are called together
/// @param requests their names in the history
/// @param mayFail whether some may not succeed
/// @param longestStall of one session, from its first try to a success
record Demand(String who, Set<String> requests, boolean mayFail, Duration longestStall) {
  private static final Set<String> WRITES = Set.of("insert", "upsert", "delete", "delete-where");
  private static final Duration ANY = Duration.ofDays(1);

  /// Those of [Ballast], too.
  static Demand noSearchFails(Level... levels) {
    Set<String> requests = new HashSet<>(Set.of(Ballast.SEARCH));
    for (Level level : levels) {
      requests.add(Searching.request(level));
    }
    return new Demand("searches", requests, false, ANY);
  }

  static Demand noWriteStalls(Duration limit) {
    return new Demand("writes", WRITES, true, limit);
  }

  static Demand noDdlStalls(Duration limit) {
    return new Demand("ddl", Set.copyOf(Ddl.REQUESTS), true, limit);
  }

  /// The same, and none may fail.
  Demand noneFails() {
    return new Demand(who, requests, false, longestStall);
  }

  /// They are measured, and nothing is asked of them.
  Demand measuredOnly() {
    return new Demand(who, requests, true, ANY);
  }

  /// Why it is not met.
  Optional<String> violation(Availability seen) {
    if (seen.total() == 0) {
      return Optional.of("%s: there were none".formatted(who));
    }
    if (!mayFail && seen.failed() > 0) {
      return Optional.of(
          "%s: %d of %d failed: %s".formatted(who, seen.failed(), seen.total(), seen.errors()));
    }
    if (seen.longestStallSeconds() > longestStall.toMillis() / 1e3) {
      return Optional.of(
          "%s: stalled for %.1f s, limit %s: %s"
              .formatted(who, seen.longestStallSeconds(), longestStall, seen.errors()));
    }
    return Optional.empty();
  }

  static List<Level> searchLevels() {
    return List.of(Level.STRONG, Level.BOUNDED, Level.EVENTUALLY);
  }
}
