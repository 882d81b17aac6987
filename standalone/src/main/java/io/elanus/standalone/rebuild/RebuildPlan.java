package io.elanus.standalone.rebuild;

import io.elanus.common.catalog.CatalogEntry;
import io.elanus.common.manifest.Manifest;
import io.elanus.common.manifest.ShardPointer;
import io.elanus.common.manifest.ShardPointerCodec;
import io.elanus.common.meta.MetaKeys;
import io.elanus.common.meta.MetaStore.Change;
import io.elanus.common.model.Collection;
import io.elanus.common.model.CollectionId;
import io.elanus.common.model.CollectionState;
import io.elanus.common.model.Snapshot;
import io.elanus.common.wal.LogId;
import io.elanus.proto.internal.OwnerMeta;
import io.elanus.rpc.codec.CatalogCodec;
import io.elanus.rpc.codec.FloorCodec;
import io.elanus.rpc.codec.SnapshotCodec;
import io.elanus.standalone.rebuild.FoundRecords.Traces;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/// What is written into the new metastore, in this order, and why.
///
/// ```
/// mark/timestamp, mark/id   above all that was given out
/// owner/<log>               nobody, with an epoch above all that were
/// floor/<log>               the log's start
/// pointer/<shard>           the manifest chosen for it
/// catalog/...               as it was exported, and what the log says that the export does not know yet
/// snapshot/...              those of which everything is there
/// ```
///
/// **The floor** says: no shard of this log has records below it that are not in its manifest. The one that was lost
/// was at or above the log's start, because trimming stays below it; so the start keeps the promise, and a reader, who
/// begins at the later of checkpoint and floor, reads nothing that is not there and skips nothing.
///
/// @param changes in the order in which they are written
/// @param notes what a person should know beside the fates of shards
record RebuildPlan(List<Change> changes, List<ShardFate> fates, Marks marks, List<String> notes) {
  RebuildPlan {
    changes = List.copyOf(changes);
    fates = List.copyOf(fates);
    notes = List.copyOf(notes);
  }

  /// Pure.
  ///
  /// @param wallMillis the clock now
  static RebuildPlan of(Findings findings, long wallMillis) {
    return new Draft(findings, Marks.above(findings, wallMillis)).plan();
  }

  List<ShardFate.Lost> losses() {
    return fates.stream()
        .filter(ShardFate.Lost.class::isInstance)
        .map(ShardFate.Lost.class::cast)
        .toList();
  }

  private static final class Draft {
    private final Findings findings;
    private final Marks marks;
    private final Map<CollectionId, Collection> collections;
    private final List<Change> changes = new ArrayList<>();
    private final List<ShardFate> fates = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();

    Draft(Findings findings, Marks marks) {
      this.findings = findings;
      this.marks = marks;
      this.collections =
          FoundCatalog.collections(findings.export()).stream()
              .collect(Collectors.toMap(Collection::id, Function.identity()));
    }

    RebuildPlan plan() {
      findings.damagedExports().forEach(damaged -> notes.add("damaged export " + damaged));
      putText(MetaKeys.TIMESTAMP_MARK, marks.timestamp());
      putText(MetaKeys.ID_MARK, marks.nextId());
      findings.logs().values().forEach(this::placeLog);
      findings.shards().forEach(this::placeShard);
      findings.export().entries().forEach(this::placeEntry);
      findings.snapshots().forEach(this::placeSnapshot);
      findings.damagedSnapshots().forEach(damaged -> notes.add("passed over: " + damaged));
      noteStrangers();
      return new RebuildPlan(changes, fates, marks, notes);
    }

    private void placeLog(FoundLog log) {
      long epoch = maxEpoch(log.log()) + Marks.EPOCH_MARGIN;
      OwnerMeta nobody = OwnerMeta.newBuilder().setEpoch(epoch).build();
      changes.add(new Change.Put(MetaKeys.owner(log.log()), nobody.toByteArray()));
      changes.add(new Change.Put(MetaKeys.floor(log.log()), FloorCodec.encode(log.start(), epoch)));
      long unreadable = log.records().unreadable();
      if (unreadable > 0) {
        notes.add("log %s has %d records that cannot be read".formatted(log.log(), unreadable));
      }
    }

    private long maxEpoch(LogId log) {
      return findings.shards().stream()
          .filter(shard -> log(shard).equals(log))
          .mapToLong(FoundShard::maxEpoch)
          .max()
          .orElse(0);
    }

    private LogId log(FoundShard found) {
      return required(collections, found.shard().collection()).log(found.shard());
    }

    private void placeShard(FoundShard found) {
      ShardFate fate = ShardChoice.choose(found, required(findings.logs(), log(found)));
      if (fate instanceof ShardFate.Lost && isDropping(found.shard().collection())) {
        return;
      }
      fates.add(fate);
      if (fate instanceof ShardFate.Recovered recovered) {
        changes.add(
            new Change.Put(
                MetaKeys.pointer(found.shard()), ShardPointerCodec.encode(pointer(recovered))));
      }
    }

    private boolean isDropping(CollectionId id) {
      return required(collections, id).state() == CollectionState.DROPPING
          || isAbandoned(required(collections, id))
          || findings.traces(id).dropped();
    }

    /// Older manifests may have lost their objects: nobody knows how far the sweeper came. Whoever began
    /// something before the rebuild may find its files deleted, so nothing of it is let in.
    private ShardPointer pointer(ShardFate.Recovered recovered) {
      Manifest manifest = recovered.manifest();
      return new ShardPointer(
          manifest.shard(),
          recovered.key(),
          manifest.version(),
          manifest.epoch(),
          manifest.checkpoint().position(),
          manifest.checkpoint().version(),
          manifest.checkpoint().horizon(),
          manifest.version(),
          manifest.covered(),
          marks.nextId());
    }

    private void placeEntry(CatalogEntry entry) {
      byte[] value = entry.value();
      if (FoundCatalog.isCollection(entry)) {
        Collection exported = FoundCatalog.collection(entry);
        Collection now = caughtUp(exported);
        if (now != exported) {
          value = CatalogCodec.encode(now).toByteArray();
        }
      }
      changes.add(new Change.Put(entry.key(), value));
    }

    /// The collection with the control records that reached the log or a manifest after its export: nobody was told
    /// that they took effect, but shards have applied them.
    private Collection caughtUp(Collection collection) {
      Traces traces = findings.traces(collection.id()).and(appliedTo(collection.id()));
      boolean abandoned = isAbandoned(collection);
      boolean drops = abandoned || traces.dropped() && collection.state() == CollectionState.ACTIVE;
      if (traces.ddlSequence() <= collection.ddlSequence() && !drops) {
        return collection;
      }
      notes.add(
          "collection %s '%s' %s"
              .formatted(
                  collection.id(),
                  collection.name(),
                  abandoned
                      ? "was being restored from a snapshot; it is dropped"
                      : drops
                          ? "was being dropped; the drop goes on"
                          : "had a change under way that the catalog does not know"));
      return new Collection(
          collection.id(),
          collection.database(),
          collection.databaseName(),
          collection.schema(),
          collection.shardLogs(),
          collection.partitions(),
          collection.consistency(),
          collection.properties(),
          collection.version() + 1,
          Math.max(collection.ddlSequence() + (abandoned ? 1 : 0), traces.ddlSequence()),
          collection.createdTimestamp(),
          collection.updatedTimestamp(),
          drops ? CollectionState.DROPPING : collection.state(),
          drops ? List.of() : collection.aliases(),
          drops ? Optional.empty() : collection.pending());
    }

    /// Nobody knows any more which snapshot it is to be.
    private static boolean isAbandoned(Collection collection) {
      return collection.state() == CollectionState.RESTORING && collection.pending().isEmpty();
    }

    private Traces appliedTo(CollectionId collection) {
      return fates.stream()
          .filter(fate -> fate.shard().collection().equals(collection))
          .filter(ShardFate.Recovered.class::isInstance)
          .map(fate -> ((ShardFate.Recovered) fate).manifest().checkpoint())
          .map(checkpoint -> new Traces(0, checkpoint.ddlSequence(), checkpoint.dropped()))
          .reduce(Traces.NONE, Traces::and);
    }

    /// Those of a collection that is being dropped go with it.
    private void placeSnapshot(Snapshot snapshot) {
      if (isDropping(snapshot.of())) {
        return;
      }
      changes.add(
          new Change.Put(
              MetaKeys.snapshot(snapshot.of(), snapshot.id()),
              SnapshotCodec.encode(snapshot).toByteArray()));
      notes.add(
          "snapshot '%s' of collection %s is there".formatted(snapshot.name(), snapshot.of()));
    }

    private void noteStrangers() {
      SortedMap<CollectionId, Long> unknown = new TreeMap<>();
      for (FoundLog log : findings.logs().values()) {
        log.records()
            .collections()
            .forEach((id, traces) -> {
              if (!collections.containsKey(id)) {
                unknown.merge(id, traces.records(), Long::sum);
              }
            });
      }
      unknown.forEach((id, records) ->
          notes.add(
              "the log has %d records of collection %s, which the catalog does not have: it was dropped"
                      .formatted(records, id)
                  + ", or its creation was never answered"));
    }

    private void putText(String key, long number) {
      changes.add(new Change.Put(key, Long.toString(number).getBytes(StandardCharsets.US_ASCII)));
    }

    private static <K, V> V required(Map<K, V> map, K key) {
      V value = map.get(key);
      if (value == null) {
        throw new IllegalStateException("nothing was found of " + key);
      }
      return value;
    }
  }
}
