package io.elanus.datanode;

import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import io.elanus.common.manifest.Manifest;
import io.elanus.common.manifest.ManifestStore;
import io.elanus.common.meta.MetaKeys;
import io.elanus.common.model.Collection;
import io.elanus.common.model.CollectionId;
import io.elanus.common.object.ObjectKey;
import io.elanus.rpc.codec.CatalogCodec;
import io.elanus.segment.delete.DeleteFile;
import io.elanus.segment.delete.Deletes;
import java.util.Comparator;
import java.util.List;

/// What jobs of this node begin with.
record JobSource(DataNodeRole.Ports ports) {
  Manifest manifest(String key) {
    return new ManifestStore(ports.meta(), ports.objects()).read(new ObjectKey(key));
  }

  /// The manifest's deletes up to version `through`, in their order, without files that end at or before version
  /// `after`.
  List<Deletes> deletes(Manifest manifest, long after, long through) {
    return manifest.deleteFiles().stream()
        .filter(file -> file.maxVersion() > after)
        .flatMap(file -> DeleteFile.read(ports.objects().read(file.file().key()), file).stream())
        .filter(batch -> batch.version() <= through)
        .sorted(Comparator.comparingLong(Deletes::version))
        .toList();
  }

  /// @throws DbException `COLLECTION_NOT_FOUND`
  Collection collection(CollectionId id) {
    return ports
        .meta()
        .get(MetaKeys.collection(id))
        .map(CatalogCodec::collection)
        .orElseThrow(() -> ErrorCode.COLLECTION_NOT_FOUND.with("collection", id));
  }
}
