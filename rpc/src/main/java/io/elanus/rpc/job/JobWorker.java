package io.elanus.rpc.job;

import io.elanus.common.error.DbException;
import io.elanus.common.model.NodeId;
import io.elanus.common.run.Backoff;
import io.elanus.common.run.Deadline;
import io.elanus.common.run.Gate;
import io.elanus.common.run.Run;
import io.elanus.common.run.Task;
import io.elanus.common.run.Ticker;
import io.elanus.proto.internal.AcquireJobRequest;
import io.elanus.proto.internal.AcquireJobResponse;
import io.elanus.proto.internal.FinishJobRequest;
import io.elanus.proto.internal.JobKind;
import io.elanus.proto.internal.RenewJobRequest;
import io.elanus.rpc.internal.DataCoordApi;
import io.elanus.rpc.internal.Peers;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Pulls one job after the other and keeps its lease while it is worked on. A job whose lease was lost is
/// dropped: somebody else has it. While datacoord cannot be asked, the work goes on: if the job is somebody
/// else's by then, one of the two edits has no effect.
public final class JobWorker<J extends PulledJob> implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(JobWorker.class);

  /// Of the time to leave, what giving a job back may take.
  private static final Duration GIVE_BACK = Duration.ofSeconds(5);

  private static final Backoff RETRY = new Backoff(Duration.ofMillis(200), Duration.ofSeconds(10));

  private final Run run;
  private final Peers peers;
  private final Setup setup;
  private final Function<AcquireJobResponse, Optional<J>> begin;
  private final Gate gate;
  private final Task task;

  // guarded by gate
  private Optional<J> running = Optional.empty();
  private WorkerCounts counts = WorkerCounts.ZERO;
  private boolean draining;
  private boolean closed;

  /// @param pollWait how long datacoord may hold the question for work
  public record Setup(JobKind kind, NodeId node, Duration pollWait) {}

  /// @param begin the job in an answer of datacoord, not running yet; empty when there is none
  public JobWorker(
      Run run, Peers peers, Setup setup, Function<AcquireJobResponse, Optional<J>> begin) {
    this.run = run;
    this.peers = peers;
    this.setup = setup;
    this.begin = begin;
    this.gate = run.gate();
    this.task = run.fork(name() + "-worker", this::work);
  }

  private String name() {
    return switch (setup.kind()) {
      case INDEX_BUILD -> "index";
      case COMPACTION -> "compaction";
      case RESTORE -> "restore";
      case UNRECOGNIZED -> "unknown";
    };
  }

  public Optional<J> running() {
    return gate.read(() -> running);
  }

  public WorkerCounts counts() {
    return gate.read(() -> counts);
  }

  /// Takes no more jobs. The one at work may be finished in time; else it is given back, so that somebody
  /// else has it at once.
  ///
  /// @return the job that neither was finished nor could be given back
  public List<String> drain(Deadline deadline) {
    gate.change(() -> draining = true);
    Duration left = deadline.remaining(run);
    Deadline latest = Deadline.after(run, left.minus(shorter(GIVE_BACK, left.dividedBy(2))));
    if (gate.await(() -> running.isEmpty(), latest)) {
      return List.of();
    }
    return running()
        .filter(job -> !isGivenBack(job))
        .map(job -> "%s job %d".formatted(name(), job.id()))
        .stream()
        .toList();
  }

  private static Duration shorter(Duration a, Duration b) {
    return a.compareTo(b) <= 0 ? a : b;
  }

  private boolean isGivenBack(J job) {
    job.cancel();
    return tryGiveBack(job);
  }

  private boolean tryGiveBack(J job) {
    try {
      finish(job, FinishJobRequest.newBuilder().setReturned(true));
      log.info("job given back job={}", job.id());
      return true;
    } catch (DbException e) {
      log.warn("job not given back job={}", job.id(), e);
      return false;
    }
  }

  @Override
  public void close() {
    gate.change(() -> closed = true);
    running().ifPresent(PulledJob::cancel);
    task.cancel();
    task.awaitEnd();
  }

  private boolean isClosed() {
    return gate.read(() -> closed);
  }

  private void work() {
    for (int failures = 1; !gate.read(() -> closed || draining); failures++) {
      try {
        Optional<J> job = acquire();
        failures = 0;
        job.ifPresent(this::take);
      } catch (RuntimeException | OutOfMemoryError e) {
        if (!isClosed()) {
          log.warn(
              "no work to be had kind={} node={} failures={}", name(), setup.node(), failures, e);
          run.sleep(RETRY.pause(failures + 1, run.random()));
        }
      }
    }
  }

  private Optional<J> acquire() {
    return begin.apply(
        coordinator()
            .acquireJob(
                AcquireJobRequest.newBuilder()
                    .setNodeId(setup.node().value())
                    .setWaitMillis(setup.pollWait().toMillis())
                    .setKind(setup.kind())
                    .build()));
  }

  /// A job that comes when this node is about to leave goes back.
  private void take(J job) {
    boolean taken =
        gate.change(() -> {
          running = draining ? Optional.empty() : Optional.of(job);
          return !draining;
        });
    if (taken) {
      run(job);
    } else {
      tryGiveBack(job);
    }
  }

  private void run(J job) {
    Duration renewal = Duration.ofMillis(Math.max(100, job.lease().toMillis() / 3));
    long began = run.nanoTime();
    String failure = "it ended without a word";
    gate.change(() -> counts = counts.begun());
    try (Ticker _ = Ticker.start(run, "renew-job-" + job.id(), renewal, () -> renew(job))) {
      failure = job.run();
    } finally {
      ended(job, failure, run.nanoTime() - began);
    }
    if (!job.isCanceled()) {
      finish(job, FinishJobRequest.newBuilder().setFailure(failure));
    }
  }

  private void ended(J job, String failure, long nanos) {
    gate.change(() -> {
      running = Optional.empty();
      if (job.isCanceled()) {
        counts = counts.canceledIn(nanos);
      } else {
        counts = failure.isEmpty() ? counts.doneIn(nanos) : counts.failedIn(nanos);
      }
    });
  }

  private void renew(J job) {
    boolean held =
        coordinator()
            .renewJob(
                RenewJobRequest.newBuilder()
                    .setJobId(job.id())
                    .setNodeId(setup.node().value())
                    .setProgress(job.progress())
                    .setKind(setup.kind())
                    .build())
            .getHeld();
    if (!held) {
      log.info("job was given to somebody else job={}", job.id());
      job.cancel();
    }
  }

  private void finish(J job, FinishJobRequest.Builder finished) {
    coordinator()
        .finishJob(
            finished
                .setJobId(job.id())
                .setNodeId(setup.node().value())
                .setKind(setup.kind())
                .build());
  }

  private DataCoordApi coordinator() {
    return peers.dataCoord();
  }
}
