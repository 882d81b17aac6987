package io.elanus.rpc.codec;

import io.elanus.common.meta.MetaStore.MetaEntry;
import io.elanus.common.wal.Position;
import io.elanus.proto.internal.FloorMeta;

/// The value of `floor/<log>`: no shard of the log has records below it that are not in its manifest.
public final class FloorCodec {
  private FloorCodec() {}

  /// @param epoch of the owner that commits it
  public static byte[] encode(Position floor, long epoch) {
    return FloorMeta.newBuilder()
        .setIncarnation(floor.incarnation())
        .setOffset(floor.offset())
        .setEpoch(epoch)
        .build()
        .toByteArray();
  }

  /// @throws io.elanus.common.error.DbException `CORRUPT`
  public static Position decode(MetaEntry entry) {
    FloorMeta floor = CatalogCodec.parse(entry, FloorMeta.parser());
    return new Position(floor.getIncarnation(), floor.getOffset());
  }
}
