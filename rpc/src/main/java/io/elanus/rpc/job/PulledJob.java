package io.elanus.rpc.job;

import java.time.Duration;
import java.util.concurrent.CancellationException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A job that a node has pulled. One thread runs it; any may look at it, and cancel it. Its text names what it is done
/// to, for the log.
public abstract class PulledJob {
  private static final Logger log = LoggerFactory.getLogger(PulledJob.class);

  private final long id;
  private final Duration lease;
  private volatile int progress;
  private volatile boolean canceled;

  /// @param id drawn by datacoord for this attempt; never used before
  protected PulledJob(long id, long leaseMillis) {
    this.id = id;
    this.lease = Duration.ofMillis(leaseMillis);
  }

  public final long id() {
    return id;
  }

  /// How long datacoord waits for a sign of life.
  public final Duration lease() {
    return lease;
  }

  /// 0..100.
  public final int progress() {
    return progress;
  }

  /// Asks [#run] to end soon, without effect if that is possible still.
  public final void cancel() {
    canceled = true;
  }

  public final boolean isCanceled() {
    return canceled;
  }

  /// Does it. Throws nothing but what ends the process.
  ///
  /// @return why it failed, empty on success
  public final String run() {
    try {
      work();
      return "";
    } catch (CancellationException e) {
      return "canceled";
    } catch (RuntimeException | OutOfMemoryError e) {
      log.warn("job failed: {}", this, e);
      return String.valueOf(e.getMessage());
    }
  }

  /// @throws CancellationException when it has noticed that it is canceled
  protected abstract void work();

  protected final void progress(int percent) {
    progress = percent;
  }

  /// @throws CancellationException when this is canceled
  protected final void goOn() {
    if (canceled) {
      throw new CancellationException("job %d".formatted(id));
    }
  }

  @Override
  public abstract String toString();
}
