package io.elanus.querynode;

import io.elanus.common.manifest.SegmentEntry;
import io.elanus.common.model.SegmentId;
import io.elanus.common.run.Deadline;
import io.elanus.common.run.FanOut;
import io.elanus.segment.file.SegmentReader;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/// Open segments of a manifest. Immutable; who installs a set in a shard gives its readers away.
record SegmentSet(Map<SegmentEntry, SegmentReader> byEntry) {
  static final SegmentSet EMPTY = new SegmentSet(Map.of());

  /// The segments of `entries`: those of this set where nothing changed, the others opened now.
  ///
  /// @throws RuntimeException the first failure; what was opened is closed again
  SegmentSet open(
      List<SegmentEntry> entries, FanOut opening, Function<SegmentEntry, SegmentReader> open) {
    List<SegmentEntry> missing =
        entries.stream().filter(entry -> !byEntry.containsKey(entry)).toList();
    return with(entries, opened(missing, opening, open));
  }

  /// This set with other readers of some of its segments.
  SegmentSet reopen(
      List<SegmentEntry> some, FanOut opening, Function<SegmentEntry, SegmentReader> open) {
    return with(List.copyOf(byEntry.keySet()), opened(some, opening, open));
  }

  private static Map<SegmentEntry, SegmentReader> opened(
      List<SegmentEntry> entries, FanOut opening, Function<SegmentEntry, SegmentReader> open) {
    Map<SegmentEntry, SegmentReader> opened = new ConcurrentHashMap<>();
    boolean all = false;
    try {
      opening.each(entries, Deadline.NEVER, entry -> opened.put(entry, open.apply(entry)));
      all = true;
      return opened;
    } finally {
      if (!all) {
        opened.values().forEach(SegmentReader::close);
      }
    }
  }

  private SegmentSet with(List<SegmentEntry> entries, Map<SegmentEntry, SegmentReader> opened) {
    Map<SegmentEntry, SegmentReader> set = new LinkedHashMap<>();
    for (SegmentEntry entry : entries) {
      Optional<SegmentReader> fresh = Optional.ofNullable(opened.get(entry));
      set.put(entry, fresh.or(() -> Optional.ofNullable(byEntry.get(entry))).orElseThrow());
    }
    return new SegmentSet(set);
  }

  /// Those of this set that are among `entries`.
  SegmentSet only(List<SegmentEntry> entries) {
    Map<SegmentEntry, SegmentReader> set = new LinkedHashMap<>(byEntry);
    set.keySet().retainAll(Set.copyOf(entries));
    return new SegmentSet(set);
  }

  /// Those whose files are not here.
  List<SegmentEntry> parts() {
    return byEntry.entrySet().stream()
        .filter(segment -> !segment.getValue().isWhole())
        .map(Map.Entry::getKey)
        .toList();
  }

  /// Those whose files are here.
  Set<SegmentId> wholeIds() {
    return byEntry.entrySet().stream()
        .filter(segment -> segment.getValue().isWhole())
        .map(segment -> segment.getKey().id())
        .collect(Collectors.toSet());
  }

  List<SegmentReader> readers() {
    return List.copyOf(byEntry.values());
  }

  Set<SegmentId> ids() {
    return byEntry.keySet().stream().map(SegmentEntry::id).collect(Collectors.toSet());
  }

  void closeThoseNotIn(SegmentSet other) {
    byEntry.forEach((entry, reader) -> {
      if (other.byEntry.get(entry) != reader) {
        reader.close();
      }
    });
  }
}
