package io.elanus.querynode;

import io.elanus.common.run.Deadline;
import io.elanus.common.run.Gate;
import io.elanus.common.run.Run;
import io.elanus.common.wal.LogId;
import io.elanus.common.wal.Position;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/// How far a leader must have applied its log before a read may look.
///
/// - Strong: up to an end of the log asked for after the read arrived.
/// - Bounded: nothing, if the leader caught up with an end asked for recently enough; else as strong.
/// - Eventually: nothing.
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

  private final Run run;
  private final LogEnds ends;
  private final LogId log;
  private final Gate gate;

  /// Up to where the log is applied; empty while the shard is being taken up. Read under the gate.
  private final Supplier<Optional<Position>> applied;

  // guarded by gate
  private Optional<Long> confirmedNanoTime = Optional.empty();

  Freshness(Run run, LogEnds ends, LogId log, Gate gate, Supplier<Optional<Position>> applied) {
    this.run = run;
    this.ends = ends;
    this.log = log;
    this.gate = gate;
    this.applied = applied;
  }

  /// Blocks until `demand` is met.
  ///
  /// @return false when `deadline` passed first
  boolean await(Demand demand, Deadline deadline) {
    return switch (demand) {
      case Demand.Strong _ -> awaitEnd(deadline);
      case Demand.Bounded bounded ->
          isConfirmedWithin(bounded.bound()) ? awaitStart(deadline) : awaitEnd(deadline);
      case Demand.Eventually _ -> awaitStart(deadline);
    };
  }

  /// The shard is taken up anew and may be behind where it was: nothing is confirmed any more.
  void forget() {
    gate.change(() -> confirmedNanoTime = Optional.empty());
  }

  private boolean awaitStart(Deadline deadline) {
    return gate.await(() -> applied.get().isPresent(), deadline);
  }

  private boolean awaitEnd(Deadline deadline) {
    long asked = run.nanoTime();
    Position end = ends.end(log, deadline);
    boolean reached =
        gate.await(() -> applied.get().filter(p -> p.isAtOrAfter(end)).isPresent(), deadline);
    if (reached) {
      gate.change(() -> confirmedNanoTime = Optional.of(asked));
    }
    return reached;
  }

  private boolean isConfirmedWithin(Duration bound) {
    long now = run.nanoTime();
    return gate.read(() -> confirmedNanoTime.filter(at -> now - at <= bound.toNanos()).isPresent());
  }
}
