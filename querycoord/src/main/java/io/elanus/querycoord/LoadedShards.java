package io.elanus.querycoord;

import io.elanus.common.manifest.ManifestStore;
import io.elanus.common.manifest.ShardPointer;
import io.elanus.common.manifest.ShardPointerCodec;
import io.elanus.common.meta.MetaKeys;
import io.elanus.common.meta.MetaStore;
import io.elanus.common.meta.MetaStore.MetaEntry;
import io.elanus.common.meta.MetaStore.MetaEvent;
import io.elanus.common.meta.Watcher;
import io.elanus.common.model.CollectionId;
import io.elanus.common.model.ShardId;
import io.elanus.common.object.ObjectKey;
import io.elanus.common.object.ObjectStore;
import io.elanus.common.run.Gate;
import io.elanus.common.run.Run;
import io.elanus.querycoord.placement.ShardContents;
import io.elanus.querycoord.serving.Load;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/// What loaded shards are made of: follows their pointers, and reads each new manifest once. It lags; what
/// is placed because of it is put right when it has caught up.
final class LoadedShards implements AutoCloseable {
  private record Pointer(ObjectKey manifest, long version) {}

  private final MetaStore meta;
  private final ManifestStore manifests;
  private final Runnable onChange;
  private final Gate gate;
  private final Watcher watcher;

  // guarded by gate
  private final SortedMap<ShardId, Pointer> pointers = new TreeMap<>();
  private boolean listed;
  private final Map<ObjectKey, ShardContents> read = new HashMap<>();

  /// @param onChange told of each change of a pointer, on the watcher's thread; must not block
  LoadedShards(Run run, MetaStore meta, ObjectStore objects, Runnable onChange) {
    this.meta = meta;
    this.manifests = new ManifestStore(meta, objects);
    this.onChange = onChange;
    this.gate = run.gate();
    this.watcher = Watcher.start(run, meta, MetaKeys.POINTERS, new Pointers());
  }

  /// Reads the manifests of `loads` that are not read yet, and forgets those nobody needs any more.
  ///
  /// @return whether something new was read
  boolean readNew(Map<CollectionId, Load> loads) {
    Set<ObjectKey> needed = new HashSet<>();
    boolean news = false;
    for (Map.Entry<ShardId, Pointer> entry : known(loads).entrySet()) {
      ObjectKey manifest = entry.getValue().manifest();
      needed.add(manifest);
      news |= read(manifest);
    }
    gate.change(() -> read.keySet().retainAll(needed));
    return news;
  }

  /// Reads what the store says of one collection now.
  void readNow(CollectionId collection) {
    List<ShardPointer> newest =
        meta.range(MetaKeys.pointers(collection)).entries().stream()
            .map(entry -> ShardPointerCodec.decode(entry.value()))
            .toList();
    for (ShardPointer pointer : newest) {
      read(pointer.manifest());
      gate.change(() -> put(pointer));
    }
  }

  private boolean read(ObjectKey manifest) {
    if (gate.read(() -> read.containsKey(manifest))) {
      return false;
    }
    ShardContents contents = ShardContents.of(manifests.read(manifest));
    gate.change(() -> read.put(manifest, contents));
    return true;
  }

  /// A shard that was never flushed has nothing; one whose manifest was not read yet is not there.
  Map<ShardId, ShardContents> contents(Map<CollectionId, Load> loads) {
    return gate.read(() -> {
      Map<ShardId, ShardContents> contents = new HashMap<>();
      for (ShardId shard : shards(loads)) {
        contents(shard).ifPresent(found -> contents.put(shard, found));
      }
      return contents;
    });
  }

  private Optional<ShardContents> contents(ShardId shard) {
    Pointer pointer = pointers.get(shard);
    if (pointer == null) {
      return listed ? Optional.of(ShardContents.NOTHING) : Optional.empty();
    }
    return Optional.ofNullable(read.get(pointer.manifest()));
  }

  private Map<ShardId, Pointer> known(Map<CollectionId, Load> loads) {
    return gate.read(() -> {
      Map<ShardId, Pointer> known = new TreeMap<>(pointers);
      known.keySet().retainAll(new HashSet<>(shards(loads)));
      return known;
    });
  }

  private static List<ShardId> shards(Map<CollectionId, Load> loads) {
    List<ShardId> shards = new ArrayList<>();
    loads.forEach((collection, load) -> {
      for (int i = 0; i < load.shardCount(); i++) {
        shards.add(new ShardId(collection, i));
      }
    });
    return shards;
  }

  /// Under the gate. Of two the newer one counts: what was read by the way may be ahead of the watch.
  private void put(ShardPointer pointer) {
    Pointer before = pointers.get(pointer.shard());
    if (before == null || before.version() <= pointer.version()) {
      pointers.put(pointer.shard(), new Pointer(pointer.manifest(), pointer.version()));
    }
  }

  @Override
  public void close() {
    watcher.close();
  }

  private final class Pointers implements Watcher.Listener {
    @Override
    public void listed(List<MetaEntry> entries) {
      List<ShardPointer> all =
          entries.stream().map(entry -> ShardPointerCodec.decode(entry.value())).toList();
      gate.change(() -> {
        pointers.clear();
        all.forEach(LoadedShards.this::put);
        listed = true;
      });
      onChange.run();
    }

    @Override
    public void changed(List<MetaEvent> events) {
      gate.change(() -> events.forEach(this::follow));
      onChange.run();
    }

    private void follow(MetaEvent event) {
      event
          .value()
          .map(ShardPointerCodec::decode)
          .ifPresentOrElse(
              LoadedShards.this::put, () -> pointers.remove(MetaKeys.pointedShard(event.key())));
    }
  }
}
