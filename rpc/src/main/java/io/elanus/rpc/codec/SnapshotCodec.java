package io.elanus.rpc.codec;

import io.elanus.common.meta.MetaStore.MetaEntry;
import io.elanus.common.model.Snapshot;
import io.elanus.common.model.Snapshot.Image;
import io.elanus.common.object.ObjectKey;
import io.elanus.proto.internal.ShardImageMeta;
import io.elanus.proto.internal.SnapshotMeta;

/// Snapshots, as the metastore keeps them and as roles tell each other.
public final class SnapshotCodec {
  private SnapshotCodec() {}

  public static SnapshotMeta encode(Snapshot snapshot) {
    return SnapshotMeta.newBuilder()
        .setSnapshotId(snapshot.id())
        .setName(snapshot.name())
        .setDescription(snapshot.description())
        .setCollection(CatalogCodec.encode(snapshot.collection()))
        .addAllIndexes(snapshot.indexes().stream().map(CatalogCodec::encode).toList())
        .setMark(snapshot.mark())
        .addAllShards(snapshot.shards().stream().map(SnapshotCodec::encode).toList())
        .build();
  }

  private static ShardImageMeta encode(Image image) {
    return ShardImageMeta.newBuilder()
        .setManifestKey(image.manifest().value())
        .setVersion(image.version())
        .build();
  }

  public static Snapshot decode(SnapshotMeta meta) {
    return new Snapshot(
        meta.getSnapshotId(),
        meta.getName(),
        meta.getDescription(),
        CatalogCodec.decode(meta.getCollection()),
        meta.getIndexesList().stream().map(CatalogCodec::decode).toList(),
        meta.getMark(),
        meta.getShardsList().stream()
            .map(image -> new Image(new ObjectKey(image.getManifestKey()), image.getVersion()))
            .toList());
  }

  /// @throws io.elanus.common.error.DbException `CORRUPT`
  public static Snapshot snapshot(MetaEntry entry) {
    return decode(CatalogCodec.parse(entry, SnapshotMeta.parser()));
  }
}
