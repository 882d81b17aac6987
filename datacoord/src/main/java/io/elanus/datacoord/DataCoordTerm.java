package io.elanus.datacoord;

import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import io.elanus.common.error.ErrorKind;
import io.elanus.common.manifest.Manifest;
import io.elanus.common.meta.CommittedState;
import io.elanus.common.meta.Leadership;
import io.elanus.common.meta.Ledger;
import io.elanus.common.meta.LiveNodes;
import io.elanus.common.model.IndexDefinition;
import io.elanus.common.model.NodeId;
import io.elanus.common.model.ShardId;
import io.elanus.common.object.ObjectKey;
import io.elanus.common.run.Closer;
import io.elanus.common.run.CommandLoop;
import io.elanus.common.run.Deadline;
import io.elanus.common.run.Run;
import io.elanus.common.run.Ticker;
import io.elanus.rpc.codec.MemberCodec;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Datacoord from its election to its loss: owners and flushes, the board of index jobs, and the loops
/// that keep them up to what nodes and shards do. The loops sleep while nothing changes.
final class DataCoordTerm implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(DataCoordTerm.class);

  private static final int BATCH = 64;

  /// Wakes do the work; this only bounds how long a defect in them could last.
  private static final Duration SAFETY_NET = Duration.ofMinutes(10);

  private final Run run;
  private final Duration timeout;
  private final Leadership leadership;
  private final ShardManifests manifests;
  private final CommittedState<DataState, DataCommand, DataChange, DataAnswer> data;
  private final JobBoard<IndexPlan.Missing> board;
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
    this.timeout = config.requestTimeout();
    this.leadership = leadership;
    this.manifests = manifests;
    Ledger ledger = new Ledger(run, ports.meta(), leadership, DataCoordRole.NAME);
    DataState initial = DataLoader.load(ports.meta());
    DataRules rules = new DataRules(ports.wal().logCount(), config.maxFlushes());
    var limits = new CommandLoop.Limits(config.queuedCommands(), BATCH);
    var setup = new CommittedState.Setup<DataChange>("data", limits, _ -> {});
    this.board = new JobBoard<>(run, config.jobLease());
    this.indexPlan = new IndexPlan(config.minIndexRows());
    this.deathGrace = config.moves().deathGrace();
    closer.add(board::close);
    this.data = closer.add(CommittedState.start(run, ledger, rules, initial, setup));
    FlushProgress progress = new FlushProgress(ports.meta(), manifests);
    this.hints = closer.add(new FlushHints(ports, progress, data::now, this::closeNotes));
    this.nodes =
        closer.add(
            LiveNodes.watch(
                run, ports.meta(), "datanode", MemberCodec::decode, this::nodesChanged));
    this.shards = closer.add(new ShardMirror(run, ports.meta(), () -> wake(planning)));
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

  DataCounts counts() {
    return new DataCounts(nodes.members().size(), data.now().owners().size(), board.counts());
  }

  @Override
  public void close() {
    closer.close();
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
      shards
          .orphans()
          .forEach((gone, orphans) -> submitAll(new DataCommand.RemovePointers(gone, orphans)));
    });
  }

  /// A manifest that cannot be read keeps its own shard without indexes, no other. Its owner alarms.
  private void planUnlessDamaged(ShardId shard) {
    try {
      planShard(shard);
    } catch (DbException e) {
      if (e.kind() != ErrorKind.CORRUPT) {
        throw e;
      }
      log.warn("no indexes planned for shard={}", shard, e);
      board.remove(shard);
      shards.settled(shard, shards.manifest(shard));
    }
  }

  private void planShard(ShardId shard) {
    Optional<ObjectKey> manifest = shards.manifest(shard);
    List<IndexDefinition> indexes =
        shards.definitions(shard.collection()).stream()
            .filter(index -> IndexPlan.hasFiles(index, shards.field(index)))
            .toList();
    if (manifest.isEmpty() || indexes.isEmpty()) {
      board.remove(shard);
    } else {
      Manifest newest = manifests.read(manifest.get());
      board.put(shard, manifest.get(), indexPlan.missing(newest, indexes));
    }
    shards.settled(shard, manifest);
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
