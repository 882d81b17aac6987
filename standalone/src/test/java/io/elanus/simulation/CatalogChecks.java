package io.elanus.simulation;

import io.elanus.common.meta.MetaKeys;
import io.elanus.common.meta.MetaStore;
import io.elanus.common.meta.MetaStore.MetaEntry;
import io.elanus.common.meta.MetaStore.MetaEvent;
import io.elanus.common.model.Collection;
import io.elanus.common.model.CollectionId;
import io.elanus.common.model.CollectionState;
import io.elanus.common.model.PendingDdl;
import io.elanus.common.model.ShardId;
import io.elanus.common.wal.LogId;
import io.elanus.rpc.codec.CatalogCodec;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/// Follows the catalog and what hangs on it, commit by commit (16):
///
/// ```
///  nothing ──> ACTIVE ──> DROPPING ──> nothing      the name is held all the way, its successor comes after
///                             └ control record in the log of every shard before it is forgotten
///              ACTIVE ──> pending ──> ACTIVE        renamed or truncated: the control record likewise, and nobody
///                                                  gets the former name before
///  nothing ──> RESTORING ──> pending ──> ACTIVE    of a snapshot: the control record likewise
/// ```
///
/// and what is loaded has its index.
final class CatalogChecks {
  private final MetaStore meta;
  private final LogHistory history;

  /// As last heard of, those that are gone too.
  private final Map<CollectionId, Collection> collections = new TreeMap<>();

  private final Set<CollectionId> gone = new HashSet<>();
  private final Map<String, CollectionId> holders = new HashMap<>();
  private final Map<CollectionId, Set<String>> indexes = new HashMap<>();
  private final Set<CollectionId> loads = new HashSet<>();
  private long dropCount;
  private long finishedCount;

  CatalogChecks(MetaStore meta, LogHistory history) {
    this.meta = meta;
    this.history = history;
  }

  /// A collection there is or was.
  Collection find(CollectionId id) {
    return Optional.ofNullable(collections.get(id))
        .or(() -> meta.get(MetaKeys.collection(id)).map(CatalogCodec::collection))
        .orElseThrow(() -> new Violation("16: nobody ever made collection %s".formatted(id)));
  }

  LogId log(ShardId shard) {
    return find(shard.collection()).log(shard);
  }

  /// Drops that were finished.
  long dropCount() {
    return dropCount;
  }

  /// Other changes with a control record that were finished.
  long finishedCount() {
    return finishedCount;
  }

  /// Who has a name now, as the metastore says.
  Optional<Collection> called(String name) {
    return meta.range(MetaKeys.COLLECTIONS).entries().stream()
        .map(CatalogCodec::collection)
        .filter(collection -> collection.name().equals(name))
        .findFirst();
  }

  void take(MetaEvent event) {
    String key = event.key();
    if (key.startsWith(MetaKeys.COLLECTIONS)) {
      CollectionId id = collectionOf(key, MetaKeys.COLLECTIONS);
      event
          .value()
          .map(value -> CatalogCodec.collection(new MetaEntry(key, value, event.revision())))
          .ifPresentOrElse(this::put, () -> remove(id));
    } else if (key.startsWith(MetaKeys.INDEXES)) {
      takeIndex(event);
    } else if (key.startsWith(MetaKeys.LOADS)) {
      takeLoad(collectionOf(key, MetaKeys.LOADS), event.value().isPresent());
    }
  }

  private void put(Collection next) {
    Collection before = collections.put(next.id(), next);
    if (before == null) {
      CollectionId holder = holders.put(next.name(), next.id());
      Violation.unless(
          holder == null && !isDropping(next),
          "16: collection %s gets the name %s of collection %s, which is there",
          next.id(),
          next.name(),
          holder);
      return;
    }
    boolean begins = next.ddlSequence() == before.ddlSequence() + 1;
    // one transaction may finish a change and begin the next
    boolean ends = before.pending().isPresent() && (next.pending().isEmpty() || begins);
    Violation.unless(
        !gone.contains(next.id())
            && !isDropping(before)
            && next.version() > before.version()
            && (begins
                ? isUnfinished(next)
                : next.ddlSequence() == before.ddlSequence() && !isDropping(next)),
        "16: collection %s changes from %s to %s",
        next.id(),
        before,
        next);
    if (ends) {
      requireInAllLogs(before);
      finishedCount++;
      free(before, before.pending().orElseThrow());
    }
    rename(before, next);
  }

  private static boolean isDropping(Collection collection) {
    return collection.state() == CollectionState.DROPPING;
  }

  private static boolean isUnfinished(Collection collection) {
    return isDropping(collection) || collection.pending().isPresent();
  }

  private void requireInAllLogs(Collection collection) {
    for (int i = 0; i < collection.shardCount(); i++) {
      ShardId shard = collection.shard(i);
      history.catchUp(collection.log(shard));
      Violation.unless(
          history.model(shard).ddlSequence() >= collection.ddlSequence(),
          "16: change %d of collection %s is finished, and the log of shard %s does not say so",
          collection.ddlSequence(),
          collection.id(),
          shard);
    }
  }

  /// A former name stays its own until the change is finished.
  private void rename(Collection before, Collection next) {
    if (!before.name().equals(next.name())) {
      CollectionId holder = holders.put(next.name(), next.id());
      Violation.unless(
          holder == null,
          "16: collection %s gets the name %s of collection %s, which is there",
          next.id(),
          next.name(),
          holder);
    }
  }

  private void free(Collection before, PendingDdl finished) {
    finished.heldNames().forEach(held -> holders.remove(held.name(), before.id()));
  }

  private void remove(CollectionId id) {
    Collection last = find(id);
    Violation.unless(
        last.state() == CollectionState.DROPPING && gone.add(id),
        "16: collection %s is forgotten without a drop: %s",
        id,
        last);
    for (int i = 0; i < last.shardCount(); i++) {
      ShardId shard = last.shard(i);
      history.catchUp(last.log(shard));
      Violation.unless(
          history.model(shard).isDropped(),
          "16: collection %s is forgotten, and the log of shard %s does not say so",
          id,
          shard);
    }
    holders.remove(last.name(), id);
    dropCount++;
  }

  private void takeIndex(MetaEvent event) {
    CollectionId id = collectionOf(event.key(), MetaKeys.INDEXES);
    Set<String> ofCollection = indexes.computeIfAbsent(id, _ -> new HashSet<>());
    if (event.value().isPresent()) {
      ofCollection.add(event.key());
      Violation.unless(
          isActive(id) || find(id).state() == CollectionState.RESTORING,
          "16: index %s of a collection that is not there",
          event.key());
      Violation.unless(ofCollection.size() == 1, "16: one field has two indexes: %s", ofCollection);
    } else {
      ofCollection.remove(event.key());
      Violation.unless(
          !(isActive(id) && loads.contains(id)),
          "16: index %s of a loaded collection is dropped",
          event.key());
    }
  }

  private void takeLoad(CollectionId id, boolean loaded) {
    if (!loaded) {
      loads.remove(id);
    } else if (loads.add(id)) {
      Violation.unless(
          isActive(id) && !indexes.getOrDefault(id, Set.of()).isEmpty(),
          "16: collection %s is loaded, but is dropped or has no index",
          id);
    }
  }

  /// Whether the catalog has it no more.
  boolean isGone(CollectionId id) {
    return gone.contains(id);
  }

  private boolean isActive(CollectionId id) {
    return !gone.contains(id) && find(id).state() == CollectionState.ACTIVE;
  }

  /// What is left in the metastore of collections that were dropped.
  List<String> leftovers() {
    Set<CollectionId> there = new HashSet<>();
    List<String> left = new ArrayList<>();
    for (MetaEntry entry : meta.range(MetaKeys.COLLECTIONS).entries()) {
      Collection collection = CatalogCodec.collection(entry);
      there.add(collection.id());
      if (isUnfinished(collection)) {
        left.add(entry.key());
      }
    }
    for (String prefix :
        List.of(
            MetaKeys.INDEXES,
            MetaKeys.LOADS,
            MetaKeys.REPLICAS,
            MetaKeys.ROUTES,
            MetaKeys.PINS,
            MetaKeys.POINTERS)) {
      meta.range(prefix).entries().stream()
          .map(MetaEntry::key)
          .filter(key -> !there.contains(collectionOf(key, prefix)))
          .forEach(left::add);
    }
    return left;
  }

  private static CollectionId collectionOf(String key, String prefix) {
    return new CollectionId(Long.parseLong(key.substring(prefix.length()).split("/", 2)[0]));
  }
}
