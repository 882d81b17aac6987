package io.elanus.rpc.codec;

import io.elanus.common.format.Format;
import io.elanus.common.meta.MetaStore.MetaEntry;
import io.elanus.common.model.Snapshot;
import io.elanus.common.model.Snapshot.Image;
import io.elanus.common.object.ObjectKey;
import io.elanus.proto.internal.ShardImageMeta;
import io.elanus.proto.internal.SnapshotMeta;

/// Snapshots, as the metastore keeps them and as roles tell each other.
///
/// In the bucket each is an object of its own (docs/formats/snapshot.md):
///
/// ```
/// magic "ELSN", version 1
/// count of bytes (varint), the metastore's entry
/// CRC32C (4)
/// ```
public final class SnapshotCodec {
  private static final Format FORMAT = new Format("snapshot", "ELSN", 1);

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

  /// The bytes of its object in the bucket.
  public static byte[] encodeObject(Snapshot snapshot) {
    byte[] entry = encode(snapshot).toByteArray();
    return FORMAT.encode(
        entry.length + 8,
        out -> {
          out.varint(entry.length);
          out.bytes(entry);
        });
  }

  /// @throws io.elanus.common.error.DbException `CORRUPT`
  public static Snapshot decodeObject(byte[] bytes) {
    byte[] entry = FORMAT.decode(bytes, in -> in.bytes(in.count(1)));
    return snapshot(new MetaEntry("of a snapshot", entry, 0));
  }

  /// @throws io.elanus.common.error.DbException `CORRUPT`
  public static Snapshot snapshot(MetaEntry entry) {
    return decode(CatalogCodec.parse(entry, SnapshotMeta.parser()));
  }
}
