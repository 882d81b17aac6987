package io.elanus.indexnode;

import io.elanus.common.object.ScratchFolder;
import io.elanus.common.run.Backoff;
import io.elanus.common.run.Deadline;
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
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Pulls one job after the other and keeps its lease while it is worked on. A job whose lease was lost is
/// dropped: somebody else has it.
final class IndexWorker implements IndexNodeApi, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(IndexWorker.class);
  private static final Backoff RETRY = new Backoff(Duration.ofMillis(200), Duration.ofSeconds(10));

  private final Run run;
  private final IndexNodeConfig config;
  private final IndexNodeRole.Ports ports;
  private final ScratchFolder scratch;
  private final Task task;

  private volatile Optional<IndexBuild> running = Optional.empty();
  private volatile boolean closed;

  IndexWorker(IndexNodeConfig config, IndexNodeRole.Ports ports) {
    this.run = ports.run();
    this.config = config;
    this.ports = ports;
    this.scratch = ScratchFolder.emptied(config.scratch());
    this.task = run.fork("index-worker", this::work);
  }

  @Override
  public IndexNodeStatusResponse status(IndexNodeStatusRequest request) {
    IndexNodeStatusResponse.Builder status = IndexNodeStatusResponse.newBuilder();
    running.ifPresent(build ->
        status.addBuilds(
            RunningBuild.newBuilder()
                .setJobId(build.job().getJobId())
                .setSegmentId(build.job().getSegmentId())
                .setIndexId(build.job().getIndexId())
                .setProgress(build.progress())));
    return status.build();
  }

  @Override
  public void close() {
    closed = true;
    running.ifPresent(IndexBuild::cancel);
    task.cancel();
    task.join(Deadline.NEVER);
  }

  private void work() {
    for (int failures = 1; !closed; failures++) {
      try {
        Optional<IndexJob> job = acquire();
        failures = 0;
        job.ifPresent(this::build);
      } catch (RuntimeException | OutOfMemoryError e) {
        if (!closed) {
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

  private void build(IndexJob job) {
    IndexBuild build = new IndexBuild(job, config.threads(), scratch, ports);
    running = Optional.of(build);
    Duration renewal = Duration.ofMillis(Math.max(100, job.getLeaseMillis() / 3));
    String failure;
    try (Ticker _ = Ticker.start(run, "renew-job-" + job.getJobId(), renewal, () -> renew(build))) {
      failure = build.run();
    } finally {
      running = Optional.empty();
    }
    if (!build.isCanceled()) {
      finish(job, failure);
    }
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

  private void finish(IndexJob job, String failure) {
    coordinator()
        .finishJob(
            FinishJobRequest.newBuilder()
                .setJobId(job.getJobId())
                .setNodeId(node())
                .setFailure(failure)
                .build());
  }

  private DataCoordApi coordinator() {
    return ports.peers().dataCoord();
  }

  private long node() {
    return ports.member().node().value();
  }
}
