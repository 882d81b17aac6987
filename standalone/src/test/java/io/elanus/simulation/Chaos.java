package io.elanus.simulation;

import io.elanus.common.error.DbException;
import io.elanus.common.run.SimulatedProcess;
import io.elanus.common.run.SimulatedRun;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;

/// How often which fault strikes on this seed. Each kind is drawn per seed as never, rarely or often, for
/// some mistakes need one fault among many calm steps, others a storm.
final class Chaos {
  enum Fault {
    APPEND_LOST(0.05),
    APPEND_LATE(0.06),
    APPEND_REPLY_LOST(0.08),
    LOG_READ_FAILS(0.15),
    COMMIT_LOST(0.05),
    COMMIT_LATE(0.05),
    COMMIT_REPLY_LOST(0.05),
    META_READ_FAILS(0.02),
    WATCH_STALLS(0.15),
    RENEWAL_FAILS(0.10),
    OBJECT_FAILS(0.03),
    OBJECT_LATE(0.02),
    OBJECT_REPLY_LOST(0.03),
    REQUEST_LOST(0.02),
    REPLY_LOST(0.02),
    LOG_READ_STALLS(0.2),
    /// The process dies between what it asked for and its answer.
    DIES(0.004),
    /// The process stands still there, longer than its leases live.
    FREEZES(0.004),
    /// The process stands still between a pending change of the catalog and its control record,
    HESITATES_IN_DDL(0.3),
    /// or between an upload and the edit or the commit that names it.
    HESITATES_AFTER_UPLOAD(0.03),
    BUILDER_HESITATES(0.03),
    /// A query node dies soon after it was given deletes for the segments it holds.
    HOLDER_DIES(0.02),
    /// One thread of a process gets no processor for a while.
    PREEMPTED(0.03),
    SLOW(0.05);

    /// When it strikes often.
    private final double often;

    Fault(double often) {
      this.often = often;
    }
  }

  private static final double[] LEVELS = {0, 0.2, 1};

  private final RandomGenerator random;
  private final Cut cut;
  private final Map<Fault, Double> chances = new EnumMap<>(Fault.class);
  private boolean on;

  Chaos(SimulatedRun world, double strength, Plant plant, Cut cut) {
    this.cut = cut;
    this.random = world.random();
    for (Fault fault : Fault.values()) {
      double drawn = strength * fault.often * LEVELS[random.nextInt(LEVELS.length)];
      chances.put(fault, plant.chance(fault, drawn));
    }
  }

  void turn(boolean nowOn) {
    on = nowOn;
  }

  boolean strikes(Fault fault) {
    boolean strikes = random.nextDouble() < chances.getOrDefault(fault, 0.0);
    return strikes
        && on
        && !cut.lacks(fault); // who draws whatever is left out goes the same way till then
  }

  /// When the fault strikes: the time after which what was sent takes place nevertheless.
  Optional<Duration> lands(Fault fault) {
    return strikes(fault) ? Optional.of(millis(1, 4_000)) : Optional.empty();
  }

  /// The way to another machine: mostly a fraction of a millisecond, sometimes long.
  void travel(SimulatedProcess process) {
    process.sleep(latency());
  }

  /// As [#travel], on a connection that sometimes stands still for a while.
  void arrive(SimulatedProcess process) {
    arrive(process, Fault.LOG_READ_STALLS);
  }

  /// As [#travel], on a connection that stands still for a while when `stalls` strikes.
  void arrive(SimulatedProcess process, Fault stalls) {
    travel(process);
    if (strikes(stalls)) {
      process.sleep(millis(50, 1_500));
    }
  }

  /// As [#travel], for a step that cannot be cancelled.
  void travelUncancelled(SimulatedProcess process) {
    sleepUncancelled(process, latency());
  }

  /// Keeps the calling task waiting, now and then.
  void preempt(SimulatedProcess process) {
    if (strikes(Fault.PREEMPTED)) {
      sleepUncancelled(process, millis(1, 1_500));
    }
  }

  private static void sleepUncancelled(SimulatedProcess process, Duration time) {
    try {
      process.sleep(time);
    } catch (DbException _) {
      // canceled: what was begun goes on all the same
    }
  }

  private Duration latency() {
    if (strikes(Fault.SLOW)) {
      return millis(1, random.nextInt(8) == 0 ? 2_000 : 120);
    }
    return Duration.ofNanos(random.nextLong(20_000, 400_000));
  }

  /// Longer than any lease lives, so that somebody else has taken over when it ends.
  Duration freeze() {
    return SimulatedCluster.TTL.plusMillis(random.nextInt(200, 4_000));
  }

  /// As [#freeze], and so much longer that the successor has done something.
  Duration hesitation() {
    return SimulatedCluster.TTL.multipliedBy(2).plusMillis(random.nextInt(200, 8_000));
  }

  /// How long a dead process stays down: mostly no time at all.
  Duration downtime() {
    return random.nextBoolean() ? Duration.ofMillis(5) : millis(10, 5_000);
  }

  Duration millis(int from, int to) {
    return Duration.ofMillis(random.nextLong(from, to));
  }
}
