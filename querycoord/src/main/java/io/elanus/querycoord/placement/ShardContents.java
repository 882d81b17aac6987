package io.elanus.querycoord.placement;

import io.elanus.common.manifest.Manifest;
import io.elanus.common.manifest.SegmentEntry;
import io.elanus.common.model.LoadScope;
import io.elanus.common.model.PartitionId;
import io.elanus.common.model.SegmentId;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/// What a manifest makes of a shard, as far as placement is concerned.
///
/// @param version of the manifest; 0 of a shard that has none yet
public record ShardContents(long version, SortedMap<SegmentId, Segment> segments) {
  public static final ShardContents NOTHING = new ShardContents(0, new TreeMap<>());

  /// @param sizeBytes of its file and its indexes
  /// @param indexIds of the indexes it has
  public record Segment(
      PartitionId partition, long sizeBytes, long rowCount, List<Long> indexIds) {}

  public ShardContents {
    segments = Collections.unmodifiableSortedMap(segments);
  }

  public static ShardContents of(Manifest manifest) {
    SortedMap<SegmentId, Segment> segments = new TreeMap<>();
    for (SegmentEntry entry : manifest.segments()) {
      segments.put(entry.id(), segment(entry));
    }
    return new ShardContents(manifest.version(), segments);
  }

  private static Segment segment(SegmentEntry entry) {
    long indexBytes = entry.indexes().stream().mapToLong(index -> index.file().sizeBytes()).sum();
    return new Segment(
        entry.partition(),
        entry.file().sizeBytes() + indexBytes,
        entry.rowCount(),
        entry.indexes().stream().map(index -> index.index().value()).toList());
  }

  /// Only what `scope` serves.
  ShardContents within(LoadScope scope) {
    if (scope.servesAllPartitions()) {
      return this;
    }
    SortedMap<SegmentId, Segment> served = new TreeMap<>(segments);
    served.values().removeIf(segment -> !scope.serves(segment.partition()));
    return new ShardContents(version, served);
  }

  long sizeBytes() {
    return segments.values().stream().mapToLong(Segment::sizeBytes).sum();
  }
}
