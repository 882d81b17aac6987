package io.elanus.segment.file;

import io.elanus.common.manifest.ColumnLocation;
import io.elanus.common.manifest.FileRef;
import io.elanus.common.manifest.SegmentEntry;
import io.elanus.common.model.PartitionId;
import io.elanus.common.model.SegmentId;
import io.elanus.common.object.ObjectKey;
import java.util.List;

/// What the manifest says about a segment file that was just written.
public record WrittenSegment(
    int rowCount,
    long minVersion,
    long maxVersion,
    long sizeBytes,
    int crc32c,
    List<ColumnLocation> columns) {
  public WrittenSegment {
    columns = List.copyOf(columns);
  }

  /// @param appliedThrough deletes up to this version were left out of the file
  public SegmentEntry toEntry(
      SegmentId id, PartitionId partition, ObjectKey key, long appliedThrough) {
    return new SegmentEntry(
        id,
        partition,
        rowCount,
        minVersion,
        maxVersion,
        appliedThrough,
        new FileRef(key, sizeBytes, crc32c),
        columns,
        List.of());
  }
}
