package io.elanus.datacoord;

import io.elanus.common.meta.MetaStore.MetaEntry;
import io.elanus.common.model.CollectionId;
import io.elanus.common.wal.Position;
import io.elanus.proto.internal.FlushMeta;
import io.elanus.proto.internal.ShardPosition;
import io.elanus.rpc.codec.CatalogCodec;
import java.util.ArrayList;
import java.util.List;

/// How far the shards of a collection reached when somebody asked for a flush. It is kept until all of
/// them have passed that: a note that is not there is done.
///
/// @param positions by shard index
/// @param timestamp of the request, from the oracle
record FlushNote(long id, CollectionId collection, List<Position> positions, long timestamp) {
  FlushNote {
    positions = List.copyOf(positions);
  }

  byte[] encode() {
    return FlushMeta.newBuilder()
        .setNoteId(id)
        .setCollectionId(collection.value())
        .addAllPositions(shardPositions())
        .setTimestamp(timestamp)
        .build()
        .toByteArray();
  }

  static FlushNote decode(MetaEntry entry) {
    FlushMeta meta = CatalogCodec.parse(entry, FlushMeta.parser());
    return new FlushNote(
        meta.getNoteId(),
        new CollectionId(meta.getCollectionId()),
        meta.getPositionsList().stream()
            .map(p -> new Position(p.getIncarnation(), p.getOffset()))
            .toList(),
        meta.getTimestamp());
  }

  ShardPosition shardPosition(int shard) {
    return ShardPosition.newBuilder()
        .setShard(shard)
        .setIncarnation(positions.get(shard).incarnation())
        .setOffset(positions.get(shard).offset())
        .build();
  }

  private List<ShardPosition> shardPositions() {
    List<ShardPosition> all = new ArrayList<>();
    for (int shard = 0; shard < positions.size(); shard++) {
      all.add(shardPosition(shard));
    }
    return all;
  }
}
