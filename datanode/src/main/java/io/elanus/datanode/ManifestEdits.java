package io.elanus.datanode;

import io.elanus.common.manifest.DeleteFileEntry;
import io.elanus.common.manifest.IndexEntry;
import io.elanus.common.manifest.Manifest;
import io.elanus.common.manifest.ManifestEdit;
import io.elanus.common.manifest.ManifestEdit.AddIndex;
import io.elanus.common.manifest.ManifestEdit.RaiseApplied;
import io.elanus.common.manifest.ManifestEdit.Replace;
import io.elanus.common.manifest.ManifestEdit.Seed;
import io.elanus.common.manifest.ManifestEdit.Step;
import io.elanus.common.manifest.ManifestEdit.Swap;
import io.elanus.common.manifest.SegmentEntry;
import io.elanus.common.manifest.Staged;
import io.elanus.common.model.IndexId;
import io.elanus.common.model.SegmentId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// What edits do to a manifest's lists. Pure.
///
/// ```
/// s1 []  s2 [i7]                     add i9 to s2        s1 []  s2 [i7 i9]
/// s1 s2 s3                           replace s1 s2, s4   s3 s4
/// s1 s2 s3                           stage s1 s2, s4     s1 s2 s3, staged [s1 s2 -> s4]
/// s1 s2 s3, staged [s1 s2 -> s4]     swap s1 s2          s3 s4
/// ```
final class ManifestEdits {
  /// The lists of a manifest that edits change.
  record Lists(List<SegmentEntry> segments, List<Staged> staged) {
    Lists {
      segments = List.copyOf(segments);
      staged = List.copyOf(staged);
    }

    static Lists of(Manifest manifest) {
      return new Lists(manifest.segments(), manifest.staged());
    }

    Stream<SegmentEntry> all() {
      return Stream.concat(
          segments.stream(), staged.stream().flatMap(batch -> batch.segments().stream()));
    }
  }

  private ManifestEdits() {}

  /// Whether everything of `edit` is there already, by an earlier worker's hand.
  static boolean isDone(Lists lists, ManifestEdit edit) {
    return edit.steps().stream().allMatch(step -> isDone(lists, step));
  }

  private static boolean isDone(Lists lists, Step step) {
    return switch (step) {
      case AddIndex add ->
          lists.all().anyMatch(s -> s.id().equals(add.segment()) && has(s, add.index().index()));
      case RaiseApplied raise ->
          lists.segments().stream()
              .anyMatch(s ->
                  s.id().equals(raise.segment()) && s.appliedThrough() >= raise.appliedThrough());
      case Replace _, Swap _, Seed _ -> false;
    };
  }

  private static boolean has(SegmentEntry segment, IndexId index) {
    return segment.indexes().stream().anyMatch(entry -> entry.index().equals(index));
  }

  /// The lists after `edit`; empty when something that it needs is not there.
  static Optional<Lists> apply(Lists lists, ManifestEdit edit) {
    Optional<Lists> next = Optional.of(lists);
    for (Step step : edit.steps()) {
      next = next.flatMap(now -> apply(now, step));
    }
    return next;
  }

  private static Optional<Lists> apply(Lists lists, Step step) {
    return switch (step) {
      case AddIndex add -> addIndex(lists, add);
      case Replace replace -> replace(lists, replace);
      case Swap swap -> swap(lists, swap);
      case RaiseApplied raise -> raise(lists, raise);
      case Seed _ -> Optional.empty(); // there is a manifest already
    };
  }

  private static Optional<Lists> addIndex(Lists lists, AddIndex add) {
    if (lists.all().noneMatch(segment -> segment.id().equals(add.segment()))) {
      return Optional.empty();
    }
    List<Staged> staged =
        lists.staged().stream()
            .map(batch -> new Staged(batch.replaces(), withIndex(batch.segments(), add)))
            .toList();
    return Optional.of(new Lists(withIndex(lists.segments(), add), staged));
  }

  private static List<SegmentEntry> withIndex(List<SegmentEntry> segments, AddIndex add) {
    return segments.stream()
        .map(segment ->
            segment.id().equals(add.segment()) ? withIndex(segment, add.index()) : segment)
        .toList();
  }

  /// A field has one index: what an earlier definition left is replaced.
  private static SegmentEntry withIndex(SegmentEntry segment, IndexEntry added) {
    Stream<IndexEntry> others =
        segment.indexes().stream().filter(index -> index.fieldId() != added.fieldId());
    return segment.withIndexes(Stream.concat(others, Stream.of(added)).toList());
  }

  private static Optional<Lists> replace(Lists lists, Replace replace) {
    if (!hasAll(lists, replace.removed()) || isStagedFor(lists, replace.removed())) {
      return Optional.empty();
    }
    if (replace.staged()) {
      List<Staged> staged = new ArrayList<>(lists.staged());
      staged.add(new Staged(replace.removed(), replace.added()));
      return Optional.of(new Lists(lists.segments(), staged));
    }
    return Optional.of(
        new Lists(replaced(lists.segments(), replace.removed(), replace.added()), lists.staged()));
  }

  private static Optional<Lists> swap(Lists lists, Swap swap) {
    Optional<Staged> batch =
        lists.staged().stream().filter(b -> b.replacesExactly(swap.removed())).findFirst();
    if (batch.isEmpty() || !hasAll(lists, swap.removed())) {
      return Optional.empty();
    }
    List<Staged> others = lists.staged().stream().filter(b -> !b.equals(batch.get())).toList();
    return Optional.of(
        new Lists(replaced(lists.segments(), swap.removed(), batch.get().segments()), others));
  }

  private static Optional<Lists> raise(Lists lists, RaiseApplied raise) {
    if (!hasAll(lists, List.of(raise.segment()))) {
      return Optional.empty();
    }
    return Optional.of(
        new Lists(
            lists.segments().stream()
                .map(segment ->
                    segment.id().equals(raise.segment())
                            && segment.appliedThrough() < raise.appliedThrough()
                        ? segment.withAppliedThrough(raise.appliedThrough())
                        : segment)
                .toList(),
            lists.staged()));
  }

  private static boolean hasAll(Lists lists, List<SegmentId> ids) {
    Set<SegmentId> there = new HashSet<>();
    lists.segments().forEach(segment -> there.add(segment.id()));
    return there.containsAll(ids);
  }

  private static boolean isStagedFor(Lists lists, List<SegmentId> ids) {
    return lists.staged().stream()
        .anyMatch(batch -> batch.replaces().stream().anyMatch(ids::contains));
  }

  private static List<SegmentEntry> replaced(
      List<SegmentEntry> segments, List<SegmentId> removed, List<SegmentEntry> added) {
    return Stream.concat(
            segments.stream().filter(segment -> !removed.contains(segment.id())), added.stream())
        .sorted(Comparator.comparing(SegmentEntry::id))
        .toList();
  }

  /// The delete files that some segment may still need.
  static List<DeleteFileEntry> needed(Lists lists, List<DeleteFileEntry> files) {
    return files.stream().filter(file -> isNeeded(lists, file.maxVersion())).toList();
  }

  /// Whether some segment may need deletes of `version` and below: one with older rows that has not applied
  /// them.
  static boolean isNeeded(Lists lists, long version) {
    return lists
        .all()
        .anyMatch(segment -> segment.appliedThrough() < version && segment.minVersion() < version);
  }

  /// Without what is staged for segments that are gone: it can never be swapped in.
  static Lists withoutOrphans(Lists lists) {
    return new Lists(
        lists.segments(),
        lists.staged().stream().filter(batch -> hasAll(lists, batch.replaces())).toList());
  }

  static List<Long> remember(List<Long> recentEdits, long edit) {
    List<Long> remembered = new ArrayList<>(recentEdits);
    remembered.add(edit);
    int surplus = Math.max(0, remembered.size() - Manifest.RECENT_EDITS);
    return List.copyOf(remembered.subList(surplus, remembered.size()));
  }
}
