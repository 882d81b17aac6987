package io.elanus.adapters.mysql;

import io.elanus.adapters.mysql.LeaseJudge.Verdict;
import io.elanus.adapters.mysql.LeaseTable.Row;
import io.elanus.common.run.Deadline;
import io.elanus.common.run.Gate;
import io.elanus.common.run.Run;
import io.elanus.common.run.Task;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Looks at the leases of all processes, again and again, and ends those that are dead. Every process
/// does that; the first one ends a lease, for the others nothing is left to do.
final class LeaseObserver implements AutoCloseable {
  /// The store as the observer uses it.
  interface Leases {
    List<Row> all() throws SQLException;

    /// Ends the lease and removes its entries, unless it was renewed meanwhile. Failing is no harm:
    /// the next look finds it again.
    void end(Row dead);
  }

  private static final Logger log = LoggerFactory.getLogger(LeaseObserver.class);
  private static final Duration LONGEST_PAUSE = Duration.ofMillis(500);
  private static final Duration SHORTEST_PAUSE = Duration.ofMillis(20);

  /// Of a time to live: a renewal is seen that late at most.
  private static final int LOOKS_PER_TTL = 10;

  private final Run run;
  private final Leases leases;
  private final LeaseJudge judge;
  private final Gate gate;
  private final Task task;

  // guarded by gate
  private boolean woken;
  private boolean closed;

  LeaseObserver(Run run, Leases leases) {
    this.run = run;
    this.leases = leases;
    this.judge = new LeaseJudge(run.nanoTime());
    this.gate = run.gate();
    this.task = run.fork("observe leases", this::loop);
  }

  /// There is a new lease, perhaps a short one.
  void wake() {
    gate.change(() -> woken = true);
  }

  private void loop() {
    int failures = 0;
    while (!gate.read(() -> closed)) {
      Duration pause = LONGEST_PAUSE;
      try {
        pause = look();
        failures = 0;
      } catch (SQLException | RuntimeException e) {
        failures++;
        if (Integer.bitCount(failures) == 1 && !gate.read(() -> closed)) {
          log.warn("leases cannot be seen failures={} error={}", failures, e.getMessage());
        }
      }
      gate.await(() -> closed || woken, Deadline.after(run, pause));
    }
  }

  /// @return how long to wait until the next look
  private Duration look() throws SQLException {
    gate.change(() -> woken = false);
    long askedAt = run.nanoTime();
    List<Row> rows = leases.all();
    List<Verdict> verdicts = judge.judge(rows, askedAt, run.nanoTime());
    for (Verdict verdict : verdicts) {
      if (verdict.isDead()) {
        log.info("lease not renewed lease={} ttl={}", verdict.lease().id(), verdict.lease().ttl());
        leases.end(verdict.lease());
      }
    }
    return pause(verdicts);
  }

  private Duration pause(List<Verdict> verdicts) {
    Duration pause = LONGEST_PAUSE;
    for (Verdict verdict : verdicts) {
      Duration untilDeath = Duration.ofNanos(verdict.diesAt() - run.nanoTime());
      Duration perTtl = verdict.lease().ttl().dividedBy(LOOKS_PER_TTL);
      pause = shorter(pause, verdict.isDead() ? perTtl : shorter(perTtl, untilDeath));
    }
    return pause.compareTo(SHORTEST_PAUSE) < 0 ? SHORTEST_PAUSE : pause;
  }

  private static Duration shorter(Duration a, Duration b) {
    return a.compareTo(b) < 0 ? a : b;
  }

  @Override
  public void close() {
    gate.change(() -> closed = true);
    task.awaitEnd();
  }
}
