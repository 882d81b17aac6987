package io.elanus.common.object;

import io.elanus.common.model.CollectionId;
import io.elanus.common.model.IndexId;
import io.elanus.common.model.SegmentId;
import io.elanus.common.model.ShardId;
import io.elanus.common.wal.LogId;
import io.elanus.common.wal.Position;
import java.util.Optional;
import java.util.OptionalLong;

/// Makes every key of the bucket (docs/formats/bucket-keys.md). A shard's objects share a prefix that
/// begins with a hash, so that object stores which partition by prefix spread the load.
///
/// ```
/// <hash>/c<collection>/s<shard>/manifest/<epoch>-<version>-<attempt>.manifest
/// <hash>/c<collection>/s<shard>/segment/<segment>.parquet
/// <hash>/c<collection>/s<shard>/index/<segment>-<index>-<attempt>.index
/// <hash>/c<collection>/s<shard>/delete/<file>.delete
/// <hash>/c<collection>/snapshot/<snapshot>.snapshot
/// catalog/<timestamp>-<incarnation>.catalog
/// probe/<id>
/// <hash>/c<collection>/s<shard>/spill/<file>.spill
/// stray/<log>/<incarnation>-<offset>.record
/// ```
public final class ObjectLayout {
  /// The prefix of all exports of the catalog.
  public static final String CATALOG = "catalog/";

  private ObjectLayout() {}

  /// Version and attempt are written with leading zeros so that names sort by age.
  public static ObjectKey manifest(ShardId shard, long epoch, long version, long attempt) {
    return key(shard, "manifest/%016x-%016x-%016x.manifest".formatted(epoch, version, attempt));
  }

  public static ObjectKey segment(ShardId shard, SegmentId segment) {
    return key(shard, "segment/%016x.parquet".formatted(segment.value()));
  }

  public static ObjectKey index(ShardId shard, SegmentId segment, IndexId index, long attempt) {
    return key(
        shard, "index/%016x-%016x-%016x.index".formatted(segment.value(), index.value(), attempt));
  }

  public static ObjectKey deletes(ShardId shard, long file) {
    return key(shard, "delete/%016x.delete".formatted(file));
  }

  /// What a snapshot names, for those who lost the metastore.
  public static ObjectKey snapshot(CollectionId collection, long snapshot) {
    return new ObjectKey(snapshots(collection) + "%016x.snapshot".formatted(snapshot));
  }

  /// The prefix of a collection's snapshots.
  public static String snapshots(CollectionId collection) {
    return prefix(collection) + "snapshot/";
  }

  /// An export of the catalog. The timestamp comes first, so that names sort by age also across a rebuild, which
  /// begins a new incarnation but goes on with timestamps.
  public static ObjectKey catalog(long timestamp, long incarnation) {
    return new ObjectKey(CATALOG + "%016x-%016x.catalog".formatted(timestamp, incarnation));
  }

  /// The prefix of a shard's manifests.
  public static String manifests(ShardId shard) {
    return prefix(shard) + "manifest/";
  }

  /// An object that comes and goes when a process finds out whether the bucket can be used.
  ///
  /// @param id unlike any other
  public static ObjectKey probe(long id) {
    return new ObjectKey("probe/%016x".formatted(id));
  }

  public static ObjectKey spill(ShardId shard, long file) {
    return key(shard, "spill/%016x.spill".formatted(file));
  }

  /// Bytes of a log that are no record of any shard.
  public static ObjectKey stray(LogId log, Position position) {
    return new ObjectKey(
        "stray/%s/%016x-%016x.record".formatted(log, position.incarnation(), position.offset()));
  }

  /// The id that whoever wrote an object of a shard had drawn for it: the last number of its name. Later
  /// attempts have larger ones. Empty for keys of another form.
  public static OptionalLong attempt(ObjectKey key) {
    String name = key.value().substring(key.value().lastIndexOf('/') + 1);
    int end = name.lastIndexOf('.');
    int start = Math.max(0, end - 16);
    try {
      return end - start == 16
          ? OptionalLong.of(Long.parseLong(name, start, end, 16))
          : OptionalLong.empty();
    } catch (NumberFormatException e) {
      return OptionalLong.empty();
    }
  }

  /// The collection that an object belongs to; empty for those of no collection.
  public static Optional<CollectionId> collection(ObjectKey key) {
    String[] folders = key.value().split("/", 3);
    if (folders.length < 3 || !folders[1].matches("c\\d{1,19}")) {
      return Optional.empty();
    }
    try {
      CollectionId collection = new CollectionId(Long.parseLong(folders[1].substring(1)));
      return Optional.of(collection).filter(id -> key.value().startsWith(prefix(id)));
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  /// The prefix of everything of a collection.
  public static String prefix(CollectionId collection) {
    return "%s/c%d/".formatted(hash(collection), collection.value());
  }

  /// The prefix of everything a shard owns.
  public static String prefix(ShardId shard) {
    return prefix(shard.collection()) + "s%d/".formatted(shard.index());
  }

  private static ObjectKey key(ShardId shard, String rest) {
    return new ObjectKey(prefix(shard) + rest);
  }

  private static String hash(CollectionId collection) {
    return "%04x".formatted((collection.value() * 0x9E3779B97F4A7C15L) >>> 48);
  }
}
