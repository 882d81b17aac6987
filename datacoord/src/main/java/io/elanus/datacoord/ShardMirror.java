package io.elanus.datacoord;

import io.elanus.common.manifest.ShardPointerCodec;
import io.elanus.common.meta.MetaKeys;
import io.elanus.common.meta.MetaStore;
import io.elanus.common.meta.MetaStore.MetaEntry;
import io.elanus.common.meta.MetaStore.MetaEvent;
import io.elanus.common.meta.Watcher;
import io.elanus.common.model.Collection;
import io.elanus.common.model.CollectionId;
import io.elanus.common.model.Field;
import io.elanus.common.model.IndexDefinition;
import io.elanus.common.model.ShardId;
import io.elanus.common.object.ObjectKey;
import io.elanus.common.run.Closer;
import io.elanus.common.run.Gate;
import io.elanus.common.run.Run;
import io.elanus.rpc.codec.CatalogCodec;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/// What the store says of shards, followed by watches: the newest manifest of each, the index
/// definitions of their collections, and which collections there are. It lags; what is done because of
/// it is made sure by a condition.
final class ShardMirror implements AutoCloseable {
  /// What Go's `strconv.ParseBool`, and so Milvus, takes for no.
  private static final Set<String> NO = Set.of("0", "f", "F", "FALSE", "false", "False");

  /// As in Milvus; compacted unless it says no.
  private static final String AUTO_COMPACTION = "collection.autocompaction.enabled";

  private final Runnable onChange;
  private final Gate gate;
  private final Closer closer = new Closer();

  // guarded by gate
  private final SortedMap<ShardId, ObjectKey> manifests = new TreeMap<>();
  private final SortedMap<String, IndexDefinition> definitions = new TreeMap<>();
  private final Map<CollectionId, Collection> collections = new HashMap<>();
  private boolean collectionsKnown;
  private final Set<ShardId> changed = new TreeSet<>();

  ShardMirror(Run run, MetaStore store, Runnable onChange) {
    this.onChange = onChange;
    this.gate = run.gate();
    closer.add(Watcher.start(run, store, MetaKeys.COLLECTIONS, new Collections()));
    closer.add(Watcher.start(run, store, MetaKeys.INDEXES, new Indexes()));
    closer.add(Watcher.start(run, store, MetaKeys.POINTERS, new Pointers()));
  }

  /// Shards whose manifest or definitions changed since they were [#settled].
  Set<ShardId> changed() {
    return gate.read(() -> new TreeSet<>(changed));
  }

  /// `manifest` was looked at.
  void settled(ShardId shard, Optional<ObjectKey> manifest) {
    gate.change(() -> {
      if (Optional.ofNullable(manifests.get(shard)).equals(manifest)) {
        changed.remove(shard);
      }
    });
  }

  Optional<ObjectKey> manifest(ShardId shard) {
    return gate.read(() -> Optional.ofNullable(manifests.get(shard)));
  }

  List<IndexDefinition> definitions(CollectionId collection) {
    String prefix = MetaKeys.indexes(collection);
    return gate.read(() -> List.copyOf(definitions.subMap(prefix, prefix + "~").values()));
  }

  /// The field that an index is over; empty when its collection is not known.
  Optional<Field> field(IndexDefinition index) {
    return gate.read(() ->
        Optional.ofNullable(collections.get(index.collection()))
            .flatMap(collection -> collection.schema().field(index.fieldId())));
  }

  /// Whether segments of the collection are merged without being asked for.
  boolean isCompacted(CollectionId collection) {
    return gate.read(() ->
        Optional.ofNullable(collections.get(collection))
            .filter(ShardMirror::isCompacted)
            .isPresent());
  }

  private static boolean isCompacted(Collection collection) {
    return !NO.contains(collection.properties().getOrDefault(AUTO_COMPACTION, "true"));
  }

  /// The collection's shards are to be looked at again.
  void touch(CollectionId collection) {
    gate.change(() -> changed.addAll(shardsOf(collection)));
    onChange.run();
  }

  /// Shards that have a pointer but, as it seems, no collection any more.
  Map<CollectionId, List<ShardId>> orphans() {
    Map<CollectionId, List<ShardId>> orphans = new TreeMap<>();
    gate.read(() -> {
      manifests.keySet().stream()
          .filter(shard -> collectionsKnown && !collections.containsKey(shard.collection()))
          .forEach(shard ->
              orphans.computeIfAbsent(shard.collection(), _ -> new ArrayList<>()).add(shard));
      return orphans;
    });
    return orphans;
  }

  /// Whether there is, as it seems, no such collection any more.
  boolean isGone(CollectionId collection) {
    return gate.read(() -> collectionsKnown && !collections.containsKey(collection));
  }

  @Override
  public void close() {
    closer.close();
  }

  /// One kind of entries: `clear` forgets all, `put` and `remove` are one entry's news. Called under the
  /// gate.
  private abstract class Following implements Watcher.Listener {
    abstract void clear();

    abstract void put(String key, byte[] value);

    abstract void remove(String key);

    @Override
    public void listed(List<MetaEntry> entries) {
      gate.change(() -> {
        clear();
        entries.forEach(entry -> put(entry.key(), entry.value()));
      });
      onChange.run();
    }

    @Override
    public void changed(List<MetaEvent> events) {
      gate.change(() -> events.forEach(this::follow));
      onChange.run();
    }

    private void follow(MetaEvent event) {
      event.value().ifPresentOrElse(value -> put(event.key(), value), () -> remove(event.key()));
    }
  }

  /// Under the gate.
  private Set<ShardId> shardsOf(CollectionId collection) {
    ShardId first = new ShardId(collection, 0);
    ShardId end = new ShardId(collection, Integer.MAX_VALUE);
    return manifests.subMap(first, end).keySet();
  }

  private final class Collections extends Following {
    @Override
    void clear() {
      collections.clear();
      collectionsKnown = true;
    }

    @Override
    void put(String key, byte[] value) {
      CollectionId id = MetaKeys.collectionOf(key);
      collections.put(id, CatalogCodec.collection(new MetaEntry(key, value, 0)));
      changed.addAll(shardsOf(id));
    }

    @Override
    void remove(String key) {
      collections.remove(MetaKeys.collectionOf(key));
    }
  }

  private final class Indexes extends Following {
    @Override
    void clear() {
      definitions.clear();
      changed.addAll(manifests.keySet());
    }

    @Override
    void put(String key, byte[] value) {
      IndexDefinition index = CatalogCodec.index(new MetaEntry(key, value, 0));
      definitions.put(key, index);
      touch(index);
    }

    @Override
    void remove(String key) {
      Optional.ofNullable(definitions.remove(key)).ifPresent(this::touch);
    }

    private void touch(IndexDefinition index) {
      changed.addAll(shardsOf(index.collection()));
    }
  }

  private final class Pointers extends Following {
    @Override
    void clear() {
      changed.addAll(manifests.keySet());
      manifests.clear();
    }

    @Override
    void put(String key, byte[] value) {
      var pointer = ShardPointerCodec.decode(value);
      manifests.put(pointer.shard(), pointer.manifest());
      changed.add(pointer.shard());
    }

    @Override
    void remove(String key) {
      ShardId shard = MetaKeys.pointedShard(key);
      manifests.remove(shard);
      changed.add(shard);
    }
  }
}
