package io.elanus.datanode;

import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import io.elanus.common.manifest.Checkpoint;
import io.elanus.common.manifest.ManifestStore;
import io.elanus.common.manifest.ManifestStore.Current;
import io.elanus.common.manifest.ShardPointerCodec;
import io.elanus.common.meta.MetaKeys;
import io.elanus.common.meta.MetaStore;
import io.elanus.common.meta.MetaStore.Change;
import io.elanus.common.meta.MetaStore.CommitOutcome;
import io.elanus.common.meta.MetaStore.Condition;
import io.elanus.common.meta.MetaStore.MetaEntry;
import io.elanus.common.model.Collection;
import io.elanus.common.model.CollectionId;
import io.elanus.common.model.ShardId;
import io.elanus.common.wal.LogId;
import io.elanus.common.wal.Position;
import io.elanus.common.wal.Wal;
import io.elanus.rpc.codec.CatalogCodec;
import io.elanus.rpc.codec.FloorCodec;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/// The shards of one log at its owner, and the log's floor. Used under the turn of its [LogOwner].
///
/// A shard appears when its pointer is found at start, or with its first record. The floor is the position
/// below which every shard's records are in its manifest; who takes up a shard without a checkpoint starts
/// there.
final class OwnedShards {
  private final MetaStore meta;
  private final Wal wal;
  private final ManifestStore manifests;

  private final Map<ShardId, OwnedShard> shards = new TreeMap<>();

  /// Collections that are not in the catalog: their records mean nothing any more.
  private final Set<CollectionId> gone = new HashSet<>();

  private LogId log = new LogId(0);
  private Position floor = new Position(0, 0);
  private Optional<Long> floorRevision = Optional.empty();

  OwnedShards(MetaStore meta, Wal wal, ManifestStore manifests) {
    this.meta = meta;
    this.wal = wal;
    this.manifests = manifests;
  }

  /// Forgets everything and takes up what is committed.
  ///
  /// @return where to read the log from
  Position recover(LogId ownedLog) {
    log = ownedLog;
    shards.clear();
    gone.clear();
    Optional<MetaEntry> stored = meta.get(MetaKeys.floor(log));
    floorRevision = stored.map(MetaEntry::revision);
    floor = stored.map(FloorCodec::decode).orElseGet(() -> wal.start(log));
    for (MetaEntry entry : meta.range(MetaKeys.POINTERS).entries()) {
      recover(ShardPointerCodec.decode(entry.value()).shard());
    }
    return floor;
  }

  private void recover(ShardId shard) {
    catalog(shard.collection())
        .filter(collection -> collection.log(shard).equals(log))
        .ifPresent(collection ->
            manifests.newest(shard).ifPresent(current -> put(shard, collection, current)));
  }

  private void put(ShardId shard, Collection collection, Current current) {
    Checkpoint start = current.manifest().checkpoint();
    shards.put(shard, new OwnedShard(shard, collection.schema(), start, Optional.of(current)));
  }

  List<OwnedShard> all() {
    return List.copyOf(shards.values());
  }

  Optional<OwnedShard> find(ShardId shard) {
    return Optional.ofNullable(shards.get(shard));
  }

  /// The shard, which begins at `position` when it was not known; empty when its collection is gone.
  Optional<OwnedShard> findOrAdopt(ShardId shard, Position position) {
    OwnedShard known = shards.get(shard);
    if (known != null || gone.contains(shard.collection())) {
      return Optional.ofNullable(known);
    }
    Optional<OwnedShard> adopted =
        catalog(shard.collection())
            .map(c ->
                new OwnedShard(shard, c.schema(), Checkpoint.start(position), Optional.empty()));
    adopted.ifPresentOrElse(owned -> shards.put(shard, owned), () -> gone.add(shard.collection()));
    return adopted;
  }

  /// A shard whose drop was applied holds nothing and keeps no floor down; what it had in the bucket is
  /// no business of the owner.
  void forgetIfDropped(ShardId shard) {
    if (find(shard).filter(OwnedShard::isDropped).isPresent()) {
      shards.remove(shard);
      gone.add(shard.collection());
    }
  }

  long unflushedRows(CollectionId collection) {
    return shardsOf(collection).mapToLong(shard -> shard.tail().rowCount()).sum();
  }

  /// Held by all tails of the log.
  long tailBytes() {
    return shards.values().stream().mapToLong(shard -> shard.tail().sizeBytes()).sum();
  }

  Position floor() {
    return floor;
  }

  /// Commits a floor as high as the shards allow, and lets the log forget what lay below the former one:
  /// leaders that follow the log closely keep their place.
  void raiseFloor(Ownership ownership, Position applied) {
    Position lowest =
        shards.values().stream()
            .flatMap(shard -> shard.dirt().stream())
            .map(OwnedShard.Dirt::from)
            .reduce(applied, (a, b) -> a.isBefore(b) ? a : b);
    boolean flushedSince = shards.values().stream().anyMatch(s -> hasCheckpointAbove(s, floor));
    if (!floor.isBefore(lowest) || !flushedSince) {
      return;
    }
    Position former = floor;
    commitFloor(ownership, lowest);
    wal.trim(log, former);
  }

  /// Spares a commit per batch: the floor moves when a flush has moved a checkpoint.
  private static boolean hasCheckpointAbove(OwnedShard shard, Position position) {
    return shard.current().isPresent() && position.isBefore(shard.checkpoint().position());
  }

  private void commitFloor(Ownership ownership, Position next) {
    String key = MetaKeys.floor(log);
    Condition unchanged =
        floorRevision
            .<Condition>map(revision -> new Condition.RevisionIs(key, revision))
            .orElseGet(() -> new Condition.Absent(key));
    CommitOutcome outcome =
        meta.commit(
            "floor/%s/%d/%s".formatted(log, ownership.epoch(), next),
            List.of(unchanged, ownership.stillHeld()),
            List.of(new Change.Put(key, FloorCodec.encode(next, ownership.epoch()))));
    switch (outcome) {
      case CommitOutcome.Committed committed -> {
        floorRevision = Optional.of(committed.revision());
        floor = next;
      }
      case CommitOutcome.Conflict _ ->
          throw ErrorCode.LEADERSHIP_LOST.because("log %s has another owner", log);
      case CommitOutcome.Unknown unknown ->
          throw new DbException(
              ErrorCode.STORAGE_IO_FAILED,
              "floor of log %s not known".formatted(log),
              unknown.cause());
    }
  }

  private Stream<OwnedShard> shardsOf(CollectionId collection) {
    return shards.values().stream().filter(shard -> shard.id().collection().equals(collection));
  }

  private Optional<Collection> catalog(CollectionId collection) {
    return meta.get(MetaKeys.collection(collection)).map(CatalogCodec::collection);
  }
}
