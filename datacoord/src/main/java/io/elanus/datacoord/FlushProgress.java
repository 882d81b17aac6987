package io.elanus.datacoord;

import io.elanus.common.manifest.ShardPointer;
import io.elanus.common.meta.MetaKeys;
import io.elanus.common.meta.MetaStore;
import io.elanus.common.model.Collection;
import io.elanus.common.model.CollectionId;
import io.elanus.common.model.CollectionState;
import io.elanus.common.model.ShardId;
import io.elanus.common.wal.LogId;
import io.elanus.common.wal.Position;
import io.elanus.rpc.codec.CatalogCodec;
import io.elanus.rpc.codec.FloorCodec;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Whether shards have passed what a flush asked for, read from the store at that moment. A shard has
/// when its manifest covers it (of a halted shard: with its spill), or when the floor of its log has: below
/// the floor nobody needs the log. Before the first position of a log there is nothing to flush.
final class FlushProgress {
  private final MetaStore meta;
  private final ShardManifests manifests;

  FlushProgress(MetaStore meta, ShardManifests manifests) {
    this.meta = meta;
    this.manifests = manifests;
  }

  boolean isDone(FlushNote note) {
    return behind(note).isEmpty();
  }

  /// Indexes of the shards that have not passed the note yet; none when the collection is gone.
  List<Integer> behind(FlushNote note) {
    Optional<Collection> collection = find(note.collection());
    if (collection.isEmpty()) {
      return List.of();
    }
    Map<ShardId, ShardPointer> pointers =
        manifests.pointers(note.collection()).stream()
            .collect(Collectors.toMap(ShardPointer::shard, Function.identity()));
    return IntStream.range(0, note.positions().size())
        .filter(i -> !hasPassed(collection.get(), pointers, collection.get().shard(i), note))
        .boxed()
        .toList();
  }

  private boolean hasPassed(
      Collection collection, Map<ShardId, ShardPointer> pointers, ShardId shard, FlushNote note) {
    Position wanted = note.positions().get(shard.index());
    ShardPointer pointer = pointers.get(shard);
    return wanted.offset() == 0
        || (pointer != null && reaches(pointer.covered(), wanted))
        || floor(collection.log(shard)).filter(floor -> reaches(floor, wanted)).isPresent();
  }

  /// A position of another incarnation is in another log, and reaches nothing.
  private static boolean reaches(Position position, Position wanted) {
    return position.incarnation() == wanted.incarnation() && position.isAtOrAfter(wanted);
  }

  private Optional<Position> floor(LogId log) {
    return meta.get(MetaKeys.floor(log)).map(FloorCodec::decode);
  }

  private Optional<Collection> find(CollectionId id) {
    return meta.get(MetaKeys.collection(id))
        .map(CatalogCodec::collection)
        .filter(collection -> collection.state() == CollectionState.ACTIVE);
  }
}
