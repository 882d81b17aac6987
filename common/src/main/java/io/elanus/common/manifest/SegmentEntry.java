package io.elanus.common.manifest;

import io.elanus.common.model.PartitionId;
import io.elanus.common.model.SegmentId;
import java.util.List;

/// One segment in a manifest: an immutable set of rows of one partition, sorted by (key, version, index).
///
/// @param minVersion smallest, `maxVersion` largest effective version of its rows
/// @param appliedThrough deletes up to this version are already gone from the file
/// @param columns where each column's values lie in the file
public record SegmentEntry(
    SegmentId id,
    PartitionId partition,
    int rowCount,
    long minVersion,
    long maxVersion,
    long appliedThrough,
    FileRef file,
    List<ColumnLocation> columns,
    List<IndexEntry> indexes) {
  public SegmentEntry {
    columns = List.copyOf(columns);
    indexes = List.copyOf(indexes);
  }

  public SegmentEntry withAppliedThrough(long version) {
    return new SegmentEntry(
        id, partition, rowCount, minVersion, maxVersion, version, file, columns, indexes);
  }

  public SegmentEntry withIndexes(List<IndexEntry> newIndexes) {
    return new SegmentEntry(
        id, partition, rowCount, minVersion, maxVersion, appliedThrough, file, columns, newIndexes);
  }
}
