package io.elanus.common.manifest;

import io.elanus.common.error.ErrorCode;
import io.elanus.common.meta.MetaKeys;
import io.elanus.common.meta.MetaStore;
import io.elanus.common.model.ShardId;
import io.elanus.common.object.ObjectKey;
import io.elanus.common.object.ObjectLayout;
import io.elanus.common.object.ObjectStore;
import java.util.Optional;

/// Reads shards' pointers and the manifests they name.
public final class ManifestStore {
  private final MetaStore meta;
  private final ObjectStore objects;

  public ManifestStore(MetaStore meta, ObjectStore objects) {
    this.meta = meta;
    this.objects = objects;
  }

  /// The newest committed manifest; empty before the shard's first.
  public Optional<Current> newest(ShardId shard) {
    return meta.get(MetaKeys.pointer(shard))
        .map(entry -> {
          ShardPointer pointer = ShardPointerCodec.decode(entry.value());
          return new Current(pointer, entry.revision(), read(pointer.manifest()));
        });
  }

  /// @throws io.elanus.common.error.DbException `CORRUPT`, `STORAGE_KEY_NOT_FOUND`
  public Manifest read(ObjectKey key) {
    Manifest manifest = ManifestCodec.decode(objects.read(key));
    if (!key.equals(keyOf(manifest))) {
      throw ErrorCode.CORRUPT.because("object %s holds the manifest %s", key, keyOf(manifest));
    }
    return manifest;
  }

  /// The key `manifest` is stored under.
  public static ObjectKey keyOf(Manifest manifest) {
    return ObjectLayout.manifest(
        manifest.shard(), manifest.epoch(), manifest.version(), manifest.attempt());
  }

  /// @param revision of the pointer's metastore entry: the condition of the next commit
  public record Current(ShardPointer pointer, long revision, Manifest manifest) {}
}
