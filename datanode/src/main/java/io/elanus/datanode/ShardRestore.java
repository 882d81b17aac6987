package io.elanus.datanode;

import com.google.protobuf.ByteString;
import io.elanus.common.error.ErrorCode;
import io.elanus.common.manifest.Manifest;
import io.elanus.common.manifest.ManifestCodec;
import io.elanus.common.manifest.SegmentEntry;
import io.elanus.common.model.CollectionId;
import io.elanus.common.model.CollectionSchema;
import io.elanus.common.model.PartitionId;
import io.elanus.common.model.SegmentId;
import io.elanus.common.model.ShardId;
import io.elanus.common.object.ObjectKey;
import io.elanus.common.object.ObjectLayout;
import io.elanus.common.object.ScratchFolder;
import io.elanus.common.run.Deadline;
import io.elanus.proto.internal.AllocateIdsRequest;
import io.elanus.proto.internal.RestoreJob;
import io.elanus.proto.internal.RestoredPartition;
import io.elanus.proto.internal.SeedEdit;
import io.elanus.proto.internal.SubmitEditRequest;
import io.elanus.rpc.job.OwnerEdits;
import io.elanus.rpc.job.PulledJob;
import io.elanus.segment.delete.Deletes;
import io.elanus.segment.file.SegmentMerge;
import io.elanus.segment.file.SegmentReader;
import io.elanus.segment.file.SegmentWriter;
import io.elanus.segment.file.WrittenSegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// One job: write the rows of a shard as of a version as segments of another shard, upload them, submit what that one
/// begins with.
///
/// Rows keep their versions, indexes and timestamps: which of two rows of a key is the later one, and when they
/// expire, is as it was.
final class ShardRestore extends PulledJob {
  private final RestoreJob job;
  private final ScratchFolder scratch;
  private final DataNodeRole.Ports ports;

  ShardRestore(RestoreJob job, ScratchFolder scratch, DataNodeRole.Ports ports) {
    super(job.getJobId(), job.getLeaseMillis());
    this.job = job;
    this.scratch = scratch;
    this.ports = ports;
  }

  @Override
  protected void work() {
    Image image = image();
    List<SegmentEntry> written = new ArrayList<>();
    for (int i = 0; i < image.segments().size(); i++) {
      goOn();
      write(image, i).ifPresent(written::add);
      progress(95 * (i + 1) / image.segments().size());
    }
    submit(written);
  }

  @Override
  public String toString() {
    return "restore of shard %s from %s".formatted(shard(), job.getManifestKey());
  }

  /// The shard as of the version.
  ///
  /// @param segments with rows up to the version
  /// @param firstId of as many new segments
  private record Image(
      List<SegmentEntry> segments,
      List<Deletes> deletes,
      CollectionSchema schema,
      long version,
      long expiredThrough,
      long firstId) {}

  private Image image() {
    JobSource source = new JobSource(ports);
    Manifest manifest = source.manifest(job.getManifestKey());
    long version = job.getVersion();
    if (manifest.checkpoint().horizon() > version || manifest.checkpoint().version() < version) {
      throw ErrorCode.CORRUPT.because(
          "manifest %s cannot be read at version %d", job.getManifestKey(), version);
    }
    List<SegmentEntry> segments =
        manifest.segments().stream().filter(s -> s.minVersion() <= version).toList();
    return new Image(
        segments,
        source.deletes(manifest, -1, version),
        source.collection(shard().collection()).storedSchema(),
        version,
        manifest.checkpoint().expiry().through(version),
        ids(segments.size()));
  }

  /// Larger than the job's: nothing of this attempt is swept while the job runs.
  private long ids(int count) {
    return ports
        .peers()
        .rootCoord()
        .allocateIds(AllocateIdsRequest.newBuilder().setCount(Math.max(1, count)).build())
        .getFirst();
  }

  /// @return empty when the version has no row of the segment
  private Optional<SegmentEntry> write(Image image, int number) {
    SegmentEntry source = image.segments().get(number);
    Path from = scratch.file("restored-%d".formatted(job.getJobId()));
    Path to = scratch.file("target-%d".formatted(job.getJobId()));
    try {
      ports.objects().download(source.file().key(), from);
      goOn();
      Optional<WrittenSegment> written =
          ports.cpu().call(Deadline.NEVER, () -> write(image, source, from, to));
      goOn();
      return written.map(
          file -> upload(image, file, source, new SegmentId(image.firstId() + number), to));
    } finally {
      scratch.remove(from);
      scratch.remove(to);
    }
  }

  private static Optional<WrittenSegment> write(
      Image image, SegmentEntry source, Path from, Path to) {
    try (SegmentReader reader = SegmentReader.open(from, source, image.schema())) {
      SegmentMerge left =
          SegmentMerge.asOf(
              image.schema(), reader, image.deletes(), image.version(), image.expiredThrough());
      return left.rows().rowCount() == 0
          ? Optional.empty()
          : Optional.of(SegmentWriter.write(to, left.rows()));
    }
  }

  private SegmentEntry upload(
      Image image, WrittenSegment written, SegmentEntry source, SegmentId id, Path file) {
    ObjectKey key = ObjectLayout.segment(shard(), id);
    ports.objects().create(key, file);
    return written.toEntry(id, partition(source.partition()), key, image.version());
  }

  private PartitionId partition(PartitionId source) {
    return job.getPartitionsList().stream()
        .filter(partition -> partition.getSourceId() == source.value())
        .map(RestoredPartition::getTargetId)
        .map(PartitionId::new)
        .findFirst()
        .orElseThrow(() ->
            ErrorCode.CORRUPT.because(
                "rows of partition %s, which the snapshot of [%s] does not have",
                source,
                job.getPartitionsList().stream()
                    .map(p -> Long.toString(p.getSourceId()))
                    .collect(Collectors.joining(" "))));
  }

  private void submit(List<SegmentEntry> written) {
    SubmitEditRequest edit =
        SubmitEditRequest.newBuilder()
            .setEditId(job.getJobId())
            .setCollectionId(job.getCollectionId())
            .setShard(job.getShard())
            .setSeed(
                SeedEdit.newBuilder()
                    .setAdded(ByteString.copyFrom(ManifestCodec.encodeSegments(written)))
                    .setVersion(job.getVersion()))
            .build();
    new OwnerEdits(ports.run(), ports.meta(), ports.peers()).submit(edit, this::isCanceled);
  }

  private ShardId shard() {
    return new ShardId(new CollectionId(job.getCollectionId()), job.getShard());
  }
}
