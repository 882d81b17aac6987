package io.elanus.querynode;

import io.elanus.common.run.CpuPool;
import io.elanus.common.run.Run;
import io.elanus.index.BuildControl;
import io.elanus.index.BuildProgress;
import io.elanus.segment.shard.TailGraph;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Makes the graphs that searches of tails were found to lack ([TailGraph]): one at a time, on one core, which whoever waits for one gets in between.
///
/// A search that finds one due has it begun when it ends; so nothing is made of a tail that is not searched any more.
final class TailGraphs {
  private static final Logger log = LoggerFactory.getLogger(TailGraphs.class);

  /// Until it is seen anew whether there is room.
  private static final long AGAIN_NANOS = Duration.ofSeconds(1).toNanos();

  private final Run run;
  private final CpuPool cpu;
  private final long limitBytes;
  private final LongSupplier bytes;
  private final AtomicBoolean busy = new AtomicBoolean();
  private final AtomicLong made = new AtomicLong();
  private volatile long fullUntil;

  /// @param limitBytes that all graphs may take; a little more, as the last one is begun below it
  /// @param bytes that those there are take
  TailGraphs(Run run, CpuPool cpu, long limitBytes, LongSupplier bytes) {
    this.run = run;
    this.cpu = cpu;
    this.limitBytes = limitBytes;
    this.bytes = bytes;
    this.fullUntil = run.nanoTime();
  }

  /// How many were made, since the start.
  long made() {
    return made.get();
  }

  /// Whether one is being made, or in line for it.
  boolean isBusy() {
    return busy.get();
  }

  /// A search of a shard ended. Does not wait for anything, nor fail.
  ///
  /// @param due what it found to be due
  void after(Optional<TailGraph> due) {
    if (due.isEmpty() || run.nanoTime() - fullUntil < 0 || !busy.compareAndSet(false, true)) {
      return;
    }
    try {
      cpu.executor().execute(() -> make(due.get()));
    } catch (RuntimeException | OutOfMemoryError e) { // no thread, or no room in line
      busy.set(false); // another search will find it due
      log.debug("no graph of a tail now", e);
    }
  }

  private void make(TailGraph graph) {
    try {
      if (bytes.getAsLong() >= limitBytes) {
        fullUntil = run.nanoTime() + AGAIN_NANOS;
      } else if (graph.isDue()) { // not made since the search looked
        makeOrGiveUp(graph);
      }
    } finally {
      busy.set(false);
    }
  }

  private void makeOrGiveUp(TailGraph graph) {
    long start = run.nanoTime();
    try {
      graph.make(new BuildControl(Runnable::run, 1, BuildProgress.NONE, this::giveWay));
      made.incrementAndGet();
    } catch (RuntimeException | Error e) { // out of direct memory, for one: the JVM lives on
      graph.giveUp();
      log.warn("tail stays without a graph rows={}", graph.vectors().count(), e);
      return;
    }
    log.debug(
        "tail graph made rows={} millis={}",
        graph.vectors().count(),
        (run.nanoTime() - start) / 1_000_000);
  }

  /// Between two rows.
  ///
  /// @return whether to stop: never
  private boolean giveWay() {
    cpu.giveWay();
    return false;
  }
}
