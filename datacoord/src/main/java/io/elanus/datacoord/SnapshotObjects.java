package io.elanus.datacoord;

import io.elanus.common.error.DbException;
import io.elanus.common.model.Snapshot;
import io.elanus.common.object.ObjectKey;
import io.elanus.common.object.ObjectLayout;
import io.elanus.common.object.ObjectStore;
import io.elanus.common.run.Gate;
import io.elanus.common.run.Run;
import io.elanus.rpc.codec.SnapshotCodec;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The objects of snapshots in the bucket, which a rebuild of the metastore takes them from. Each is written after its
/// snapshot is committed, and deleted before it is removed: what a leader that died in between has left out, the next one
/// makes up for.
final class SnapshotObjects {
  private static final Logger log = LoggerFactory.getLogger(SnapshotObjects.class);

  private final ObjectStore objects;
  private final Gate gate;

  // guarded by gate: ids of those that are known to be there
  private final Set<Long> there = new HashSet<>();

  SnapshotObjects(Run run, ObjectStore objects) {
    this.objects = objects;
    this.gate = run.gate();
  }

  /// Writes those that are not there. What cannot be written now is tried again by the next call.
  void keep(Collection<Snapshot> snapshots) {
    Set<Long> ids = snapshots.stream().map(Snapshot::id).collect(Collectors.toSet());
    gate.change(() -> there.retainAll(ids));
    for (Snapshot snapshot : snapshots) {
      if (!gate.read(() -> there.contains(snapshot.id()))) {
        write(snapshot);
      }
    }
  }

  private void write(Snapshot snapshot) {
    ObjectKey key = key(snapshot);
    try {
      if (objects.size(key).isEmpty()) {
        objects.create(key, SnapshotCodec.encodeObject(snapshot));
      }
      gate.change(() -> there.add(snapshot.id()));
    } catch (DbException e) {
      log.info("snapshot not in the bucket yet key={} reason={}", key, e.text());
    }
  }

  /// Of a snapshot that is about to be removed.
  void delete(Snapshot snapshot) {
    gate.change(() -> there.remove(snapshot.id()));
    objects.delete(key(snapshot));
  }

  private static ObjectKey key(Snapshot snapshot) {
    return ObjectLayout.snapshot(snapshot.of(), snapshot.id());
  }
}
