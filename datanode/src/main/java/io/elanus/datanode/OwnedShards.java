package io.elanus.datanode;

import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import io.elanus.common.error.ErrorKind;
import io.elanus.common.manifest.Checkpoint;
import io.elanus.common.manifest.Manifest;
import io.elanus.common.manifest.ManifestStore;
import io.elanus.common.manifest.ManifestStore.Current;
import io.elanus.common.manifest.ShardPointer;
import io.elanus.common.manifest.ShardPointerCodec;
import io.elanus.common.meta.MetaKeys;
import io.elanus.common.meta.MetaStore;
import io.elanus.common.meta.MetaStore.MetaEntry;
import io.elanus.common.model.Collection;
import io.elanus.common.model.CollectionId;
import io.elanus.common.model.CollectionSchema;
import io.elanus.common.model.CollectionState;
import io.elanus.common.model.PartitionId;
import io.elanus.common.model.ShardId;
import io.elanus.common.run.Deadline;
import io.elanus.common.run.FanOut;
import io.elanus.common.wal.LogId;
import io.elanus.common.wal.Position;
import io.elanus.rpc.codec.CatalogCodec;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The shards of one log at its owner. Used under the turn of its [LogOwner].
///
/// A shard appears when its pointer is found at start, or with its first record. One whose manifest or
/// files are damaged is set aside: it holds the log from where its manifest ends, and nothing else of it
/// is done until it can be read again, while the others go on.
final class OwnedShards {
  private static final Logger log = LoggerFactory.getLogger(OwnedShards.class);

  /// Manifests read at once when a log is taken over.
  private static final int PARALLEL_READS = 16;

  private final MetaStore meta;
  private final ManifestStore manifests;
  private final SpillFiles spills;
  private final FanOut fanOut;

  private final Map<ShardId, OwnedShard> shards = new TreeMap<>();

  /// Those of them that hold something to be flushed: idle ones cost nothing.
  private final Map<ShardId, OwnedShard> dirty = new TreeMap<>();

  private final Map<ShardId, SetAside> aside = new TreeMap<>();

  /// Collections that are not in the catalog: their records mean nothing any more.
  private final Set<CollectionId> gone = new HashSet<>();

  private Position floor = new Position(0, 0);

  /// @param needed the log has to keep records from here on
  record SetAside(ShardId shard, String reason, Position needed) {}

  OwnedShards(MetaStore meta, ManifestStore manifests, SpillFiles spills, FanOut fanOut) {
    this.meta = meta;
    this.manifests = manifests;
    this.spills = spills;
    this.fanOut = fanOut.atMost(PARALLEL_READS);
  }

  /// Forgets everything and takes up what is committed.
  ///
  /// @param logFloor from which the log is read
  void recover(LogId logId, Position logFloor) {
    floor = logFloor;
    shards.clear();
    dirty.clear();
    aside.clear();
    gone.clear();
    // before the catalog: a field that rows of a manifest have is in a catalog that is read later
    List<MetaEntry> pointers = meta.range(MetaKeys.POINTERS).entries();
    Map<CollectionId, Collection> catalog = new HashMap<>();
    for (MetaEntry entry : meta.range(MetaKeys.COLLECTIONS).entries()) {
      Collection collection = CatalogCodec.collection(entry);
      catalog.put(collection.id(), collection);
    }
    List<MetaEntry> mine =
        pointers.stream()
            .filter(entry -> isOf(logId, MetaKeys.pointedShard(entry.key()), catalog))
            .toList();
    fanOut.all(mine, Deadline.NEVER, this::load).forEach(loaded -> take(loaded, catalog));
  }

  private static boolean isOf(LogId logId, ShardId shard, Map<CollectionId, Collection> catalog) {
    return Optional.ofNullable(catalog.get(shard.collection()))
        .filter(collection -> collection.log(shard).equals(logId))
        .isPresent();
  }

  private sealed interface Loaded {
    record Whole(ShardId shard, Current current) implements Loaded {}

    /// @param needed what its pointer says of it; empty when that cannot be read either
    record Damaged(ShardId shard, DbException cause, Optional<Position> needed) implements Loaded {}
  }

  private Loaded load(MetaEntry entry) {
    ShardId shard = MetaKeys.pointedShard(entry.key());
    Optional<Position> covered = Optional.empty();
    try {
      ShardPointer pointer = ShardPointerCodec.decode(entry.value());
      covered = Optional.of(pointer.covered());
      Manifest manifest = manifests.read(pointer.manifest());
      return new Loaded.Whole(shard, new Current(pointer, entry.revision(), manifest));
    } catch (DbException e) {
      if (e.kind() != ErrorKind.CORRUPT) {
        throw e;
      }
      return new Loaded.Damaged(shard, e, covered);
    }
  }

  private void take(Loaded loaded, Map<CollectionId, Collection> catalog) {
    switch (loaded) {
      case Loaded.Whole(ShardId id, Current current) -> {
        Collection collection = Optional.ofNullable(catalog.get(id.collection())).orElseThrow();
        Checkpoint start = current.manifest().checkpoint();
        OwnedShard shard =
            new OwnedShard(id, collection.storedSchema(), start, Optional.of(current));
        shards.put(id, shard);
        recoverSpill(shard);
      }
      case Loaded.Damaged(ShardId id, DbException cause, Optional<Position> needed) ->
          setAside(id, cause, needed.orElse(floor));
    }
  }

  private void recoverSpill(OwnedShard shard) {
    try {
      shard.spill().ifPresent(spill -> shard.recover(spills.read(shard.id(), spill)));
      changed(shard);
    } catch (DbException e) {
      if (e.kind() != ErrorKind.CORRUPT) {
        throw e;
      }
      setAside(shard, e);
    }
  }

  /// What happened to `shard` alone must not keep the others. Its tail is given up.
  void setAside(OwnedShard shard, RuntimeException cause) {
    remove(shard.id());
    Position needed = shard.dirt().map(OwnedShard.Dirt::from).orElse(shard.covered());
    setAside(shard.id(), cause, needed);
  }

  private void setAside(ShardId shard, RuntimeException cause, Position needed) {
    Position from = needed.isAtOrAfter(floor) ? needed : floor;
    aside.put(shard, new SetAside(shard, String.valueOf(cause.getMessage()), from));
    log.error("shard set aside shard={} needs log from={}", shard, from, cause);
  }

  /// `shard` took a record, or was flushed.
  void changed(OwnedShard shard) {
    if (shard.dirt().isPresent() || shard.isRecovered()) {
      dirty.put(shard.id(), shard);
    } else {
      dirty.remove(shard.id());
    }
  }

  List<OwnedShard> all() {
    return List.copyOf(shards.values());
  }

  /// Those with something to be flushed.
  List<OwnedShard> dirty() {
    return List.copyOf(dirty.values());
  }

  List<SetAside> aside() {
    return List.copyOf(aside.values());
  }

  /// @throws DbException `CORRUPT` when the shard is set aside
  Optional<OwnedShard> find(ShardId shard) {
    requireWhole(shard);
    return Optional.ofNullable(shards.get(shard));
  }

  /// The shard, which begins at `position` when it was not known; empty when its collection is gone, or it
  /// is set aside.
  Optional<OwnedShard> findOrAdopt(ShardId shard, Position position) {
    OwnedShard known = shards.get(shard);
    if (known != null || gone.contains(shard.collection()) || aside.containsKey(shard)) {
      return Optional.ofNullable(known);
    }
    Optional<OwnedShard> adopted =
        catalog(shard.collection())
            .map(c ->
                new OwnedShard(
                    shard, c.storedSchema(), Checkpoint.start(position), Optional.empty()));
    adopted.ifPresentOrElse(owned -> shards.put(shard, owned), () -> gone.add(shard.collection()));
    return adopted;
  }

  /// What rows of the collection are stored under, if it is being restored.
  Optional<CollectionSchema> restoring(CollectionId collection) {
    return catalog(collection)
        .filter(c -> c.state() == CollectionState.RESTORING)
        .map(Collection::storedSchema);
  }

  /// A shard that begins with a manifest.
  void begin(OwnedShard shard) {
    shards.put(shard.id(), shard);
    changed(shard);
  }

  /// A shard whose drop was applied holds nothing and keeps no floor down; what it had in the bucket is
  /// no business of the owner.
  void forgetIfDropped(OwnedShard shard) {
    if (shard.isDropped()) {
      forget(shard.id());
    }
  }

  /// The shard's collection is gone.
  void forget(ShardId shard) {
    remove(shard);
    gone.add(shard.collection());
  }

  private void remove(ShardId shard) {
    shards.remove(shard);
    dirty.remove(shard);
  }

  /// @throws DbException `CORRUPT` when one of the shards is set aside
  long unflushedRows(CollectionId collection, Optional<PartitionId> partition) {
    aside.keySet().stream()
        .filter(shard -> shard.collection().equals(collection))
        .forEach(this::requireWhole);
    return shards.values().stream()
        .filter(shard -> shard.id().collection().equals(collection))
        .mapToLong(shard -> shard.unflushedRows(partition))
        .sum();
  }

  /// Held by all shards of the log.
  long sizeBytes() {
    return dirty.values().stream().mapToLong(OwnedShard::sizeBytes).sum();
  }

  /// The lowest position that some shard needs of the log, of which everything before `applied` was seen.
  Position lowestNeeded(Position applied) {
    return Stream.concat(
            dirty.values().stream().flatMap(s -> s.dirt().stream()).map(OwnedShard.Dirt::from),
            aside.values().stream().map(SetAside::needed))
        .reduce(applied, (a, b) -> a.isBefore(b) ? a : b);
  }

  private void requireWhole(ShardId shard) {
    SetAside damaged = aside.get(shard);
    if (damaged != null) {
      throw ErrorCode.CORRUPT.because("shard %s is set aside: %s", shard, damaged.reason());
    }
  }

  private Optional<Collection> catalog(CollectionId collection) {
    return meta.get(MetaKeys.collection(collection)).map(CatalogCodec::collection);
  }
}
