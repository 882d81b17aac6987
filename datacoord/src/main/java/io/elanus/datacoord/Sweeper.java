package io.elanus.datacoord;

import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import io.elanus.common.manifest.ManifestStore;
import io.elanus.common.manifest.ManifestStore.Current;
import io.elanus.common.manifest.ShardPointer;
import io.elanus.common.manifest.ShardPointerCodec;
import io.elanus.common.meta.MetaKeys;
import io.elanus.common.meta.MetaStore.MetaEntry;
import io.elanus.common.model.CollectionId;
import io.elanus.common.model.ShardId;
import io.elanus.common.model.Snapshot;
import io.elanus.common.object.ObjectKey;
import io.elanus.common.object.ObjectLayout;
import io.elanus.common.object.ObjectStore;
import io.elanus.common.run.Deadline;
import io.elanus.common.run.Run;
import io.elanus.common.run.Ticker;
import io.elanus.proto.internal.FenceShardRequest;
import io.elanus.rpc.codec.SnapshotCodec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Deletes objects that nothing names, in two phases (docs/decisions/0102).
///
/// ```
///  note       the newest manifest is 7, the newest id is 400        then nothing, for the grace time
///  fence      the shard's owner commits: nothing below 7 is read, nothing below 400 commits
///  delete     what was listed, is below 400, and in no manifest from 7 to the newest, nor in one of a snapshot
/// ```
/// A snapshot names manifests under the condition that their shards' pointers have not changed. So one that the fence
/// does not know can only come after the fence, with a manifest from 7 on; those before it are read after the fence.
///
/// The grace time is for readers that are behind and for workers that are slow: who is overtaken starts
/// again. Nothing depends on it: once the fence is committed, what is deleted is deleted for good reason at
/// whatever time, by whoever still thinks that he leads.
///
/// Objects of a collection go when the catalog has had no such collection for the grace time; its id is
/// never used again.
final class Sweeper implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Sweeper.class);

  private static final int PAGE = 1_000;

  /// How long a shard is not listed whose pointer stands still and in whose folder nothing lies about. What
  /// somebody leaves there meanwhile, who commits nothing, lies for so long.
  private static final Duration QUIET = Duration.ofDays(1);

  /// After every character of a key.
  private static final String BEHIND_ALL = "~";

  private final Run run;
  private final DataCoordPorts ports;
  private final Duration grace;
  private final ManifestStore manifests;
  private final ShardManifests cached;
  private final ShardOwners owners;
  private final LongSupplier freshId;
  private final LongSupplier oldestRunning;
  private final Runnable keepSnapshots;
  private final AtomicLong sweptObjects = new AtomicLong();
  private final AtomicLong failures = new AtomicLong();

  // the ticker's
  private final Map<ShardId, Note> notes = new HashMap<>();
  private final Map<ShardId, Quiet> quiet = new HashMap<>();
  private final Map<CollectionId, Deadline> gone = new HashMap<>();

  private final Ticker ticker;

  /// @param version of the newest manifest when it was taken
  /// @param fence an id that was newer than all others
  /// @param due when the grace time is over
  private record Note(long version, long fence, Deadline due) {}

  /// @param version of the manifest beside whose objects, and those of snapshots, there were no others
  private record Quiet(long version, Set<ObjectKey> images, Deadline until) {}

  /// @param freshId larger than all ids that were given out before
  /// @param oldestRunning the smallest id of a job that is worked on
  /// @param keepSnapshots writes what is missing of the snapshots' own objects
  Sweeper(
      DataCoordPorts ports,
      Duration grace,
      ShardManifests cached,
      ShardOwners owners,
      LongSupplier freshId,
      LongSupplier oldestRunning,
      Runnable keepSnapshots) {
    this.run = ports.run();
    this.ports = ports;
    this.grace = grace;
    this.manifests = new ManifestStore(ports.meta(), ports.objects());
    this.cached = cached;
    this.owners = owners;
    this.freshId = freshId;
    this.oldestRunning = oldestRunning;
    this.keepSnapshots = keepSnapshots;
    this.ticker = Ticker.start(run, "sweeper", grace, this::round);
  }

  /// Objects deleted in this term.
  long sweptObjects() {
    return sweptObjects.get();
  }

  /// Shards that could not be swept, once for each time.
  long failures() {
    return failures.get();
  }

  @Override
  public void close() {
    ticker.close();
  }

  private void round() {
    keepSnapshots.run();
    long fence = freshId.getAsLong();
    Set<ShardId> seen = new HashSet<>();
    Map<ShardId, Set<ObjectKey>> images = images(snapshots(MetaKeys.SNAPSHOTS));
    for (var entry : ports.meta().range(MetaKeys.POINTERS).entries()) {
      ShardPointer pointer = ShardPointerCodec.decode(entry.value());
      seen.add(pointer.shard());
      Set<ObjectKey> kept = images.getOrDefault(pointer.shard(), Set.of());
      unlessFailed("shard " + pointer.shard(), () -> visit(pointer, kept, fence));
    }
    notes.keySet().retainAll(seen);
    quiet.keySet().retainAll(seen);
    unlessFailed("dropped collections", () -> sweepDropped(fence));
  }

  /// One shard's trouble is no other's.
  private void unlessFailed(String what, Runnable sweeping) {
    try {
      sweeping.run();
    } catch (DbException e) {
      if (e.code() == ErrorCode.CANCELED || e.code() == ErrorCode.LEADERSHIP_LOST) {
        throw e;
      }
      failures.incrementAndGet();
      log.info("not swept: {} reason={}", what, e.text());
    }
  }

  /// @param images manifests of the shard that snapshots name
  private void visit(ShardPointer pointer, Set<ObjectKey> images, long fence) {
    Note before = notes.get(pointer.shard());
    if (before == null || before.due().hasPassed(run)) {
      notes.put(pointer.shard(), new Note(pointer.version(), fence, Deadline.after(run, grace)));
    }
    if (before != null && before.due().hasPassed(run) && !isQuiet(pointer, images)) {
      sweep(pointer.shard(), before.version(), Math.min(before.fence(), oldestRunning.getAsLong()));
    }
  }

  private boolean isQuiet(ShardPointer pointer, Set<ObjectKey> images) {
    Quiet last = quiet.get(pointer.shard());
    return last != null
        && last.version() == pointer.version()
        && last.images().equals(images)
        && !last.until().hasPassed(run);
  }

  /// Snapshots that are kept, and those that are being restored. In this order: a restore begins while its snapshot is
  /// there.
  ///
  /// @param prefix of the snapshots' entries
  private List<Snapshot> snapshots(String prefix) {
    List<Snapshot> snapshots = new ArrayList<>();
    for (MetaEntry entry : ports.meta().range(prefix).entries()) {
      snapshots.add(SnapshotCodec.snapshot(entry));
    }
    snapshots.addAll(restored());
    return snapshots;
  }

  /// Snapshots that are being restored.
  private List<Snapshot> restored() {
    List<Snapshot> restored = new ArrayList<>();
    for (MetaEntry entry : ports.meta().range(MetaKeys.RESTORES).entries()) {
      if (Restore.decode(entry).phase() instanceof Restore.Phase.Running running) {
        restored.add(running.snapshot());
      }
    }
    return restored;
  }

  /// Manifests that snapshots name, by their shards.
  private static Map<ShardId, Set<ObjectKey>> images(List<Snapshot> snapshots) {
    Map<ShardId, Set<ObjectKey>> images = new HashMap<>();
    for (Snapshot snapshot : snapshots) {
      for (int shard = 0; shard < snapshot.shards().size(); shard++) {
        images
            .computeIfAbsent(snapshot.collection().shard(shard), _ -> new HashSet<>())
            .add(snapshot.shards().get(shard).manifest());
      }
    }
    return images;
  }

  /// Now.
  private Set<ObjectKey> images(ShardId shard) {
    return images(snapshots(MetaKeys.snapshots(shard.collection()))).getOrDefault(shard, Set.of());
  }

  private void sweep(ShardId shard, long oldest, long fence) {
    List<ObjectKey> found = list(ObjectLayout.prefix(shard));
    Optional<Current> current = manifests.newest(shard);
    if (current.isEmpty()) {
      return;
    }
    Set<ObjectKey> images = images(shard);
    Set<ObjectKey> named = named(current.get(), oldest, images);
    if (SweepPlan.garbage(found, named, fence).isEmpty()) {
      if (named(current.get(), Long.MAX_VALUE, images).containsAll(found)) {
        quiet.put(
            shard,
            new Quiet(current.get().manifest().version(), images, Deadline.after(run, QUIET)));
      }
      return;
    }
    owners
        .of(shard)
        .fenceShard(
            FenceShardRequest.newBuilder()
                .setCollectionId(shard.collection().value())
                .setShard(shard.index())
                .setOldestReadable(oldest)
                .setFence(fence)
                .build());
    Optional<Current> fenced =
        manifests
            .newest(shard)
            .filter(
                now -> now.pointer().oldestReadable() >= oldest && now.pointer().fence() >= fence);
    if (fenced.isPresent()) {
      delete(shard, SweepPlan.garbage(found, named(fenced.get(), oldest, images(shard)), fence));
    }
  }

  /// @param images of the shard, read after `current` was
  private Set<ObjectKey> named(Current current, long oldest, Set<ObjectKey> images) {
    long readable = Math.max(oldest, current.pointer().oldestReadable());
    Set<ObjectKey> named = SweepPlan.named(current.manifest(), readable, cached::read);
    named.addAll(SweepPlan.named(images, cached::read));
    return named;
  }

  private void delete(ShardId shard, List<ObjectKey> garbage) {
    for (ObjectKey key : garbage) {
      ports.objects().delete(key);
      sweptObjects.incrementAndGet();
    }
    log.info("shard swept shard={} objects={}", shard, garbage.size());
  }

  private List<ObjectKey> list(String prefix) {
    List<ObjectKey> found = new ArrayList<>();
    List<ObjectKey> page;
    do {
      String after = found.isEmpty() ? "" : found.getLast().value();
      page = ports.objects().list(prefix, after, PAGE);
      found.addAll(page);
    } while (page.size() == PAGE);
    return found;
  }

  /// One look into each collection's folder, however much is in it.
  private void sweepDropped(long fence) {
    ObjectStore objects = ports.objects();
    Set<CollectionId> absent = new HashSet<>();
    String after = "";
    List<ObjectKey> next = objects.list("", after, 1);
    while (!next.isEmpty()) {
      ObjectKey key = next.getFirst();
      Optional<CollectionId> collection = ObjectLayout.collection(key);
      if (collection.isPresent() && isGone(collection.get(), fence)) {
        absent.add(collection.get());
        sweepDropped(collection.get(), ObjectLayout.prefix(collection.get()));
      }
      after = collection.map(ObjectLayout::prefix).orElse(firstFolder(key)) + BEHIND_ALL;
      next = objects.list("", after, 1);
    }
    gone.keySet().retainAll(absent);
  }

  private static String firstFolder(ObjectKey key) {
    int slash = key.value().indexOf('/');
    return slash < 0 ? key.value() : key.value().substring(0, slash + 1);
  }

  /// Asked after one of its objects was seen: whoever wrote that had the collection in the catalog before.
  private boolean isGone(CollectionId collection, long freshest) {
    if (ports.meta().get(MetaKeys.collection(collection)).isPresent()) {
      return false;
    }
    if (collection.value() >= freshest) {
      log.error("the bucket knows a collection that was never made collection={}", collection);
      return false;
    }
    return true;
  }

  private void sweepDropped(CollectionId collection, String prefix) {
    Deadline due = gone.computeIfAbsent(collection, _ -> Deadline.after(run, grace));
    if (!due.hasPassed(run)) {
      return;
    }
    if (restored().stream().anyMatch(snapshot -> snapshot.of().equals(collection))) {
      return;
    }
    List<ObjectKey> objects = list(prefix);
    for (ObjectKey key : objects) {
      ports.objects().delete(key);
      sweptObjects.incrementAndGet();
    }
    log.info("dropped collection swept collection={} objects={}", collection, objects.size());
  }
}
