package io.elanus.querynode;

import io.elanus.common.manifest.Manifest;
import io.elanus.common.manifest.SegmentEntry;
import io.elanus.common.model.CollectionSchema;
import io.elanus.segment.file.SegmentReader;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The open segments of a manifest. Immutable; who installs a set in a shard gives its readers away.
record SegmentSet(Map<SegmentEntry, SegmentReader> byEntry) {
  static final SegmentSet EMPTY = new SegmentSet(Map.of());

  /// The segments of `manifest`: those of this set where nothing changed, the others opened now.
  SegmentSet open(ShardFiles files, CollectionSchema schema, Optional<Manifest> manifest) {
    Map<SegmentEntry, SegmentReader> opened = new LinkedHashMap<>();
    try {
      for (SegmentEntry entry : manifest.map(Manifest::segments).orElse(List.of())) {
        SegmentReader reader = byEntry.get(entry);
        opened.put(entry, reader != null ? reader : files.open(entry, schema));
      }
    } catch (RuntimeException e) {
      new SegmentSet(opened).closeThoseNotIn(this);
      throw e;
    }
    return new SegmentSet(opened);
  }

  List<SegmentReader> readers() {
    return List.copyOf(byEntry.values());
  }

  void closeThoseNotIn(SegmentSet other) {
    byEntry.forEach((entry, reader) -> {
      if (other.byEntry.get(entry) != reader) {
        reader.close();
      }
    });
  }
}
