package io.elanus.indexnode;

import io.elanus.common.error.DbException;
import io.elanus.common.object.ScratchFolder;
import io.elanus.common.run.Backoff;
import io.elanus.common.run.Deadline;
import io.elanus.common.run.Gate;
import io.elanus.common.run.Run;
import io.elanus.common.run.Task;
import io.elanus.common.run.Ticker;
import io.elanus.proto.internal.AcquireJobRequest;
import io.elanus.proto.internal.AcquireJobResponse;
import io.elanus.proto.internal.FinishJobRequest;
import io.elanus.proto.internal.IndexJob;
import io.elanus.proto.internal.IndexNodeStatusRequest;
import io.elanus.proto.internal.IndexNodeStatusResponse;
import io.elanus.proto.internal.RenewJobRequest;
import io.elanus.proto.internal.RunningBuild;
import io.elanus.rpc.internal.DataCoordApi;
import io.elanus.rpc.internal.IndexNodeApi;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Pulls one job after the other and keeps its lease while it is worked on. A job whose lease was lost is
/// dropped: somebody else has it. While datacoord cannot be asked, the build goes on: if the job is somebody
/// else's by then, one of the two edits has no effect.
final class IndexWorker implements IndexNodeApi, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(IndexWorker.class);

  /// Of the time to leave, what giving a job back may take.
  private static final Duration GIVE_BACK = Duration.ofSeconds(5);

  private static final Backoff RETRY = new Backoff(Duration.ofMillis(200), Duration.ofSeconds(10));

  private final Run run;
  private final IndexNodeConfig config;
  private final IndexNodeRole.Ports ports;
  private final ScratchFolder scratch;
  private final Gate gate;
  private final Task task;

  // guarded by gate
  private Optional<IndexBuild> running = Optional.empty();
  private BuildCounts counts = BuildCounts.ZERO;
  private boolean draining;
  private boolean closed;

  IndexWorker(IndexNodeConfig config, IndexNodeRole.Ports ports) {
    this.run = ports.run();
    this.config = config;
    this.ports = ports;
    this.scratch = ScratchFolder.emptied(config.scratch());
    this.gate = run.gate();
    this.task = run.fork("index-worker", this::work);
  }

  @Override
  public IndexNodeStatusResponse status(IndexNodeStatusRequest request) {
    IndexNodeStatusResponse.Builder status = IndexNodeStatusResponse.newBuilder();
    running()
        .ifPresent(build ->
            status.addBuilds(
                RunningBuild.newBuilder()
                    .setJobId(build.job().getJobId())
                    .setSegmentId(build.job().getSegmentId())
                    .setIndexId(build.job().getIndexId())
                    .setProgress(build.progress())));
    return status.build();
  }

  /// Takes no more jobs. The one at work may be finished in time; else it is given back, so that somebody
  /// else has it at once.
  ///
  /// @return the job that neither was finished nor could be given back
  List<String> drain(Deadline deadline) {
    gate.change(() -> draining = true);
    Duration left = deadline.remaining(run);
    Deadline latest = Deadline.after(run, left.minus(shorter(GIVE_BACK, left.dividedBy(2))));
    if (gate.await(() -> running.isEmpty(), latest)) {
      return List.of();
    }
    return running()
        .filter(build -> !isGivenBack(build))
        .map(build -> "index job %d".formatted(build.job().getJobId()))
        .stream()
        .toList();
  }

  private static Duration shorter(Duration a, Duration b) {
    return a.compareTo(b) <= 0 ? a : b;
  }

  private boolean isGivenBack(IndexBuild build) {
    build.cancel();
    return tryGiveBack(build.job());
  }

  private boolean tryGiveBack(IndexJob job) {
    try {
      finish(FinishJobRequest.newBuilder().setJobId(job.getJobId()).setReturned(true));
      log.info("job given back job={}", job.getJobId());
      return true;
    } catch (DbException e) {
      log.warn("job not given back job={}", job.getJobId(), e);
      return false;
    }
  }

  @Override
  public void close() {
    gate.change(() -> closed = true);
    running().ifPresent(IndexBuild::cancel);
    task.cancel();
    task.awaitEnd();
  }

  BuildCounts counts() {
    return gate.read(() -> counts);
  }

  private Optional<IndexBuild> running() {
    return gate.read(() -> running);
  }

  private boolean isClosed() {
    return gate.read(() -> closed);
  }

  private void work() {
    for (int failures = 1; !gate.read(() -> closed || draining); failures++) {
      try {
        Optional<IndexJob> job = acquire();
        failures = 0;
        job.ifPresent(this::take);
      } catch (RuntimeException | OutOfMemoryError e) {
        if (!isClosed()) {
          log.warn("no work to be had node={} failures={}", node(), failures, e);
          run.sleep(RETRY.pause(failures + 1, run.random()));
        }
      }
    }
  }

  private Optional<IndexJob> acquire() {
    AcquireJobResponse response =
        coordinator()
            .acquireJob(
                AcquireJobRequest.newBuilder()
                    .setNodeId(node())
                    .setWaitMillis(config.pollWait().toMillis())
                    .build());
    return response.hasJob() ? Optional.of(response.getJob()) : Optional.empty();
  }

  /// A job that comes when this node is about to leave goes back.
  private void take(IndexJob job) {
    IndexBuild build = new IndexBuild(job, config.threads(), scratch, ports);
    boolean taken =
        gate.change(() -> {
          running = draining ? Optional.empty() : Optional.of(build);
          return !draining;
        });
    if (taken) {
      run(build);
    } else {
      tryGiveBack(job);
    }
  }

  private void run(IndexBuild build) {
    IndexJob job = build.job();
    Duration renewal = Duration.ofMillis(Math.max(100, job.getLeaseMillis() / 3));
    long began = run.nanoTime();
    String failure = "it ended without a word";
    gate.change(() -> counts = counts.begun());
    try (Ticker _ = Ticker.start(run, "renew-job-" + job.getJobId(), renewal, () -> renew(build))) {
      failure = build.run();
    } finally {
      ended(build, failure, run.nanoTime() - began);
    }
    if (!build.isCanceled()) {
      finish(FinishJobRequest.newBuilder().setJobId(job.getJobId()).setFailure(failure));
    }
  }

  private void ended(IndexBuild build, String failure, long nanos) {
    gate.change(() -> {
      running = Optional.empty();
      if (build.isCanceled()) {
        counts = counts.canceledIn(nanos);
      } else {
        counts = failure.isEmpty() ? counts.doneIn(nanos) : counts.failedIn(nanos);
      }
    });
  }

  private void renew(IndexBuild build) {
    boolean held =
        coordinator()
            .renewJob(
                RenewJobRequest.newBuilder()
                    .setJobId(build.job().getJobId())
                    .setNodeId(node())
                    .setProgress(build.progress())
                    .build())
            .getHeld();
    if (!held) {
      log.info("job was given to somebody else job={}", build.job().getJobId());
      build.cancel();
    }
  }

  private void finish(FinishJobRequest.Builder finished) {
    coordinator().finishJob(finished.setNodeId(node()).build());
  }

  private DataCoordApi coordinator() {
    return ports.peers().dataCoord();
  }

  private long node() {
    return ports.member().node().value();
  }
}
