package io.elanus.datacoord;

import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import io.elanus.common.meta.MetaKeys;
import io.elanus.common.meta.MetaStore;
import io.elanus.common.model.Collection;
import io.elanus.common.model.NodeId;
import io.elanus.common.run.Backoff;
import io.elanus.common.run.Deadline;
import io.elanus.common.run.Gate;
import io.elanus.common.run.Run;
import io.elanus.common.run.Task;
import io.elanus.common.wal.LogId;
import io.elanus.proto.internal.FlushShardsRequest;
import io.elanus.rpc.codec.CatalogCodec;
import io.elanus.rpc.internal.Peers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Tells the owners of logs how far to flush, again and again until every shard has passed its note,
/// with growing pauses; sleeps while no flush is under way. A hint is all it is: an owner that never
/// hears of it flushes in time nevertheless.
final class FlushHints implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(FlushHints.class);
  private static final Backoff BACKOFF =
      new Backoff(Duration.ofMillis(100), Duration.ofSeconds(10));

  private final Run run;
  private final MetaStore meta;
  private final Peers peers;
  private final FlushProgress progress;
  private final Supplier<DataState> state;
  private final Consumer<List<Long>> closeNotes;
  private final Gate gate;
  private final Task task;

  // guarded by gate
  private boolean woken;
  private boolean closed;

  /// @param closeNotes commits that these notes are done
  FlushHints(
      DataCoordPorts ports,
      FlushProgress progress,
      Supplier<DataState> state,
      Consumer<List<Long>> closeNotes) {
    this.run = ports.run();
    this.meta = ports.meta();
    this.peers = ports.peers();
    this.progress = progress;
    this.state = state;
    this.closeNotes = closeNotes;
    this.gate = run.gate();
    this.task = run.fork("flush hints", this::loop);
  }

  /// There is a new note.
  void wake() {
    gate.change(() -> woken = true);
  }

  @Override
  public void close() {
    gate.change(() -> closed = true);
    task.cancel();
    task.awaitEnd();
  }

  private void loop() {
    int rounds = 0;
    while (!gate.read(() -> closed)) {
      gate.change(() -> woken = false);
      rounds = tryRound() ? 0 : rounds + 1;
      Deadline next =
          rounds == 0 ? Deadline.NEVER : Deadline.after(run, BACKOFF.pause(rounds, run.random()));
      boolean hurry = gate.await(() -> closed || woken, next);
      rounds = hurry ? 0 : rounds;
    }
  }

  /// @return whether nothing is left to do
  private boolean tryRound() {
    try {
      return round();
    } catch (RuntimeException e) { // whatever it is, the next round may be better
      boolean lost = e instanceof DbException d && d.code() == ErrorCode.LEADERSHIP_LOST;
      if (!lost && !gate.read(() -> closed)) {
        log.warn("flush round failed, will try again", e);
      }
      return false;
    }
  }

  private boolean round() {
    List<Long> done = new ArrayList<>();
    DataState now = state.get();
    for (FlushNote note : now.notes().values()) {
      List<Integer> behind = progress.behind(note);
      if (behind.isEmpty()) {
        done.add(note.id());
      } else {
        hint(now, note, behind);
      }
    }
    if (!done.isEmpty()) {
      closeNotes.accept(done);
    }
    return done.size() == now.notes().size();
  }

  private void hint(DataState now, FlushNote note, List<Integer> behind) {
    Optional<Collection> collection =
        meta.get(MetaKeys.collection(note.collection())).map(CatalogCodec::collection);
    Map<NodeId, FlushShardsRequest.Builder> hints = new TreeMap<>();
    for (int shard : collection.isPresent() ? behind : List.<Integer>of()) {
      LogId shardLog = collection.orElseThrow().shardLogs().get(shard);
      Optional.ofNullable(now.owners().get(shardLog))
          .ifPresent(owner ->
              hints
                  .computeIfAbsent(owner.node(), _ -> FlushShardsRequest.newBuilder())
                  .addPositions(note.shardPosition(shard)));
    }
    hints.forEach(
        (owner, hint) -> send(owner, hint.setCollectionId(note.collection().value()).build()));
  }

  private void send(NodeId owner, FlushShardsRequest hint) {
    try {
      peers.dataNode(owner).flushShards(hint);
    } catch (RuntimeException e) {
      log.debug("flush hint not taken node={} collection={}", owner, hint.getCollectionId(), e);
    }
  }
}
