package io.elanus.simulation;

import io.elanus.common.manifest.Manifest;
import io.elanus.common.manifest.SegmentEntry;
import io.elanus.common.model.CollectionSchema;
import io.elanus.common.model.Column.Int64Column;
import io.elanus.common.object.ObjectStore;
import io.elanus.segment.delete.DeleteFile;
import io.elanus.segment.delete.Deletes;
import io.elanus.simulation.ShardModel.Row;
import java.util.ArrayList;
import java.util.List;

/// The rows that the files of a manifest hold.
final class ManifestRows {
  private final ObjectStore objects;
  private final SegmentContents segments;

  ManifestRows(ObjectStore objects, SegmentContents segments) {
    this.objects = objects;
    this.segments = segments;
  }

  List<Deletes> deletes(Manifest manifest) {
    return manifest.deleteFiles().stream()
        .flatMap(file -> DeleteFile.read(objects.read(file.file().key())).stream())
        .toList();
  }

  /// What the manifest's files say at version `at`, by the rule of visibility.
  List<Row> visible(
      Manifest manifest, List<SegmentEntry> segmentsOf, CollectionSchema schema, long at) {
    List<Row> visible = new ArrayList<>();
    if (manifest.checkpoint().dropped()) {
      return visible;
    }
    List<Deletes> deletes = deletes(manifest);
    long expired = manifest.checkpoint().expiry().through(at);
    for (SegmentEntry segment : segmentsOf) {
      for (Row row : segments.rows(segment, schema)) {
        if (row.version() <= at
            && row.version() > expired
            && deletes.stream().noneMatch(d -> removes(d, row, at))) {
          visible.add(row);
        }
      }
    }
    return visible;
  }

  private static boolean removes(Deletes deletes, Row row, long at) {
    if (row.version() >= deletes.version()
        || deletes.version() > at
        || row.version() > deletes.upTo()) {
      return false;
    }
    if (!deletes.touches(row.partition())) {
      return false;
    }
    if (deletes.keys().isEmpty()) {
      return true;
    }
    for (long key : ((Int64Column) deletes.keys().get()).values()) {
      if (key == row.key()) {
        return true;
      }
    }
    return false;
  }
}
