package io.elanus.datacoord;

import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import io.elanus.common.manifest.Manifest;
import io.elanus.common.manifest.ManifestCodec;
import io.elanus.common.manifest.ShardPointer;
import io.elanus.common.manifest.ShardPointerCodec;
import io.elanus.common.meta.MetaKeys;
import io.elanus.common.meta.MetaStore;
import io.elanus.common.model.CollectionId;
import io.elanus.common.object.ObjectKey;
import io.elanus.common.object.ObjectStore;
import io.elanus.common.run.Gate;
import io.elanus.common.run.Run;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What shards are made of, through their pointers. Manifests never change, so those read last are kept.
final class ShardManifests {
  /// At some hundred bytes per segment this is tens of MiB for the largest manifests.
  private static final int MAX_CACHED = 512;

  /// A manifest may be swept between the read of its pointer and its own: then there is a newer one.
  private static final int MAX_TRIES = 3;

  private final MetaStore meta;
  private final ObjectStore objects;
  private final Gate gate;

  // guarded by gate, least recently used first
  private final Map<ObjectKey, Manifest> cached =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<ObjectKey, Manifest> eldest) {
          return size() > MAX_CACHED;
        }
      };

  ShardManifests(Run run, MetaStore meta, ObjectStore objects) {
    this.meta = meta;
    this.objects = objects;
    this.gate = run.gate();
  }

  /// The pointers of the collection's shards that have one, now, in the order of the shards.
  List<ShardPointer> pointers(CollectionId collection) {
    return meta.range(MetaKeys.pointers(collection)).entries().stream()
        .map(entry -> ShardPointerCodec.decode(entry.value()))
        .toList();
  }

  /// The newest manifests of the collection's shards that have one.
  List<Manifest> newest(CollectionId collection) {
    for (int tries = 1; ; tries++) {
      try {
        List<Manifest> manifests = new ArrayList<>();
        pointers(collection).forEach(pointer -> manifests.add(read(pointer.manifest())));
        return manifests;
      } catch (DbException e) {
        if (e.code() != ErrorCode.STORAGE_KEY_NOT_FOUND || tries == MAX_TRIES) {
          throw e;
        }
      }
    }
  }

  Manifest read(ObjectKey key) {
    Optional<Manifest> kept = gate.read(() -> Optional.ofNullable(cached.get(key)));
    return kept.orElseGet(() -> fetch(key));
  }

  private Manifest fetch(ObjectKey key) {
    Manifest manifest = ManifestCodec.decode(objects.read(key));
    gate.change(() -> cached.put(key, manifest));
    return manifest;
  }
}
