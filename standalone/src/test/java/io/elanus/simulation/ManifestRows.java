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
import java.util.HashMap;
import java.util.List;
import java.util.Map;

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
    Removals removals = new Removals(deletes(manifest));
    long expired = manifest.checkpoint().expiry().through(at);
    for (SegmentEntry segment : segmentsOf) {
      for (Row row : segments.rows(segment, schema)) {
        if (row.version() <= at && row.version() > expired && !removals.remove(row, at)) {
          visible.add(row);
        }
      }
    }
    return visible;
  }

  /// Deletes by the key they name; those that name none apart.
  private static final class Removals {
    private final Map<Long, List<Deletes>> byKey = new HashMap<>();
    private final List<Deletes> ofEveryKey = new ArrayList<>();

    Removals(List<Deletes> deletes) {
      for (Deletes some : deletes) {
        if (some.keys().isEmpty()) {
          ofEveryKey.add(some);
        } else {
          for (long key : ((Int64Column) some.keys().get()).values()) {
            byKey.computeIfAbsent(key, _ -> new ArrayList<>()).add(some);
          }
        }
      }
    }

    boolean remove(Row row, long at) {
      return anyRemoves(ofEveryKey, row, at)
          || anyRemoves(byKey.getOrDefault(row.key(), List.of()), row, at);
    }

    private static boolean anyRemoves(List<Deletes> deletes, Row row, long at) {
      for (Deletes some : deletes) {
        if (row.version() < some.version()
            && some.version() <= at
            && row.version() <= some.upTo()
            && some.touches(row.partition())) {
          return true;
        }
      }
      return false;
    }
  }
}
