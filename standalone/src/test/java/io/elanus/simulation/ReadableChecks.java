package io.elanus.simulation;

import io.elanus.common.format.Format;
import io.elanus.common.manifest.FileRef;
import io.elanus.common.manifest.Manifest;
import io.elanus.common.manifest.ManifestStore;
import io.elanus.common.manifest.ShardPointer;
import io.elanus.common.manifest.ShardPointerCodec;
import io.elanus.common.meta.MetaKeys;
import io.elanus.common.meta.MetaStore;
import io.elanus.common.model.CollectionId;
import io.elanus.common.model.ShardId;
import io.elanus.common.object.ObjectKey;
import io.elanus.common.object.ObjectLayout;
import io.elanus.common.object.ObjectStore;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// Holds what manifests name against what is in the bucket (invariant 8).
final class ReadableChecks {
  private final MetaStore meta;
  private final ObjectStore objects;

  /// The manifests that may be read still, by version.
  private final Map<ShardId, TreeMap<Long, Manifest>> readable = new HashMap<>();

  ReadableChecks(MetaStore meta, ObjectStore objects) {
    this.meta = meta;
    this.objects = objects;
  }

  /// @param pointer to `manifest`, which can be read from now on
  void check(ShardPointer pointer, Manifest manifest) {
    checkObjects(manifest);
    readable
        .computeIfAbsent(pointer.shard(), _ -> new TreeMap<>())
        .put(manifest.version(), manifest);
    check(pointer);
  }

  /// What readable manifests name is there (8).
  void check(ShardPointer pointer) {
    TreeMap<Long, Manifest> manifestsOf =
        readable.computeIfAbsent(pointer.shard(), _ -> new TreeMap<>());
    manifestsOf.headMap(pointer.oldestReadable()).clear();
    newestNamer(manifestsOf.values()).forEach((key, manifest) -> requireThere(manifest, key));
  }

  /// All that `manifests` name, each with the newest of those that name it: it can be read the longest.
  private static Map<ObjectKey, Manifest> newestNamer(Collection<Manifest> manifests) {
    Map<ObjectKey, Manifest> named = new LinkedHashMap<>();
    for (Manifest manifest : manifests) {
      named.put(ManifestStore.keyOf(manifest), manifest);
      manifest.files().forEach(file -> named.put(file.key(), manifest));
    }
    return named;
  }

  private void checkObjects(Manifest manifest) {
    for (FileRef file : manifest.files()) {
      requireThere(manifest, file.key());
      if (objects.size(file.key()).isEmpty()) {
        continue;
      }
      byte[] bytes = objects.read(file.key());
      Violation.unless(
          bytes.length == file.sizeBytes()
              && Format.crc32c(bytes, 0, bytes.length) == file.crc32c(),
          "8: %s is not the object that manifest %d names",
          file.key(),
          manifest.version());
    }
  }

  private void requireThere(Manifest manifest, ObjectKey key) {
    Violation.unless(
        objects.size(key).isPresent() || !isReadable(manifest),
        "8: shard %s: %s is gone, which manifest %d names",
        manifest.shard(),
        key,
        manifest.version());
  }

  /// As of now: these checks come a moment after the commit they are about.
  private boolean isReadable(Manifest manifest) {
    return meta.get(MetaKeys.collection(manifest.shard().collection())).isPresent()
        && meta.get(MetaKeys.pointer(manifest.shard()))
            .map(entry -> ShardPointerCodec.decode(entry.value()))
            .filter(pointer -> pointer.oldestReadable() <= manifest.version())
            .isPresent();
  }

  /// Objects of `collection` that nothing readable names. The newest pointers were given to [#check] just now.
  List<ObjectKey> garbage(CollectionId collection) {
    Set<ObjectKey> named = new HashSet<>();
    readable.values().forEach(all -> named.addAll(newestNamer(all.values()).keySet()));
    return objects.list(ObjectLayout.prefix(collection), "", Integer.MAX_VALUE).stream()
        .filter(key -> !named.contains(key))
        .toList();
  }
}
