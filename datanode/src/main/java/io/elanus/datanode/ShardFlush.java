package io.elanus.datanode;

import io.elanus.common.manifest.Checkpoint;
import io.elanus.common.manifest.DeleteFileEntry;
import io.elanus.common.manifest.Manifest;
import io.elanus.common.manifest.ManifestEdit;
import io.elanus.common.manifest.ManifestStore.Current;
import io.elanus.common.manifest.SegmentEntry;
import io.elanus.common.manifest.Spill;
import io.elanus.common.wal.Position;
import io.elanus.segment.tail.TailCut;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Changes what a shard consists of: a flush moves the tail into segments at one cut, an edit adds what
/// somebody built. Either writes its files, then commits a new manifest.
///
/// ```
/// manifest 7 [s1 s2 | d1]  tail: rows, deletes      flush at P
/// manifest 8 [s1 s2 s3 | d1 d2]  tail: empty        checkpoint P
/// ```
/// A segment of which a truncate or the drop of its partition leaves nothing is not in the next manifest.
final class ShardFlush {
  private static final Logger log = LoggerFactory.getLogger(ShardFlush.class);

  private final SegmentFiles files;
  private final SpillFiles spills;
  private final ManifestCommit commit;
  private final Ids ids;
  private final LongAdder flushes = new LongAdder();
  private final LongAdder rows = new LongAdder();

  ShardFlush(SegmentFiles files, SpillFiles spills, ManifestCommit commit, Ids ids) {
    this.files = files;
    this.spills = spills;
    this.commit = commit;
    this.ids = ids;
  }

  /// Puts everything of the shard before `position` into a manifest; of a halted shard what lies before its
  /// halt, and the rest into the manifest's spill.
  ///
  /// @param position up to which the log was applied to the shard
  void flush(Ownership ownership, OwnedShard shard, Position position) {
    shard.pass(position);
    Checkpoint checkpoint = shard.checkpointAt(position);
    TailCut cut = TailCut.of(shard.tail(), checkpoint.horizon());
    Optional<Manifest> parent = shard.current().map(Current::manifest);

    List<SegmentEntry> added = files.writeSegments(shard.id(), cut);
    List<SegmentEntry> segments =
        new ArrayList<>(
            parent.map(Manifest::segments).orElse(List.of()).stream().filter(cut::leaves).toList());
    List<DeleteFileEntry> deletes =
        segments.isEmpty()
            ? List.of()
            : files.writeDeletes(shard.id(), parent.orElseThrow().deleteFiles(), cut.deletes());
    segments.addAll(added);

    commit(
        ownership,
        shard,
        new Content(
            checkpoint,
            segments,
            deletes,
            parent.map(Manifest::recentEdits).orElse(List.of()),
            spills.next(shard, position)));
    flushes.increment();
    rows.add(cut.rowCount());
    log.info(
        "shard flushed shard={} checkpoint={} version={} segments={} rows={} deletes={}",
        shard.id(),
        checkpoint.position(),
        checkpoint.version(),
        added.size(),
        cut.rowCount(),
        cut.deletes().size());
  }

  /// Manifests committed by flushes since the start.
  long flushes() {
    return flushes.sum();
  }

  /// Rows written into segments of such manifests.
  long flushedRows() {
    return rows.sum();
  }

  /// Re-bases `edit` on the newest manifest. The checkpoint stays where it is.
  EditOutcome edit(Ownership ownership, OwnedShard shard, ManifestEdit edit) {
    if (shard.current().isEmpty()) {
      return new EditOutcome.Rejected("shard %s has no manifest".formatted(shard.id()));
    }
    Manifest parent = shard.current().get().manifest();
    if (parent.recentEdits().contains(edit.id()) || ManifestEdits.isDone(parent.segments(), edit)) {
      return new EditOutcome.Committed();
    }
    Optional<List<SegmentEntry>> segments = ManifestEdits.apply(parent.segments(), edit);
    if (segments.isEmpty()) {
      return new EditOutcome.Rejected("a segment of edit %d is gone".formatted(edit.id()));
    }
    commit(
        ownership,
        shard,
        new Content(
            parent.checkpoint(),
            segments.get(),
            parent.deleteFiles(),
            ManifestEdits.remember(parent.recentEdits(), edit.id()),
            parent.spill()));
    log.info("edit committed shard={} edit={}", shard.id(), edit.id());
    return new EditOutcome.Committed();
  }

  /// What a manifest says of its shard.
  private record Content(
      Checkpoint checkpoint,
      List<SegmentEntry> segments,
      List<DeleteFileEntry> deletes,
      List<Long> recentEdits,
      Optional<Spill> spill) {}

  private void commit(Ownership ownership, OwnedShard shard, Content content) {
    Optional<Current> parent = shard.current();
    Manifest next =
        new Manifest(
            shard.id(),
            parent.map(p -> p.manifest().version()).orElse(0L) + 1,
            ownership.epoch(),
            ids.take(1),
            parent.map(p -> p.pointer().manifest()),
            content.checkpoint(),
            content.segments(),
            content.deletes(),
            content.recentEdits(),
            content.spill());
    shard.committed(commit.commit(ownership, parent, next));
  }
}
