package io.elanus.simulation;

import io.elanus.common.manifest.IndexEntry;
import io.elanus.common.manifest.SegmentEntry;
import io.elanus.common.model.CollectionSchema;
import io.elanus.common.model.ShardId;
import io.elanus.common.object.ObjectLayout;
import io.elanus.common.object.ObjectStore;
import io.elanus.index.DenseVectors;
import io.elanus.index.VectorIndex;
import io.elanus.simulation.ShardModel.Row;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Looks into the index files that manifests name (invariant 7).
final class IndexChecks {
  private final ObjectStore objects;
  private final SegmentContents segments;

  /// Index files that were looked into.
  private final Set<String> opened = new HashSet<>();

  IndexChecks(ObjectStore objects, SegmentContents segments) {
    this.objects = objects;
    this.segments = segments;
  }

  /// Each index file was built over the rows of its segment.
  void check(ShardId shard, SegmentEntry segment, CollectionSchema schema) {
    Violation.unless(
        segment.indexes().stream().map(IndexEntry::fieldId).distinct().count()
            == segment.indexes().size(),
        "7: shard %s: segment %s has two indexes of one field",
        shard,
        segment.id());
    for (IndexEntry index : segment.indexes()) {
      String any = ObjectLayout.index(shard, segment.id(), index.index(), 0).value();
      String own = any.substring(0, any.lastIndexOf('-'));
      Violation.unless(
          index.file().key().value().startsWith(own),
          "7: shard %s: %s is named as an index of segment %s",
          shard,
          index.file().key(),
          segment.id());
      if (opened.add(index.file().key().value())) {
        open(segment, index, schema);
      }
    }
  }

  /// @throws io.elanus.index.IndexCorruptException when it is over other rows
  private void open(SegmentEntry segment, IndexEntry index, CollectionSchema schema) {
    List<Row> rows = segments.rows(segment, schema);
    float[] values = new float[rows.size() * Films.DIMENSION];
    for (int i = 0; i < rows.size(); i++) {
      rows.get(i).vector().copyTo(values, i);
    }
    try (Arena arena = Arena.ofConfined()) {
      byte[] bytes = objects.read(index.file().key());
      MemorySegment file = arena.allocate(bytes.length, 64);
      file.copyFrom(MemorySegment.ofArray(bytes));
      VectorIndex.map(file, DenseVectors.of(values, Films.DIMENSION));
    }
  }
}
