package io.elanus.datanode;

import io.elanus.common.manifest.IndexEntry;
import io.elanus.common.manifest.Manifest;
import io.elanus.common.manifest.ManifestEdit;
import io.elanus.common.manifest.ManifestEdit.AddIndex;
import io.elanus.common.manifest.SegmentEntry;
import io.elanus.common.model.IndexId;
import io.elanus.common.model.SegmentId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// What edits do to a manifest's lists. Pure.
///
/// ```
/// s1 []  s2 [i7]      add i9 to s2      s1 []  s2 [i7 i9]
/// ```
final class ManifestEdits {
  private ManifestEdits() {}

  /// Whether everything of `edit` is there already, by an earlier worker's hand.
  static boolean isDone(List<SegmentEntry> segments, ManifestEdit edit) {
    return edit.addIndexes().stream()
        .allMatch(add ->
            segments.stream()
                .anyMatch(s -> s.id().equals(add.segment()) && has(s, add.index().index())));
  }

  private static boolean has(SegmentEntry segment, IndexId index) {
    return segment.indexes().stream().anyMatch(entry -> entry.index().equals(index));
  }

  /// The segments after `edit`; empty when one that it needs is not there.
  static Optional<List<SegmentEntry>> apply(List<SegmentEntry> segments, ManifestEdit edit) {
    Map<SegmentId, SegmentEntry> byId = new LinkedHashMap<>();
    segments.forEach(segment -> byId.put(segment.id(), segment));
    for (AddIndex add : edit.addIndexes()) {
      SegmentEntry segment = byId.get(add.segment());
      if (segment == null) {
        return Optional.empty();
      }
      byId.put(add.segment(), withIndex(segment, add.index()));
    }
    return Optional.of(List.copyOf(byId.values()));
  }

  /// A field has one index: what an earlier definition left is replaced.
  private static SegmentEntry withIndex(SegmentEntry segment, IndexEntry added) {
    Stream<IndexEntry> others =
        segment.indexes().stream().filter(index -> index.fieldId() != added.fieldId());
    return segment.withIndexes(Stream.concat(others, Stream.of(added)).toList());
  }

  static List<Long> remember(List<Long> recentEdits, long edit) {
    List<Long> remembered = new ArrayList<>(recentEdits);
    remembered.add(edit);
    int surplus = Math.max(0, remembered.size() - Manifest.RECENT_EDITS);
    return List.copyOf(remembered.subList(surplus, remembered.size()));
  }
}
