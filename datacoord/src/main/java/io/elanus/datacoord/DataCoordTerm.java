package io.elanus.datacoord;

import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import io.elanus.common.error.ErrorKind;
import io.elanus.common.manifest.Manifest;
import io.elanus.common.meta.CommittedState;
import io.elanus.common.meta.Leadership;
import io.elanus.common.meta.Ledger;
import io.elanus.common.meta.LiveNodes;
import io.elanus.common.meta.MetaStore.Condition;
import io.elanus.common.model.Collection;
import io.elanus.common.model.CollectionId;
import io.elanus.common.model.IndexDefinition;
import io.elanus.common.model.NodeId;
import io.elanus.common.model.ShardId;
import io.elanus.common.model.Snapshot;
import io.elanus.common.object.ObjectKey;
import io.elanus.common.run.Closer;
import io.elanus.common.run.CommandLoop;
import io.elanus.common.run.Deadline;
import io.elanus.common.run.Run;
import io.elanus.common.run.Ticker;
import io.elanus.proto.internal.AllocateIdsRequest;
import io.elanus.proto.internal.AllocateTimestampRequest;
import io.elanus.rpc.codec.MemberCodec;
import io.elanus.rpc.internal.Peers;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Datacoord from its election to its loss: owners and flushes, the boards of jobs, and the loops
/// that keep them up to what nodes and shards do. The loops sleep while nothing changes.
final class DataCoordTerm implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(DataCoordTerm.class);

  private static final int BATCH = 64;

  /// Wakes do the work; this only bounds how long a defect in them could last.
  private static final Duration SAFETY_NET = Duration.ofMinutes(10);

  private final Run run;
  private final DataCoordConfig config;
  private final Duration timeout;
  private final Leadership leadership;
  private final ShardManifests manifests;
  private final CommittedState<DataState, DataCommand, DataChange, DataAnswer> data;
  private final JobBoard<IndexPlan.Missing> board;
  private final Compactions compactions;
  private final Restores restores;
  private final SnapshotObjects snapshotObjects;
  private final LongSupplier freshId;
  private final Swaps swaps;
  private final Sweeper sweeper;
  private final IndexPlan indexPlan;
  private final FlushHints hints;
  private final Duration deathGrace;
  private final LiveNodes nodes;
  private final ShardMirror shards;
  private final Closer closer = new Closer();

  /// Absent while the term is being made: each looks at everything when it starts.
  private volatile @Nullable Ticker assigning;

  private volatile @Nullable Handovers handovers;

  private volatile @Nullable Ticker planning;

  DataCoordTerm(
      DataCoordPorts ports,
      DataCoordConfig config,
      ShardManifests manifests,
      Leadership leadership) {
    this.run = ports.run();
    this.config = config;
    this.timeout = config.requestTimeout();
    this.leadership = leadership;
    this.manifests = manifests;
    Ledger ledger = new Ledger(run, ports.meta(), leadership, DataCoordRole.NAME);
    DataState initial = DataLoader.load(ports.meta());
    DataRules rules =
        new DataRules(ports.wal().logCount(), config.maxFlushes(), config.snapshots());
    var limits = new CommandLoop.Limits(config.queuedCommands(), BATCH);
    var setup = new CommittedState.Setup<DataChange>("data", limits, _ -> {});
    this.board = new JobBoard<>(run, config.jobLease());
    this.indexPlan = new IndexPlan(config.minIndexRows());
    this.deathGrace = config.moves().deathGrace();
    closer.add(board::close);
    this.freshId = () -> freshId(ports.peers());
    this.data = closer.add(CommittedState.start(run, ledger, rules, initial, setup));
    this.compactions =
        new Compactions(run, config.compaction(), config.jobLease(), manifests, data::now);
    closer.add(compactions.board()::close);
    this.snapshotObjects = new SnapshotObjects(run, ports.objects());
    this.restores =
        closer.add(
            new Restores(
                ports,
                config.jobLease(),
                manifests,
                data::now,
                this::commitPhase,
                () -> freshTimestamp(ports.peers())));
    ShardOwners owners = new ShardOwners(ports.meta(), ports.peers(), data::now);
    this.swaps = closer.add(new Swaps(run, owners, freshId, indexPlan));
    this.sweeper =
        closer.add(
            new Sweeper(
                ports,
                config.sweepGrace(),
                manifests,
                owners,
                freshId,
                this::oldestRunning,
                this::keepSnapshots));
    FlushProgress progress = new FlushProgress(ports.meta(), manifests);
    this.hints = closer.add(new FlushHints(ports, progress, data::now, this::closeNotes));
    this.nodes =
        closer.add(
            LiveNodes.watch(
                run, ports.meta(), "datanode", MemberCodec::decode, this::nodesChanged));
    this.shards = closer.add(new ShardMirror(run, ports.meta(), this::shardsChanged));
    this.assigning = closer.add(Ticker.start(run, "assigning", SAFETY_NET, this::assign));
    this.handovers = closer.add(new Handovers(ports, config, nodes, data::now, this::commitMove));
    this.planning = closer.add(Ticker.start(run, "planning", SAFETY_NET, this::plan));
    nodesChanged(); // news that came before there was anybody to wake
    wake(planning);
  }

  /// The newest committed state, no older than this call.
  DataState confirmed() {
    leadership.confirm(deadline());
    return data.now();
  }

  void addNote(FlushNote note) {
    data.submit(new DataCommand.AddNote(note), deadline());
    hints.wake();
  }

  /// @throws DbException `LEADERSHIP_LOST`: what this board says counts no more
  JobBoard<IndexPlan.Missing> board() {
    leadership.check();
    return board;
  }

  /// @throws DbException as [#board]
  Compactions compactions() {
    leadership.check();
    return compactions;
  }

  /// Has everything of a collection compacted that can be.
  ///
  /// @return what was noted; its id is not, when there is nothing to do
  CompactionNote compact(Collection collection, CompactionPlan.Demand demand) {
    leadership.check();
    CompactionNote note = compactions.note(freshId.getAsLong(), collection, demand);
    if (!note.wanted().isEmpty()) {
      data.submit(new DataCommand.AddCompaction(note), deadline());
      shards.touch(collection.id());
    }
    return note;
  }

  /// @throws DbException when there may be no such snapshot
  void requireRoom(CollectionId collection, String name) {
    SnapshotRules.requireRoom(confirmed(), collection, name, config.snapshots());
  }

  /// @param unchanged holds as long as the snapshot is what it says
  /// @return false when that is not so
  boolean add(Snapshot snapshot, List<Condition> unchanged, Deadline deadline) {
    DataAnswer answer = data.submit(new DataCommand.AddSnapshot(snapshot, unchanged), deadline);
    if (answer != DataAnswer.DONE) {
      return false;
    }
    keepSnapshots();
    return true;
  }

  private void keepSnapshots() {
    snapshotObjects.keep(data.now().snapshots().values());
  }

  /// @throws DbException as [#board]
  Restores restores() {
    leadership.check();
    return restores;
  }

  void addRestore(Restore restore) {
    data.submit(new DataCommand.AddRestore(restore), deadline());
    restores.wake();
  }

  void dropSnapshot(CollectionId collection, String name) {
    snapshotObjects.delete(SnapshotRules.requireIdle(confirmed(), collection, name));
    data.submit(new DataCommand.RemoveSnapshot(collection, name), deadline());
  }

  DataCounts counts() {
    return new DataCounts(
        nodes.members().size(),
        data.now().owners().size(),
        board.counts(),
        compactions.board().counts(),
        sweeper.sweptObjects(),
        sweeper.failures(),
        data.now().snapshots().size(),
        restores.board().counts());
  }

  private long oldestRunning() {
    return Math.min(
        board.oldestHeld().orElse(Long.MAX_VALUE),
        Math.min(
            compactions.board().oldestHeld().orElse(Long.MAX_VALUE),
            restores.board().oldestHeld().orElse(Long.MAX_VALUE)));
  }

  private static long freshId(Peers peers) {
    return peers
        .rootCoord()
        .allocateIds(AllocateIdsRequest.newBuilder().setCount(1).build())
        .getFirst();
  }

  @Override
  public void close() {
    closer.close();
  }

  private static long freshTimestamp(Peers peers) {
    return peers
        .rootCoord()
        .allocateTimestamp(AllocateTimestampRequest.newBuilder().setCount(1).build())
        .getFirst();
  }

  private void commitPhase(long restore, Restore.Phase phase) {
    data.submit(new DataCommand.PutPhase(restore, phase), deadline());
  }

  private void shardsChanged() {
    wake(planning);
    if (!data.now().runningRestores().isEmpty()) {
      restores.wake();
    }
  }

  private void closeNotes(List<Long> ids) {
    submitAll(new DataCommand.CloseNotes(ids));
  }

  private void nodesChanged() {
    wake(assigning);
    Handovers moving = handovers;
    if (moving != null) {
      moving.wake();
    }
  }

  private void assign() {
    unlessLost(() -> submitAll(new DataCommand.AssignLogs(nodes.now(), kept())));
  }

  /// Datanodes whose logs are left alone: those that are there, and for a while after we lost sight of
  /// them ourselves all that own any.
  private Set<NodeId> kept() {
    Set<NodeId> kept = new TreeSet<>(nodes.members().keySet());
    Optional<Deadline> grace =
        nodes
            .regainedNanoTime()
            .map(at -> new Deadline(at + deathGrace.toNanos()))
            .filter(end -> !end.hasPassed(run));
    grace.ifPresent(end -> {
      data.now().owners().values().forEach(owner -> kept.add(owner.node()));
      Optional.ofNullable(assigning).ifPresent(ticker -> ticker.wakeAt(end));
    });
    return kept;
  }

  /// The new owner may be gone by now, which nobody noticed while it owned nothing.
  private void commitMove(LogPlacement.Move move) {
    unlessLost(() -> data.submit(new DataCommand.MoveLog(move), deadline()));
    wake(assigning);
  }

  private void plan() {
    unlessLost(() -> {
      shards.changed().forEach(this::planUnlessDamaged);
      List<Long> compacted = compactions.done();
      if (!compacted.isEmpty()) {
        submitAll(new DataCommand.CloseCompactions(compacted));
      }
      shards
          .orphans()
          .forEach((gone, orphans) -> submitAll(new DataCommand.RemovePointers(gone, orphans)));
      data.now().snapshots().values().stream()
          .map(Snapshot::of)
          .distinct()
          .filter(shards::isGone)
          .forEach(gone -> submitAll(new DataCommand.RemoveSnapshots(gone)));
    });
  }

  /// A manifest that cannot be read keeps its own shard without background work, no other. Its owner alarms.
  private void planUnlessDamaged(ShardId shard) {
    try {
      planShard(shard);
    } catch (DbException e) {
      if (e.kind() != ErrorKind.CORRUPT) {
        throw e;
      }
      log.warn("nothing planned for shard={}", shard, e);
      forget(shard);
      shards.settled(shard, shards.manifest(shard));
    }
  }

  private void planShard(ShardId shard) {
    Optional<ObjectKey> manifest = shards.manifest(shard);
    manifest.ifPresentOrElse(key -> planShard(shard, key), () -> forget(shard));
    shards.settled(shard, manifest);
  }

  private void planShard(ShardId shard, ObjectKey manifest) {
    List<IndexDefinition> indexes = indexes(shard.collection());
    Manifest newest = manifests.read(manifest);
    board.put(shard, manifest, indexPlan.missing(newest, indexes));
    swaps.plan(newest, indexes);
    compactions.plan(newest, manifest, shards.isCompacted(shard.collection()));
  }

  /// Those that have files.
  private List<IndexDefinition> indexes(CollectionId collection) {
    return shards.definitions(collection).stream()
        .filter(index -> IndexPlan.hasFiles(index, shards.field(index)))
        .toList();
  }

  /// From how many rows on a new segment waits for its index files; 0: none does.
  int stageFromRows(CollectionId collection) {
    return indexes(collection).isEmpty() ? 0 : indexPlan.minRows();
  }

  private void forget(ShardId shard) {
    board.remove(shard);
    compactions.remove(shard);
    swaps.remove(shard);
  }

  private void submitAll(DataCommand command) {
    DataAnswer answer = DataAnswer.MORE;
    while (answer == DataAnswer.MORE) {
      answer = data.submit(command, deadline());
    }
  }

  private static void unlessLost(Runnable action) {
    try {
      action.run();
    } catch (DbException e) {
      if (e.code() != ErrorCode.LEADERSHIP_LOST) {
        throw e;
      }
    }
  }

  private static void wake(@Nullable Ticker ticker) {
    if (ticker != null) {
      ticker.wake();
    }
  }

  private Deadline deadline() {
    return Deadline.after(run, timeout);
  }
}
