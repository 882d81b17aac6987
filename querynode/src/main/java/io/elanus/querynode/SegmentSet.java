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
    Map<SegmentEntry, SegmentReader> opened = new ConcurrentHashMap<>();
    List<SegmentEntry> missing =
        entries.stream().filter(entry -> !byEntry.containsKey(entry)).toList();
    boolean all = false;
    try {
      opening.each(missing, Deadline.NEVER, entry -> opened.put(entry, open.apply(entry)));
      all = true;
    } finally {
      if (!all) {
        opened.values().forEach(SegmentReader::close);
      }
    }
    Map<SegmentEntry, SegmentReader> set = new LinkedHashMap<>();
    for (SegmentEntry entry : entries) {
      Optional<SegmentReader> held = Optional.ofNullable(byEntry.get(entry));
      set.put(entry, held.or(() -> Optional.ofNullable(opened.get(entry))).orElseThrow());
    }
    return new SegmentSet(set);
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
