package io.elanus.datacoord;

import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import io.elanus.common.manifest.Manifest;
import io.elanus.common.meta.CommittedState;
import io.elanus.common.meta.Leadership;
import io.elanus.common.meta.Ledger;
import io.elanus.common.meta.LiveNodes;
import io.elanus.common.model.IndexDefinition;
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
import org.jspecify.annotations.Nullable;

/// Datacoord from its election to its loss: owners and flushes, the board of index jobs, and the loops
/// that keep them up to what nodes and shards do. The loops sleep while nothing changes.
final class DataCoordTerm implements AutoCloseable {
  private static final int BATCH = 64;

  /// Wakes do the work; this only bounds how long a defect in them could last.
  private static final Duration SAFETY_NET = Duration.ofMinutes(10);

  private final Run run;
  private final Duration timeout;
  private final Leadership leadership;
  private final ShardManifests manifests;
  private final CommittedState<DataState, DataCommand, DataChange, DataAnswer> data;
  private final JobBoard board;
  private final FlushHints hints;
  private final LiveNodes nodes;
  private final ShardMirror shards;
  private final Closer closer = new Closer();

  /// Absent while the term is being made: each looks at everything when it starts.
  private volatile @Nullable Ticker assigning;

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
    this.board = new JobBoard(run, config.jobLease());
    closer.add(board::close);
    this.data = closer.add(CommittedState.start(run, ledger, rules, initial, setup));
    FlushProgress progress = new FlushProgress(ports.meta(), manifests);
    this.hints = closer.add(new FlushHints(ports, progress, data::now, this::closeNotes));
    this.nodes =
        closer.add(
            LiveNodes.watch(
                run, ports.meta(), "datanode", MemberCodec::decode, () -> wake(assigning)));
    this.shards = closer.add(new ShardMirror(run, ports.meta(), () -> wake(planning)));
    this.assigning = closer.add(Ticker.start(run, "assigning", SAFETY_NET, this::assign));
    this.planning = closer.add(Ticker.start(run, "planning", SAFETY_NET, this::plan));
    wake(assigning); // news that came before there was anybody to wake
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
  JobBoard board() {
    leadership.check();
    return board;
  }

  DataState data() {
    return data.now();
  }

  @Override
  public void close() {
    closer.close();
  }

  private void closeNotes(List<Long> ids) {
    submitAll(new DataCommand.CloseNotes(ids));
  }

  private void assign() {
    unlessLost(() -> {
      DataAnswer answer = DataAnswer.MORE;
      while (answer == DataAnswer.MORE) {
        answer = data.submit(new DataCommand.AssignLogs(nodes.now()), deadline());
      }
    });
  }

  private void plan() {
    unlessLost(() -> {
      shards.changed().forEach(this::planShard);
      shards
          .orphans()
          .forEach((gone, orphans) -> submitAll(new DataCommand.RemovePointers(gone, orphans)));
    });
  }

  private void planShard(ShardId shard) {
    Optional<ObjectKey> manifest = shards.manifest(shard);
    List<IndexDefinition> indexes =
        shards.definitions(shard.collection()).stream().filter(IndexPlan::hasFiles).toList();
    if (manifest.isEmpty() || indexes.isEmpty()) {
      board.remove(shard);
    } else {
      Manifest newest = manifests.read(manifest.get());
      board.put(shard, manifest.get(), IndexPlan.missing(newest, indexes));
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
