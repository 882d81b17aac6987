package io.elanus.simulation;

import io.elanus.common.manifest.Checkpoint;
import io.elanus.common.manifest.Manifest;
import io.elanus.common.manifest.MarkPoint;
import io.elanus.common.manifest.SegmentEntry;
import io.elanus.common.manifest.Staged;
import io.elanus.common.manifest.WriterWindow;
import io.elanus.common.model.CollectionSchema;
import io.elanus.common.model.Pin;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// Holds a manifest against the replay of the log up to its checkpoint (invariants 2, 4, 13, 16).
final class ReplayChecks {
  private final LogHistory history;
  private final CatalogChecks catalog;
  private final ManifestRows rows;
  private long pinnedCount;

  ReplayChecks(LogHistory history, CatalogChecks catalog, ManifestRows rows) {
    this.history = history;
    this.catalog = catalog;
    this.rows = rows;
  }

  /// The manifest's rows are those of the replay up to its checkpoint, and it remembers the same.
  void check(Manifest manifest, CollectionSchema schema, List<Pin> pins) {
    Checkpoint checkpoint = manifest.checkpoint();
    long offset = checkpoint.position().offset();
    history.catchUp(catalog.log(manifest.shard()));
    ShardModel model = history.model(manifest.shard());
    Violation.unless(
        model.versionBelow(offset) == checkpoint.version(),
        "2: shard %s: version %d at checkpoint %d, replay says %d",
        manifest.shard(),
        checkpoint.version(),
        offset,
        model.versionBelow(offset));
    Violation.unless(
        model.ddlSequenceBelow(offset) == checkpoint.ddlSequence(),
        "16: shard %s: DDL sequence %d at checkpoint %d, replay says %d",
        manifest.shard(),
        checkpoint.ddlSequence(),
        offset,
        model.ddlSequenceBelow(offset));
    Map<Long, List<Long>> windows = new TreeMap<>();
    for (WriterWindow w : checkpoint.writers()) {
      windows.put(w.writer(), List.of(w.newest(), w.met(), w.lastVersion()));
    }
    Map<Long, List<Long>> expected = model.windowsBelow(offset);
    Violation.unless(
        windows.equals(expected),
        "2: shard %s: repeat windows %s at checkpoint %d, replay says %s",
        manifest.shard(),
        windows,
        offset,
        expected);
    checkPins(manifest, model, pins);
    Set<Long> readAt = new TreeSet<>(List.of(checkpoint.horizon(), checkpoint.version()));
    checkpoint.marks().forEach(mark -> readAt.add(mark.version()));
    for (long at : readAt) {
      String found = ShardModel.describe(rows.visible(manifest, manifest.segments(), schema, at));
      String wanted = ShardModel.describe(model.visible(at));
      Violation.unless(
          found.equals(wanted),
          "4: shard %s: manifest %d with checkpoint %d at version %d\n holds    %s\n replay is %s",
          manifest.shard(),
          manifest.version(),
          offset,
          at,
          found,
          wanted);
    }
    checkStaged(manifest, schema);
  }

  /// What is pinned when a manifest is committed is readable by it (13).
  private void checkPins(Manifest manifest, ShardModel model, List<Pin> pins) {
    Checkpoint checkpoint = manifest.checkpoint();
    for (Pin pin : pins) {
      Optional<ShardModel.Met> met =
          model.mark(pin.mark()).filter(m -> m.offset() < checkpoint.position().offset());
      if (met.isPresent()) {
        long version = met.get().version();
        Violation.unless(
            checkpoint.horizon() <= version
                && checkpoint.marks().contains(new MarkPoint(pin.mark(), version)),
            "13: shard %s: manifest %d has horizon %d and marks %s, %d is pinned at %d",
            manifest.shard(),
            manifest.version(),
            checkpoint.horizon(),
            checkpoint.marks(),
            pin.mark(),
            version);
        pinnedCount++;
      }
    }
  }

  /// What is staged has the rows of what it is to replace.
  private void checkStaged(Manifest manifest, CollectionSchema schema) {
    long at = manifest.checkpoint().horizon();
    for (Staged batch : manifest.staged()) {
      List<SegmentEntry> replaced =
          manifest.segments().stream()
              .filter(segment -> batch.replaces().contains(segment.id()))
              .toList();
      String found = ShardModel.describe(rows.visible(manifest, batch.segments(), schema, at));
      String wanted = ShardModel.describe(rows.visible(manifest, replaced, schema, at));
      Violation.unless(
          replaced.size() == batch.replaces().size() && found.equals(wanted),
          "4: shard %s: manifest %d stages\n  %s\n in the place of %s\n  %s",
          manifest.shard(),
          manifest.version(),
          found,
          batch.replaces(),
          wanted);
    }
  }

  /// Marks that were pinned when a manifest was committed, over all manifests.
  long pinnedCount() {
    return pinnedCount;
  }
}
