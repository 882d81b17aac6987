package io.elanus.querynode;

import io.elanus.common.run.Deadline;
import io.elanus.common.run.Gate;
import io.elanus.common.run.Run;
import io.elanus.common.wal.LogId;
import io.elanus.common.wal.Position;
import java.time.Duration;
import java.util.Optional;

/// How far a leader must have applied its log before a read may look.
///
/// - Strong: up to an end of the log asked for after the read arrived.
/// - Bounded: up to an end that was reached and asked for recently enough; without one, as strong.
/// - Eventually: nothing.
///
/// What a read demands is a position, not a moment: a leader that takes its shard up anew meanwhile is
/// behind for a while, and has to reach that position again.
///
/// "Recently" is judged by this machine's monotonic clock alone, which goes on while it is suspended, and
/// counts from the instant before the end was asked for.
final class Freshness {
  /// What a read demands.
  sealed interface Demand {
    record Strong() implements Demand {}

    record Bounded(Duration bound) implements Demand {}

    record Eventually() implements Demand {}
  }

  /// Everything acknowledged before `askedNanoTime` lies before `end`.
  record Needed(long askedNanoTime, Position end) {}

  private final Run run;
  private final LogEnds ends;
  private final Gate gate;

  // guarded by gate
  private Optional<Needed> confirmed = Optional.empty();

  Freshness(Run run, LogEnds ends, Gate gate) {
    this.run = run;
    this.ends = ends;
    this.gate = gate;
  }

  /// What `demand` comes to now: the position up to which the log must be applied; empty when it need
  /// not. Does not wait for that.
  Optional<Needed> needed(LogId log, Demand demand, Deadline deadline) {
    return switch (demand) {
      case Demand.Strong _ -> Optional.of(askEnd(log, deadline));
      case Demand.Bounded bounded ->
          Optional.of(within(bounded.bound()).orElseGet(() -> askEnd(log, deadline)));
      case Demand.Eventually _ -> Optional.empty();
    };
  }

  /// The log was applied up to what was needed.
  void reached(Needed needed) {
    gate.change(() -> {
      if (confirmed.isEmpty() || confirmed.get().askedNanoTime() < needed.askedNanoTime()) {
        confirmed = Optional.of(needed);
      }
    });
  }

  private Needed askEnd(LogId log, Deadline deadline) {
    long asked = run.nanoTime();
    return new Needed(asked, ends.end(log, deadline));
  }

  private Optional<Needed> within(Duration bound) {
    long now = run.nanoTime();
    return gate.read(() -> confirmed.filter(c -> now - c.askedNanoTime() <= bound.toNanos()));
  }
}
