package io.elanus.datacoord;

import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import io.elanus.common.manifest.Manifest;
import io.elanus.common.manifest.ShardPointer;
import io.elanus.common.manifest.ShardPointerCodec;
import io.elanus.common.meta.MetaKeys;
import io.elanus.common.meta.MetaStore;
import io.elanus.common.meta.MetaStore.Condition;
import io.elanus.common.meta.MetaStore.MetaEntry;
import io.elanus.common.model.Collection;
import io.elanus.common.model.CollectionId;
import io.elanus.common.model.CollectionState;
import io.elanus.common.model.IndexDefinition;
import io.elanus.common.model.Snapshot;
import io.elanus.common.model.Snapshot.Image;
import io.elanus.common.run.Backoff;
import io.elanus.common.run.Deadline;
import io.elanus.common.run.Run;
import io.elanus.proto.internal.CreateMarkRequest;
import io.elanus.proto.internal.TouchMarkRequest;
import io.elanus.rpc.codec.CatalogCodec;
import io.elanus.rpc.internal.Peers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Takes snapshots (docs/decisions/0114).
///
/// ```
///  mark T, pinned ──> Mark in all logs ──> flushed beyond it ──> one commit, if nothing has moved ──> pin let go
///  pointer 1 ─> manifest 7, knows T            manifests 7 and 4 are named: their
///  pointer 2 ─> manifest 4, knows T            objects are not swept any more
/// ```
/// Before the commit there is nothing but a pin that expires, after it there is the snapshot: there is nothing to be
/// taken over when a coordinator dies in between.
final class Snapshots {
  private static final Logger log = LoggerFactory.getLogger(Snapshots.class);

  /// Between two looks whether the shards are flushed.
  private static final Backoff LOOK = new Backoff(Duration.ofMillis(10), Duration.ofMillis(250));

  private final Run run;
  private final MetaStore meta;
  private final Peers peers;
  private final ShardManifests manifests;
  private final LongSupplier freshId;
  private final Commits commits;

  /// What the current term does for this.
  interface Commits {
    /// @throws DbException when there may be no such snapshot
    void requireRoom(CollectionId collection, String name);

    /// Asks the owners of the collection's logs to flush up to where the logs end after this call began.
    void flush(Collection collection);

    /// @return false when one of `unchanged` does not hold
    boolean add(Snapshot snapshot, List<Condition> unchanged, Deadline deadline);
  }

  Snapshots(DataCoordPorts ports, ShardManifests manifests, LongSupplier freshId, Commits commits) {
    this.run = ports.run();
    this.meta = ports.meta();
    this.peers = ports.peers();
    this.manifests = manifests;
    this.freshId = freshId;
    this.commits = commits;
  }

  /// @throws DbException `COLLECTION_NOT_FOUND`, `INVALID_PARAMETER`, `QUOTA_EXCEEDED`; `TIMEOUT` when a shard was not
  ///     flushed in time, `SERVICE_UNAVAILABLE` when one cannot be: there is no snapshot then
  Snapshot take(CollectionId id, String name, String description, Deadline deadline) {
    commits.requireRoom(id, name);
    while (true) {
      deadline.check(run, "taking a snapshot");
      Quiet quiet = awaitQuiet(id, deadline);
      long mark = mark(id);
      try {
        Draft draft = new Draft(quiet, mark, name, description);
        Optional<Snapshot> taken = take(draft, deadline);
        if (taken.isPresent()) {
          log.info(
              "snapshot taken collection={} name={} mark={} manifests={}",
              id,
              name,
              mark,
              taken.get().shards());
          return taken.get();
        }
      } finally {
        letGo(id, mark);
      }
    }
  }

  /// A collection of which no change is under way.
  ///
  /// @param revision of its entry
  private record Quiet(Collection collection, long revision) {
    Condition unchanged() {
      return new Condition.RevisionIs(MetaKeys.collection(collection.id()), revision);
    }
  }

  private record Draft(Quiet quiet, long mark, String name, String description) {}

  /// A change whose control record is on its way could lie before the Mark in one log and behind it in another.
  private Quiet awaitQuiet(CollectionId id, Deadline deadline) {
    for (int looks = 1; ; looks++) {
      MetaEntry entry =
          meta.get(MetaKeys.collection(id))
              .orElseThrow(() -> ErrorCode.COLLECTION_NOT_FOUND.with("collection", id));
      Collection collection = CatalogCodec.collection(entry);
      if (collection.state() != CollectionState.ACTIVE) {
        throw ErrorCode.COLLECTION_NOT_FOUND.with("collection", id);
      }
      if (collection.pending().isEmpty()) {
        return new Quiet(collection, entry.revision());
      }
      pause(looks, deadline, "a change of collection %s goes on".formatted(collection.name()));
    }
  }

  private long mark(CollectionId id) {
    return peers
        .rootCoord()
        .createMark(CreateMarkRequest.newBuilder().setCollectionId(id.value()).build())
        .getMark();
  }

  /// Nobody needs the pin any more. If this fails, it expires.
  private void letGo(CollectionId id, long mark) {
    try {
      peers
          .rootCoord()
          .touchMark(
              TouchMarkRequest.newBuilder()
                  .setCollectionId(id.value())
                  .setMark(mark)
                  .setLast(true)
                  .build());
    } catch (DbException e) {
      log.debug("pin left to expire collection={} mark={}", id, mark, e);
    }
  }

  /// @return empty when the collection has changed since the mark was made
  private Optional<Snapshot> take(Draft draft, Deadline deadline) {
    Collection collection = draft.quiet().collection();
    commits.flush(collection);
    for (int looks = 1; ; looks++) {
      Images images = images(collection, draft.mark());
      if (images.missing().isEmpty()) {
        List<Condition> unchanged = new ArrayList<>(images.unchanged());
        unchanged.add(draft.quiet().unchanged());
        Snapshot snapshot = snapshot(draft, images);
        if (commits.add(snapshot, unchanged, deadline)) {
          return Optional.of(snapshot);
        }
        if (hasChanged(draft.quiet())) {
          return Optional.empty();
        }
      }
      pause(
          looks,
          deadline,
          images
              .missing()
              .map(shard ->
                  "shard %d of collection %s is not flushed".formatted(shard, collection.name()))
              .orElse("shards of collection %s keep changing".formatted(collection.name())));
    }
  }

  /// The newest manifests of the shards that know the mark.
  ///
  /// @param missing a shard that has none
  /// @param unchanged holds as long as none of them has another: no fence is above them, and none can come to be
  ///     without seeing the snapshot
  private record Images(List<Image> images, List<Condition> unchanged, Optional<Integer> missing) {}

  private Images images(Collection collection, long mark) {
    List<Image> images = new ArrayList<>();
    List<Condition> unchanged = new ArrayList<>();
    for (int shard = 0; shard < collection.shardCount(); shard++) {
      String key = MetaKeys.pointer(collection.shard(shard));
      Optional<MetaEntry> entry = meta.get(key);
      Optional<Image> image = entry.flatMap(e -> image(ShardPointerCodec.decode(e.value()), mark));
      if (image.isEmpty()) {
        return new Images(List.of(), List.of(), Optional.of(shard));
      }
      images.add(image.get());
      unchanged.add(new Condition.RevisionIs(key, entry.get().revision()));
    }
    return new Images(images, unchanged, Optional.empty());
  }

  private Optional<Image> image(ShardPointer pointer, long mark) {
    if (pointer.isHalted()) {
      throw ErrorCode.SERVICE_UNAVAILABLE.because(
          "shard %s is halted: what it holds is not known", pointer.shard());
    }
    return read(pointer).stream()
        .flatMap(manifest -> manifest.checkpoint().marks().stream())
        .filter(point -> point.mark() == mark)
        .map(point -> new Image(pointer.manifest(), point.version()))
        .findFirst();
  }

  /// It may have been swept since its pointer was read: then there is a newer one.
  private Optional<Manifest> read(ShardPointer pointer) {
    try {
      return Optional.of(manifests.read(pointer.manifest()));
    } catch (DbException e) {
      if (e.code() != ErrorCode.STORAGE_KEY_NOT_FOUND) {
        throw e;
      }
      return Optional.empty();
    }
  }

  private Snapshot snapshot(Draft draft, Images images) {
    Collection collection = draft.quiet().collection();
    List<IndexDefinition> indexes =
        meta.range(MetaKeys.indexes(collection.id())).entries().stream()
            .map(CatalogCodec::index)
            .toList();
    return new Snapshot(
        freshId.getAsLong(),
        draft.name(),
        draft.description(),
        collection,
        indexes,
        draft.mark(),
        images.images());
  }

  private boolean hasChanged(Quiet quiet) {
    return meta.get(MetaKeys.collection(quiet.collection().id()))
        .filter(entry -> entry.revision() == quiet.revision())
        .isEmpty();
  }

  private void pause(int looks, Deadline deadline, String why) {
    Duration pause = LOOK.pause(looks, run.random());
    if (deadline.remaining(run).compareTo(pause) <= 0) {
      throw ErrorCode.TIMEOUT.because("timeout taking a snapshot: %s", why);
    }
    run.sleep(pause);
  }
}
