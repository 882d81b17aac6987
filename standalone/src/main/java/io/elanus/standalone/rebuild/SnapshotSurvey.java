package io.elanus.standalone.rebuild;

import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import io.elanus.common.manifest.FileRef;
import io.elanus.common.manifest.Manifest;
import io.elanus.common.manifest.ManifestCodec;
import io.elanus.common.model.CollectionId;
import io.elanus.common.model.Snapshot;
import io.elanus.common.object.ObjectKey;
import io.elanus.common.object.ObjectLayout;
import io.elanus.common.object.ObjectStore;
import io.elanus.rpc.codec.SnapshotCodec;
import java.util.ArrayList;
import java.util.List;

/// Reads the snapshots of a collection, and looks whether all they name is there. One that is not whole may have been
/// dropped, and its files swept, before its object was deleted.
final class SnapshotSurvey {
  private static final int PAGE = 1_000;

  private final ObjectStore objects;
  private final ObjectCheck check;
  private final List<Snapshot> whole = new ArrayList<>();
  private final List<String> damaged = new ArrayList<>();

  SnapshotSurvey(ObjectStore objects, ObjectCheck check) {
    this.objects = objects;
    this.check = check;
  }

  /// Those of which nothing is missing.
  List<Snapshot> whole() {
    return whole;
  }

  /// A sentence for each of the others.
  List<String> damaged() {
    return damaged;
  }

  void read(CollectionId collection) {
    List<ObjectKey> page;
    String after = "";
    do {
      page = objects.list(ObjectLayout.snapshots(collection), after, PAGE);
      page.forEach(this::look);
      after = page.isEmpty() ? after : page.getLast().value();
    } while (page.size() == PAGE);
  }

  private void look(ObjectKey key) {
    try {
      Snapshot snapshot = SnapshotCodec.decodeObject(objects.read(key));
      List<FileRef> files = new ArrayList<>();
      for (Snapshot.Image image : snapshot.shards()) {
        Manifest manifest = ManifestCodec.decode(objects.read(image.manifest()));
        files.addAll(manifest.files());
      }
      List<String> problems = check.problems(files);
      if (problems.isEmpty()) {
        whole.add(snapshot);
      } else {
        damaged.add("%s: %s".formatted(key, String.join("; ", problems)));
      }
    } catch (DbException e) {
      if (e.code() != ErrorCode.CORRUPT && e.code() != ErrorCode.STORAGE_KEY_NOT_FOUND) {
        throw e;
      }
      damaged.add("%s: %s".formatted(key, e.text()));
    }
  }
}
