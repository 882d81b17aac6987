package io.elanus.datanode;

import com.google.protobuf.ByteString;
import io.elanus.common.error.ErrorCode;
import io.elanus.common.expr.Expr;
import io.elanus.common.expr.TtlField;
import io.elanus.common.manifest.Checkpoint;
import io.elanus.common.manifest.Manifest;
import io.elanus.common.manifest.ManifestCodec;
import io.elanus.common.manifest.SegmentEntry;
import io.elanus.common.model.Collection;
import io.elanus.common.model.CollectionId;
import io.elanus.common.model.CollectionSchema;
import io.elanus.common.model.HybridTimestamp;
import io.elanus.common.model.SegmentId;
import io.elanus.common.model.ShardId;
import io.elanus.common.object.ObjectKey;
import io.elanus.common.object.ObjectLayout;
import io.elanus.common.object.ScratchFolder;
import io.elanus.common.run.Deadline;
import io.elanus.proto.internal.CompactionJob;
import io.elanus.proto.internal.RaiseAppliedEdit;
import io.elanus.proto.internal.ReplaceEdit;
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
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One job: bring some segments, write one with what is left of their rows, upload it, submit the edit.
///
/// What is left is judged by the manifest that the job names: its deletes up to its horizon. Deletes that
/// come meanwhile stay in the shard's delete files, because the new segment says through which version it
/// has applied them.
final class Compaction extends PulledJob {
  private static final Logger log = LoggerFactory.getLogger(Compaction.class);

  private final CompactionJob job;
  private final ScratchFolder scratch;
  private final DataNodeRole.Ports ports;
  private final CompactionCounts counts;

  Compaction(
      CompactionJob job, ScratchFolder scratch, DataNodeRole.Ports ports, CompactionCounts counts) {
    super(job.getJobId(), job.getLeaseMillis());
    this.job = job;
    this.scratch = scratch;
    this.ports = ports;
    this.counts = counts;
  }

  @Override
  protected void work() {
    long start = ports.run().nanoTime();
    Input input = input();
    Output output = compact(input);
    submit(input, output);
    counts.compacted(input.rowCount(), input.sizeBytes(), output.removedRows());
    log.info(
        "segments compacted shard={} segments={} rows={} removed={} millis={}",
        shard(),
        job.getSegmentIdsList(),
        input.rowCount(),
        output.removedRows(),
        (ports.run().nanoTime() - start) / 1_000_000);
  }

  @Override
  public String toString() {
    return "compaction of segments %s of shard %s".formatted(job.getSegmentIdsList(), shard());
  }

  /// @param through the horizon: deletes up to it are applied for good
  /// @param kept what rows say of themselves that are to be left
  private record Input(
      List<SegmentEntry> segments,
      List<Deletes> deletes,
      CollectionSchema schema,
      long through,
      long expiredThrough,
      Expr kept) {
    long rowCount() {
      return segments.stream().mapToLong(SegmentEntry::rowCount).sum();
    }

    long sizeBytes() {
      return segments.stream().mapToLong(segment -> segment.file().sizeBytes()).sum();
    }

    /// Those of which something may be left.
    List<SegmentEntry> living() {
      return segments.stream().filter(segment -> segment.maxVersion() > expiredThrough).toList();
    }
  }

  /// @param written empty when no row is left, or all are
  private record Output(Optional<SegmentEntry> written, long removedRows) {}

  private Input input() {
    JobSource source = new JobSource(ports);
    Manifest manifest = source.manifest(job.getManifestKey());
    List<SegmentEntry> segments =
        job.getSegmentIdsList().stream().map(id -> require(manifest, new SegmentId(id))).toList();
    Checkpoint checkpoint = manifest.checkpoint();
    Collection collection = source.collection(shard().collection());
    long known = segments.stream().mapToLong(SegmentEntry::appliedThrough).min().orElseThrow();
    return new Input(
        segments,
        source.deletes(manifest, known, checkpoint.horizon()),
        collection.storedSchema(),
        checkpoint.horizon(),
        checkpoint.expiry().through(checkpoint.horizon()),
        TtlField.of(collection)
            .map(field -> field.livesAt(micros(checkpoint)))
            .orElse(Expr.ALWAYS));
  }

  /// When the log was at the shard's horizon, so that no clock of a node decides what goes for good.
  private static long micros(Checkpoint checkpoint) {
    return TimeUnit.MILLISECONDS.toMicros(HybridTimestamp.millis(checkpoint.horizon()));
  }

  private static SegmentEntry require(Manifest manifest, SegmentId id) {
    return manifest.segments().stream()
        .filter(segment -> segment.id().equals(id))
        .findFirst()
        .orElseThrow(() -> ErrorCode.SEGMENT_NOT_FOUND.with("segment", id));
  }

  private Output compact(Input input) {
    List<SegmentEntry> living = input.living();
    if (living.isEmpty()) {
      return new Output(Optional.empty(), input.rowCount());
    }
    List<Path> files = new ArrayList<>();
    List<SegmentReader> readers = new ArrayList<>();
    Path target = file("target");
    try {
      for (SegmentEntry segment : living) {
        goOn();
        Path file = file("source-" + segment.id());
        files.add(file);
        ports.objects().download(segment.file().key(), file);
        progress(40 * files.size() / living.size());
      }
      return ports
          .cpu()
          .call(
              Deadline.NEVER,
              () -> {
                for (int i = 0; i < living.size(); i++) {
                  goOn();
                  readers.add(SegmentReader.open(files.get(i), living.get(i), input.schema()));
                }
                return merge(input, readers, target);
              })
          .map(merged -> upload(input, merged, target))
          .orElseGet(() -> new Output(Optional.empty(), 0));
    } finally {
      readers.forEach(SegmentReader::close);
      files.forEach(scratch::remove);
      scratch.remove(target);
    }
  }

  /// @param file absent when no row is left
  private record Merged(Optional<WrittenSegment> file, long keptRows) {}

  /// @return empty when there is nothing to be written, because all rows are left of the only segment
  private Optional<Merged> merge(Input input, List<SegmentReader> readers, Path target) {
    SegmentMerge merge =
        SegmentMerge.of(
            input.schema(),
            readers,
            input.deletes(),
            input.through(),
            input.expiredThrough(),
            input.kept());
    goOn();
    progress(60);
    if (input.segments().size() == 1 && merge.removedRows() == 0) {
      return Optional.empty();
    }
    int kept = merge.rows().rowCount();
    Optional<WrittenSegment> written =
        kept == 0 ? Optional.empty() : Optional.of(SegmentWriter.write(target, merge.rows()));
    progress(80);
    return Optional.of(new Merged(written, kept));
  }

  private Output upload(Input input, Merged merged, Path target) {
    goOn();
    SegmentId id = new SegmentId(job.getJobId());
    ObjectKey key = ObjectLayout.segment(shard(), id);
    Optional<SegmentEntry> entry =
        merged
            .file()
            .map(file ->
                file.toEntry(id, input.segments().getFirst().partition(), key, input.through()));
    entry.ifPresent(_ -> ports.objects().create(key, target));
    progress(95);
    return new Output(entry, input.rowCount() - merged.keptRows());
  }

  private void submit(Input input, Output output) {
    SubmitEditRequest.Builder edit =
        SubmitEditRequest.newBuilder()
            .setEditId(job.getJobId())
            .setCollectionId(job.getCollectionId())
            .setShard(job.getShard());
    if (output.removedRows() == 0 && output.written().isEmpty()) {
      edit.addRaises(
          RaiseAppliedEdit.newBuilder()
              .setSegmentId(input.segments().getFirst().id().value())
              .setAppliedThrough(input.through()));
    } else {
      List<SegmentEntry> added = output.written().stream().toList();
      edit.addReplaces(
          ReplaceEdit.newBuilder()
              .addAllRemovedIds(job.getSegmentIdsList())
              .setAdded(ByteString.copyFrom(ManifestCodec.encodeSegments(added)))
              .setStaged(isStaged(added)));
    }
    new OwnerEdits(ports.run(), ports.meta(), ports.peers()).submit(edit.build(), this::isCanceled);
  }

  /// Whether somebody is going to build index files for it.
  private boolean isStaged(List<SegmentEntry> added) {
    return job.getStageFromRows() > 0
        && added.stream().anyMatch(segment -> segment.rowCount() >= job.getStageFromRows());
  }

  private ShardId shard() {
    return new ShardId(new CollectionId(job.getCollectionId()), job.getShard());
  }

  private Path file(String what) {
    return scratch.file("%s-%d".formatted(what, job.getJobId()));
  }
}
