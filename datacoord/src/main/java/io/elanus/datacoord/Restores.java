package io.elanus.datacoord;

import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import io.elanus.common.error.ErrorKind;
import io.elanus.common.manifest.ShardPointer;
import io.elanus.common.meta.MetaKeys;
import io.elanus.common.meta.MetaStore;
import io.elanus.common.meta.MetaStore.MetaEntry;
import io.elanus.common.model.Collection;
import io.elanus.common.model.CollectionState;
import io.elanus.common.model.HybridTimestamp;
import io.elanus.common.model.Partition;
import io.elanus.common.model.PartitionId;
import io.elanus.common.model.ShardId;
import io.elanus.common.model.Snapshot;
import io.elanus.common.run.Deadline;
import io.elanus.common.run.Run;
import io.elanus.common.run.Ticker;
import io.elanus.datacoord.Restore.Phase;
import io.elanus.proto.internal.AbortRestoreRequest;
import io.elanus.proto.internal.BeginRestoreRequest;
import io.elanus.proto.internal.FinishRestoreRequest;
import io.elanus.proto.internal.RestoreProgress;
import io.elanus.rpc.codec.CatalogCodec;
import io.elanus.rpc.internal.Peers;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Restores of one term: looks what of each is there and does what comes next (docs/decisions/0114).
///
/// ```
///  no collection                  rootcoord makes it, invisible: RESTORING
///  a shard without a pointer      a job for the datanodes: its rows, and its first manifest
///  all shards have one            rootcoord appends ImportCommit and makes it visible: ACTIVE
/// ```
/// Each step is seen in the metastore, and may be done twice. So a successor goes on where its predecessor was.
final class Restores implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Restores.class);

  /// How long something may be unnoticed while a restore is under way.
  private static final Duration LOOK = Duration.ofSeconds(5);

  /// Wakes do the work while none is.
  private static final Duration SAFETY_NET = Duration.ofMinutes(10);

  /// With the pauses of the board this is an hour.
  private static final int MAX_FAILURES = 18;

  private final Run run;
  private final MetaStore meta;
  private final Peers peers;
  private final ShardManifests manifests;
  private final JobBoard<RestoreTask> board;
  private final Supplier<DataState> state;
  private final BiConsumer<Long, Phase> commit;
  private final LongSupplier freshTimestamp;

  /// Shards that have jobs on the board; the ticker's.
  private final Set<ShardId> posted = new HashSet<>();

  /// Failed restores of which nothing is left; the ticker's.
  private final Set<Long> removed = new HashSet<>();

  /// Absent while this is being made.
  private volatile @Nullable Ticker ticker;

  /// @param commit commits the phase of a restore
  Restores(
      DataCoordPorts ports,
      Duration lease,
      ShardManifests manifests,
      Supplier<DataState> state,
      BiConsumer<Long, Phase> commit,
      LongSupplier freshTimestamp) {
    this.run = ports.run();
    this.meta = ports.meta();
    this.peers = ports.peers();
    this.manifests = manifests;
    this.board = new JobBoard<>(run, lease);
    this.state = state;
    this.commit = commit;
    this.freshTimestamp = freshTimestamp;
    this.ticker = Ticker.start(run, "restoring", SAFETY_NET, this::round);
    wake(); // what the first look found to be done at once
  }

  JobBoard<RestoreTask> board() {
    return board;
  }

  void wake() {
    wakeAt(new Deadline(run.nanoTime()));
  }

  private void wakeAt(Deadline later) {
    Ticker running = ticker;
    if (running != null) {
      running.wakeAt(later);
    }
  }

  @Override
  public void close() {
    board.close();
    Ticker running = ticker;
    if (running != null) {
      running.close();
    }
  }

  /// Those that are known, oldest first.
  List<RestoreProgress> progress() {
    long now = freshTimestamp.getAsLong();
    return state.get().restores().values().stream().map(r -> progress(r, now)).toList();
  }

  private RestoreProgress progress(Restore restore, long now) {
    RestoreProgress.Builder progress = RestoreProgress.newBuilder().setRestore(restore.encode());
    long end =
        switch (restore.phase()) {
          case Phase.Running(var snapshot, _) -> {
            progress.setPercent(100 * pointers(restore).size() / (snapshot.shards().size() + 1));
            yield now;
          }
          case Phase.Completed(var ended) -> {
            progress.setPercent(100);
            yield ended;
          }
          case Phase.Failed(var ended, _) -> ended;
        };
    return progress
        .setMillis(HybridTimestamp.millis(end) - HybridTimestamp.millis(restore.started()))
        .build();
  }

  private void round() {
    try {
      lookAtAll();
    } catch (DbException e) {
      if (e.code() != ErrorCode.LEADERSHIP_LOST) {
        throw e;
      }
    }
  }

  private void lookAtAll() {
    for (Restore restore : state.get().restores().values()) {
      switch (restore.phase()) {
        case Phase.Running running -> laterIfNotNow(restore, () -> step(restore, running));
        case Phase.Failed _ -> {
          if (!removed.contains(restore.id())) {
            laterIfNotNow(restore, () -> removeLeftOver(restore));
          }
        }
        case Phase.Completed _ -> {}
      }
    }
    SortedMap<Long, Restore> left = state.get().restores();
    removed.retainAll(left.keySet());
    if (left.values().stream().anyMatch(this::isOpen)) {
      wakeAt(Deadline.after(run, LOOK));
    }
  }

  private boolean isOpen(Restore restore) {
    return switch (restore.phase()) {
      case Phase.Running _ -> true;
      case Phase.Failed _ -> !removed.contains(restore.id());
      case Phase.Completed _ -> false;
    };
  }

  private void laterIfNotNow(Restore restore, Runnable step) {
    try {
      step.run();
    } catch (DbException e) {
      if (e.code() == ErrorCode.LEADERSHIP_LOST || e.code() == ErrorCode.CANCELED) {
        throw e;
      }
      log.info("restore waits restore={} reason={}", restore.id(), e.text());
    }
  }

  private void step(Restore restore, Phase.Running running) {
    Optional<Collection> target = target(restore);
    if (target.isEmpty()) {
      if (running.made()) {
        complete(restore); // and dropped since
      } else {
        begin(restore, running);
      }
      return;
    }
    if (!running.made()) {
      commit.accept(restore.id(), new Phase.Running(running.snapshot(), true));
    }
    switch (target.get().state()) {
      case ACTIVE -> complete(restore);
      case RESTORING -> fill(restore, running.snapshot(), target.get());
      case DROPPING -> fail(restore, "the collection was dropped");
    }
  }

  private Optional<Collection> target(Restore restore) {
    return meta.get(MetaKeys.collection(restore.target())).map(CatalogCodec::collection);
  }

  private void begin(Restore restore, Phase.Running running) {
    MetaEntry entry =
        meta.get(MetaKeys.restore(restore.id()))
            .filter(e -> Restore.decode(e).equals(restore))
            .orElseThrow(
                () -> ErrorCode.SERVICE_UNAVAILABLE.because("restore %d goes on", restore.id()));
    Snapshot snapshot = running.snapshot();
    try {
      peers
          .rootCoord()
          .beginRestore(
              BeginRestoreRequest.newBuilder()
                  .setRestoreId(restore.id())
                  .setRestoreRevision(entry.revision())
                  .setCollectionId(restore.target().value())
                  .setDatabase(restore.database())
                  .setName(restore.collection())
                  .setSource(CatalogCodec.encode(snapshot.collection()))
                  .addAllIndexes(snapshot.indexes().stream().map(CatalogCodec::encode).toList())
                  .build());
    } catch (DbException e) {
      boolean forGood = e.kind() == ErrorKind.BAD_REQUEST || isFull(e);
      if (!forGood) {
        throw e;
      }
      fail(restore, e.text());
      return;
    }
    commit.accept(restore.id(), new Phase.Running(snapshot, true));
    wake();
  }

  private static boolean isFull(DbException error) {
    return error.code() == ErrorCode.COLLECTION_LIMIT_EXCEEDED;
  }

  private void fill(Restore restore, Snapshot snapshot, Collection target) {
    SortedMap<ShardId, ShardPointer> begun = pointers(restore);
    for (int shard = 0; shard < target.shardCount(); shard++) {
      ShardId id = target.shard(shard);
      if (begun.containsKey(id)) {
        withdraw(id);
      } else {
        Snapshot.Image image = snapshot.shards().get(shard);
        RestoreTask task =
            new RestoreTask(id, image.version(), partitions(snapshot.collection(), target));
        if (board.failures(task) >= MAX_FAILURES) {
          fail(restore, board.failure(task::equals).orElse("it cannot be read"));
          return;
        }
        board.put(id, image.manifest(), List.of(task));
        posted.add(id);
      }
    }
    if (begun.size() == target.shardCount()) {
      peers
          .rootCoord()
          .finishRestore(
              FinishRestoreRequest.newBuilder()
                  .setCollectionId(target.id().value())
                  .addAllVersions(
                      begun.values().stream().map(ShardPointer::effectiveVersion).toList())
                  .build());
      complete(restore);
    }
  }

  private SortedMap<ShardId, ShardPointer> pointers(Restore restore) {
    SortedMap<ShardId, ShardPointer> pointers = new TreeMap<>();
    manifests.pointers(restore.target()).forEach(p -> pointers.put(p.shard(), p));
    return pointers;
  }

  /// They were made in the same order.
  private static Map<PartitionId, PartitionId> partitions(Collection source, Collection target) {
    Map<PartitionId, PartitionId> partitions = new HashMap<>();
    for (Partition partition : source.partitions()) {
      Partition same =
          target
              .partition(partition.name())
              .orElseThrow(() -> ErrorCode.PARTITION_NOT_FOUND.with("partition", partition.name()));
      partitions.put(partition.id(), same.id());
    }
    return partitions;
  }

  private void withdraw(ShardId shard) {
    if (posted.remove(shard)) {
      board.remove(shard);
    }
  }

  private void complete(Restore restore) {
    commit.accept(restore.id(), new Phase.Completed(freshTimestamp.getAsLong()));
    log.info(
        "snapshot restored restore={} snapshot={} of={} collection={} name={}",
        restore.id(),
        restore.snapshotName(),
        restore.source(),
        restore.target(),
        restore.collection());
  }

  private void fail(Restore restore, String reason) {
    commit.accept(restore.id(), new Phase.Failed(freshTimestamp.getAsLong(), reason));
    log.warn("snapshot not restored restore={} reason={}", restore.id(), reason);
    wake();
  }

  /// Of a restore that is known to have failed.
  private void removeLeftOver(Restore restore) {
    Optional<Collection> left = target(restore).filter(c -> c.state() == CollectionState.RESTORING);
    if (left.isEmpty()) {
      removed.add(restore.id());
      return;
    }
    for (int shard = 0; shard < left.get().shardCount(); shard++) {
      withdraw(left.get().shard(shard));
    }
    peers
        .rootCoord()
        .abortRestore(
            AbortRestoreRequest.newBuilder().setCollectionId(restore.target().value()).build());
  }
}
