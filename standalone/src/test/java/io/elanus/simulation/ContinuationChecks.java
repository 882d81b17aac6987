package io.elanus.simulation;

import io.elanus.common.manifest.Checkpoint;
import io.elanus.common.manifest.FileRef;
import io.elanus.common.manifest.IndexEntry;
import io.elanus.common.manifest.Manifest;
import io.elanus.common.manifest.SegmentEntry;
import io.elanus.common.manifest.ShardPointer;
import io.elanus.common.model.SegmentId;
import io.elanus.common.object.ObjectKey;
import io.elanus.common.object.ObjectLayout;
import io.elanus.segment.delete.Deletes;
import io.elanus.simulation.ManifestChecks.Committed;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// Holds a manifest against its parent (invariants 4, 6, 7, 10).
final class ContinuationChecks {
  private final LogHistory history;
  private final CatalogChecks catalog;
  private final ManifestRows rows;
  private long editCount;
  private long compactionCount;

  ContinuationChecks(LogHistory history, CatalogChecks catalog, ManifestRows rows) {
    this.history = history;
    this.catalog = catalog;
    this.rows = rows;
  }

  /// @param pointer to `manifest`, which was committed after `parent`
  void check(Committed parent, ShardPointer pointer, Manifest manifest) {
    checkParent(parent, pointer, manifest);
    checkContinued(parent.manifest(), manifest);
    checkFence(parent, pointer, manifest);
  }

  private void checkParent(Committed parent, ShardPointer pointer, Manifest manifest) {
    Checkpoint before = parent.manifest().checkpoint();
    Checkpoint after = manifest.checkpoint();
    Violation.unless(
        manifest.parent().equals(Optional.of(parent.pointer().manifest()))
            && manifest.version() == parent.manifest().version() + 1,
        "6: shard %s: manifest %s has parent %s, not %s",
        pointer.shard(),
        pointer.manifest(),
        manifest.parent(),
        parent.pointer().manifest());
    Violation.unless(
        after.position().isAtOrAfter(before.position())
            && after.version() >= before.version()
            && after.ddlSequence() >= before.ddlSequence()
            && after.horizon() >= before.horizon()
            && manifest.epoch() >= parent.manifest().epoch()
            && pointer.oldestReadable() >= parent.pointer().oldestReadable(),
        "6: shard %s: %s after %s",
        pointer.shard(),
        pointer,
        parent.pointer());
  }

  /// Nothing new comes from an attempt that was kept out.
  private static void checkFence(Committed parent, ShardPointer pointer, Manifest manifest) {
    Violation.unless(
        pointer.fence() >= parent.pointer().fence(),
        "6: shard %s: fence %d after %d",
        pointer.shard(),
        pointer.fence(),
        parent.pointer().fence());
    Set<ObjectKey> known =
        parent.manifest().files().stream().map(FileRef::key).collect(Collectors.toSet());
    for (FileRef file : manifest.files()) {
      Violation.unless(
          known.contains(file.key())
              || ObjectLayout.attempt(file.key()).orElse(-1) >= parent.pointer().fence(),
          "7: shard %s: manifest %d names %s, which is below the fence %d",
          pointer.shard(),
          manifest.version(),
          file.key(),
          parent.pointer().fence());
    }
  }

  /// A flush adds segments and takes none away but those that a truncate or the drop of a partition erases. An
  /// edit adds indexes, puts segments in the place of others, or says that they have applied more deletes; it
  /// leaves the checkpoint alone, and is remembered. An index goes for another of the same field.
  private void checkContinued(Manifest before, Manifest after) {
    Map<SegmentId, SegmentEntry> now = new HashMap<>();
    after.allSegments().forEach(segment -> now.put(segment.id(), segment));
    boolean edited = false;
    boolean compacted = false;
    boolean flushed = !after.checkpoint().equals(before.checkpoint());
    for (SegmentEntry old : before.allSegments()) {
      SegmentEntry kept = now.get(old.id());
      if (kept == null) {
        compacted |= !(flushed && (isErased(old, after) || isOrphan(old, before, after)));
        continue;
      }
      Violation.unless(
          kept.withIndexes(List.of())
                  .equals(old.withIndexes(List.of()).withAppliedThrough(kept.appliedThrough()))
              && kept.appliedThrough() >= old.appliedThrough(),
          "4: shard %s: manifest %d has changed segment %s",
          after.shard(),
          after.version(),
          old.id());
      requireIndexesKept(after, old, kept);
      edited |= !kept.equals(old);
    }
    edited |= compacted || (!flushed && !before.staged().equals(after.staged()));
    compactionCount += compacted ? 1 : 0;
    Violation.unless(
        !(edited && flushed) && (!flushed || before.staged().containsAll(after.staged())),
        "4: shard %s: manifest %d has lost a segment of %s at a flush",
        after.shard(),
        after.version(),
        before.segments());
    requireDeletesKept(before, after);
    List<Long> known = before.recentEdits();
    List<Long> edits = after.recentEdits();
    int surplus = Math.max(0, known.size() + (edited ? 1 : 0) - Manifest.RECENT_EDITS);
    Violation.unless(
        edits.size() == known.size() + (edited ? 1 : 0) - surplus
            && edits
                .subList(0, known.size() - surplus)
                .equals(known.subList(surplus, known.size())),
        "7: shard %s: manifest %d remembers edits %s after %s",
        after.shard(),
        after.version(),
        edits,
        known);
    editCount += edited ? 1 : 0;
  }

  private boolean isErased(SegmentEntry segment, Manifest after) {
    history.catchUp(catalog.log(after.shard()));
    return history
        .model(after.shard())
        .erases(segment.partition(), segment.maxVersion(), after.checkpoint().horizon());
  }

  /// Whether it is staged for segments that a flush has erased.
  private static boolean isOrphan(SegmentEntry segment, Manifest before, Manifest after) {
    return before.staged().stream()
        .filter(batch -> batch.segments().contains(segment))
        .anyMatch(batch ->
            batch.replaces().stream()
                .anyMatch(id -> after.segments().stream().noneMatch(s -> s.id().equals(id))));
  }

  /// A delete leaves the manifest when every segment it can match has applied it (10).
  private void requireDeletesKept(Manifest before, Manifest after) {
    Set<Long> kept = new HashSet<>();
    rows.deletes(after).forEach(batch -> kept.add(batch.version()));
    for (Deletes batch : rows.deletes(before)) {
      for (SegmentEntry segment : after.allSegments()) {
        Violation.unless(
            kept.contains(batch.version())
                || segment.appliedThrough() >= batch.version()
                || segment.minVersion() >= batch.version(),
            "10: shard %s: manifest %d has lost the delete at %d, which segment %s has not applied",
            after.shard(),
            after.version(),
            batch.version(),
            segment.id());
      }
    }
  }

  private static void requireIndexesKept(Manifest after, SegmentEntry old, SegmentEntry kept) {
    for (IndexEntry index : old.indexes()) {
      Violation.unless(
          kept.indexes().stream().anyMatch(i -> i.fieldId() == index.fieldId()),
          "4: shard %s: manifest %d has lost index %s of segment %s",
          after.shard(),
          after.version(),
          index.index(),
          old.id());
    }
  }

  /// Edits of index builders that are in manifests.
  long editCount() {
    return editCount;
  }

  /// Manifests in which segments are gone for others.
  long compactionCount() {
    return compactionCount;
  }
}
