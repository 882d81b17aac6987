package io.elanus.datanode;

import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import io.elanus.common.manifest.Checkpoint;
import io.elanus.common.manifest.DeleteFileEntry;
import io.elanus.common.manifest.Manifest;
import io.elanus.common.manifest.ManifestEdit;
import io.elanus.common.manifest.ManifestEdit.Seed;
import io.elanus.common.manifest.ManifestStore.Current;
import io.elanus.common.manifest.SegmentEntry;
import io.elanus.common.manifest.ShardPointer;
import io.elanus.common.manifest.Spill;
import io.elanus.common.meta.MetaStore;
import io.elanus.common.object.ObjectKey;
import io.elanus.common.wal.Position;
import io.elanus.datanode.ManifestEdits.Lists;
import io.elanus.segment.delete.Deletes;
import io.elanus.segment.tail.TailCut;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;
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

  private final MetaStore meta;
  private final SegmentFiles files;
  private final SpillFiles spills;
  private final ManifestCommit commit;
  private final Ids ids;
  private final LongAdder flushes = new LongAdder();
  private final LongAdder rows = new LongAdder();

  ShardFlush(
      MetaStore meta, SegmentFiles files, SpillFiles spills, ManifestCommit commit, Ids ids) {
    this.meta = meta;
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
    Pinned pinned = Pinned.read(meta, shard.id().collection());
    Checkpoint checkpoint = shard.checkpointAt(position, pinned.marks());
    TailCut cut = TailCut.of(shard.tail(), checkpoint.horizon());
    Optional<Manifest> parent = shard.current().map(Current::manifest);

    List<SegmentEntry> added = files.writeSegments(shard.id(), cut);
    List<DeleteFileEntry> former = parent.map(Manifest::deleteFiles).orElse(List.of());
    Lists lists = withAdded(parent, due(parent, cut), added);
    List<DeleteFileEntry> deletes = files.writeDeletes(shard.id(), lists, former, cut.deletes());

    Manifest next =
        next(
            ownership,
            shard,
            new Content(
                checkpoint,
                lists,
                deletes,
                parent.map(Manifest::recentEdits).orElse(List.of()),
                spills.next(shard, position)));
    requireUnfenced(shard, next);
    shard.committed(
        commit.commitRaised(
            ownership,
            shard.current(),
            next,
            new ManifestCommit.Past(pinned, shard.forgottenBy(checkpoint))));
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

  /// Deletes that no read goes below since this cut: its own, and those of files that a pin held back.
  private List<Deletes> due(Optional<Manifest> parent, TailCut cut) {
    long through = cut.appliedThrough();
    Stream<Deletes> released =
        parent.stream()
            .flatMap(manifest ->
                manifest.deleteFiles().stream()
                    .filter(file -> file.maxVersion() > manifest.checkpoint().horizon())
                    .filter(file -> file.minVersion() <= through))
            .flatMap(file -> files.readDeletes(file).stream());
    return Stream.concat(released, cut.deletes().stream())
        .filter(deletes -> deletes.version() <= through)
        .toList();
  }

  private static Lists withAdded(
      Optional<Manifest> parent, List<Deletes> due, List<SegmentEntry> added) {
    Stream<SegmentEntry> kept =
        parent.map(Manifest::segments).orElse(List.of()).stream()
            .filter(segment ->
                due.stream()
                    .noneMatch(d -> d.removesAll(segment.partition(), segment.maxVersion())));
    return ManifestEdits.withoutOrphans(
        new Lists(
            Stream.concat(kept, added.stream()).toList(),
            parent.map(Manifest::staged).orElse(List.of())));
  }

  /// Whether the newest manifest keeps something for a mark that is pinned no more.
  boolean outlivesPins(OwnedShard shard) {
    return shard.outlives(Pinned.read(meta, shard.id().collection()).marks());
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
    Lists before = Lists.of(parent);
    if (parent.recentEdits().contains(edit.id()) || ManifestEdits.isDone(before, edit)) {
      return new EditOutcome.Committed();
    }
    Optional<Lists> after = ManifestEdits.apply(before, edit);
    if (after.isEmpty()) {
      return new EditOutcome.Rejected("a segment of edit %d is gone".formatted(edit.id()));
    }
    Content content =
        new Content(
            parent.checkpoint(),
            after.get(),
            ManifestEdits.needed(after.get(), parent.deleteFiles()),
            ManifestEdits.remember(parent.recentEdits(), edit.id()),
            parent.spill());
    Manifest next = next(ownership, shard, content);
    Optional<ObjectKey> fenced = Fence.of(shard.current().get()).refused(next);
    if (fenced.isPresent()) {
      return new EditOutcome.Rejected("%s came too late: it may be swept".formatted(fenced.get()));
    }
    shard.committed(commit.commit(ownership, shard.current(), next));
    log.info("edit committed shard={} edit={}", shard.id(), edit.id());
    return new EditOutcome.Committed();
  }

  /// Commits the first manifest of a shard that nothing was written to.
  ///
  /// @param position up to which the log has nothing of the shard
  Current seed(Ownership ownership, ManifestEdit edit, Seed seed, Position position) {
    Manifest first =
        new Manifest(
            edit.shard(),
            1,
            ownership.epoch(),
            ids.take(1),
            Optional.empty(),
            new Checkpoint(position, seed.version(), 0, seed.version(), false, List.of()),
            seed.added(),
            List.of(),
            List.of(edit.id()));
    Current current = commit.commit(ownership, Optional.empty(), first);
    log.info(
        "shard restored shard={} version={} segments={} rows={}",
        edit.shard(),
        seed.version(),
        seed.added().size(),
        first.rowCount());
    return current;
  }

  /// Keeps manifests below `oldestReadable` from being read, and attempts below `fence` from committing
  /// anything, for good: what only they name may be deleted then.
  ShardPointer fence(Ownership ownership, OwnedShard shard, long oldestReadable, long fence) {
    Current current = shard.current().orElseThrow(() -> gone(shard));
    ShardPointer wanted =
        current.pointer().swept(Math.min(oldestReadable, current.pointer().version()), fence);
    if (!wanted.equals(current.pointer())) {
      shard.repointed(commit.repoint(ownership, current, wanted));
      log.info(
          "shard fenced shard={} oldest={} fence={}",
          shard.id(),
          wanted.oldestReadable(),
          wanted.fence());
    }
    return wanted;
  }

  private static DbException gone(OwnedShard shard) {
    return ErrorCode.COLLECTION_NOT_FOUND.because("shard %s has no manifest", shard.id());
  }

  /// What a manifest says of its shard.
  private record Content(
      Checkpoint checkpoint,
      Lists lists,
      List<DeleteFileEntry> deletes,
      List<Long> recentEdits,
      Optional<Spill> spill) {}

  private static void requireUnfenced(OwnedShard shard, Manifest next) {
    Optional<ObjectKey> fenced =
        shard.current().flatMap(current -> Fence.of(current).refused(next));
    if (fenced.isPresent()) { // ids that a deposed rootcoord gave out: others are fresh
      throw ErrorCode.SERVICE_UNAVAILABLE.because("%s has an id that is too old", fenced.get());
    }
  }

  private Manifest next(Ownership ownership, OwnedShard shard, Content content) {
    Optional<Current> parent = shard.current();
    return new Manifest(
        shard.id(),
        parent.map(p -> p.manifest().version()).orElse(0L) + 1,
        ownership.epoch(),
        ids.take(1),
        parent.map(p -> p.pointer().manifest()),
        content.checkpoint(),
        content.lists().segments(),
        content.deletes(),
        content.recentEdits(),
        content.spill(),
        content.lists().staged());
  }
}
