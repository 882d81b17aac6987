package io.elanus.datacoord;

import io.elanus.common.manifest.Manifest;
import io.elanus.common.manifest.SegmentEntry;
import io.elanus.common.model.DataType;
import io.elanus.common.model.Field;
import io.elanus.common.model.IndexDefinition;
import io.elanus.common.model.IndexId;
import io.elanus.common.model.IndexSpec;
import io.elanus.common.model.SegmentId;
import io.elanus.common.model.ShardId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Which index files are missing: one per segment and index definition. None is built over a segment
/// of few rows, or for an index that is no structure (`FLAT`): scanning is the index then.
///
/// ```
///  segments  1: 5000 rows, v    2: 900 rows    3: 8000 rows         definitions  v HNSW, w FLAT
///  missing   (3, v)
/// ```
///
/// @param minRows of a segment that gets index files
record IndexPlan(int minRows) {
  /// As Milvus: below it, scanning is as fast as any index.
  static final int MIN_ROWS = 1_024;

  /// One file to build.
  record Missing(ShardId shard, SegmentId segment, IndexId index, long fieldId)
      implements JobBoard.Work {}

  /// In the order of the segments, staged ones last. A segment whose successor is staged gets none any more.
  ///
  /// @param definitions of indexes that have files
  List<Missing> missing(Manifest manifest, List<IndexDefinition> definitions) {
    Set<SegmentId> replaced = new HashSet<>();
    manifest.staged().forEach(batch -> replaced.addAll(batch.replaces()));
    List<Missing> missing = new ArrayList<>();
    for (SegmentEntry segment : manifest.allSegments()) {
      if (replaced.contains(segment.id())) {
        continue;
      }
      for (IndexDefinition index : definitions) {
        if (isMissing(segment, index)) {
          missing.add(new Missing(manifest.shard(), segment.id(), index.id(), index.fieldId()));
        }
      }
    }
    return missing;
  }

  /// @param index one that has files
  boolean isMissing(SegmentEntry segment, IndexDefinition index) {
    return segment.rowCount() >= minRows
        && segment.indexes().stream().noneMatch(entry -> entry.index().equals(index.id()));
  }

  /// Rows of `manifest` that wait for their index.
  long pendingRows(Manifest manifest, IndexDefinition index, Optional<Field> field) {
    if (!hasFiles(index, field)) {
      return 0;
    }
    return manifest.segments().stream()
        .filter(segment -> isMissing(segment, index))
        .mapToLong(SegmentEntry::rowCount)
        .sum();
  }

  /// @param field empty when it is not known
  static boolean hasFiles(IndexDefinition index, Optional<Field> field) {
    return IndexSpec.hasFiles(
        index.flatParams(), field.map(Field::vectorType).orElse(DataType.FLOAT_VECTOR));
  }
}
