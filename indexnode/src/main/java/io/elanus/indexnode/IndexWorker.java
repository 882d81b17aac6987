package io.elanus.indexnode;

import io.elanus.common.object.ScratchFolder;
import io.elanus.common.run.Deadline;
import io.elanus.proto.internal.AcquireJobResponse;
import io.elanus.proto.internal.IndexNodeStatusRequest;
import io.elanus.proto.internal.IndexNodeStatusResponse;
import io.elanus.proto.internal.JobKind;
import io.elanus.proto.internal.RunningBuild;
import io.elanus.rpc.internal.IndexNodeApi;
import io.elanus.rpc.job.JobWorker;
import io.elanus.rpc.job.WorkerCounts;
import java.util.List;
import java.util.Optional;

/// Builds one index after the other, and tells how far it is.
final class IndexWorker implements IndexNodeApi, AutoCloseable {
  private final IndexNodeConfig config;
  private final IndexNodeRole.Ports ports;
  private final ScratchFolder scratch;
  private final JobWorker<IndexBuild> worker;

  IndexWorker(IndexNodeConfig config, IndexNodeRole.Ports ports) {
    this.config = config;
    this.ports = ports;
    this.scratch = ScratchFolder.emptied(config.scratch());
    this.worker =
        new JobWorker<>(
            ports.run(),
            ports.peers(),
            new JobWorker.Setup(JobKind.INDEX_BUILD, ports.member().node(), config.pollWait()),
            this::build);
  }

  private Optional<IndexBuild> build(AcquireJobResponse response) {
    return response.hasJob()
        ? Optional.of(new IndexBuild(response.getJob(), config, scratch, ports))
        : Optional.empty();
  }

  @Override
  public IndexNodeStatusResponse status(IndexNodeStatusRequest request) {
    IndexNodeStatusResponse.Builder status = IndexNodeStatusResponse.newBuilder();
    worker
        .running()
        .ifPresent(build ->
            status.addBuilds(
                RunningBuild.newBuilder()
                    .setJobId(build.id())
                    .setSegmentId(build.job().getSegmentId())
                    .setIndexId(build.job().getIndexId())
                    .setProgress(build.progress())));
    return status.build();
  }

  /// As [JobWorker#drain].
  List<String> drain(Deadline deadline) {
    return worker.drain(deadline);
  }

  WorkerCounts counts() {
    return worker.counts();
  }

  @Override
  public void close() {
    worker.close();
  }
}
