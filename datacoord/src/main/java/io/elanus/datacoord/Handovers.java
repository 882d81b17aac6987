package io.elanus.datacoord;

import io.elanus.common.meta.LiveNodes;
import io.elanus.common.model.NodeId;
import io.elanus.common.run.Deadline;
import io.elanus.common.run.FanOut;
import io.elanus.common.run.Gate;
import io.elanus.common.run.Run;
import io.elanus.common.run.Ticker;
import io.elanus.datacoord.LogPlacement.Move;
import io.elanus.proto.internal.FlushLogRequest;
import io.elanus.rpc.internal.Peers;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Takes logs from owners that live: all of those that leave, and for balance one after the other. The old
/// owner flushes first, so that the new one starts near the log's end.
///
/// ```
///  from: flush the log up to its end ── committed, or not in time ──> owner/<log> = to, epoch + 1
/// ```
///
/// For balance nothing is moved before the cluster has been calm for a while, and not from an owner that does
/// not answer: a node that restarts, or a coordinator that does, moves nothing.
final class Handovers implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Handovers.class);

  /// Wakes do the work; this only bounds how long a defect in them could last.
  private static final Duration SAFETY_NET = Duration.ofMinutes(10);

  /// Logs of leaving nodes that are flushed at once.
  private static final int PARALLEL = 16;

  private final Run run;
  private final Peers peers;
  private final DataCoordConfig.Moves config;
  private final LiveNodes nodes;
  private final Supplier<DataState> state;
  private final Consumer<Move> commit;
  private final FanOut fanOut;
  private final Gate gate;
  private final Ticker ticker;

  // guarded by gate
  private Set<NodeId> stayed = Set.of();
  private Deadline calmFrom;

  /// @param commit makes a move true
  Handovers(
      DataCoordPorts ports,
      DataCoordConfig config,
      LiveNodes nodes,
      Supplier<DataState> state,
      Consumer<Move> commit) {
    this.run = ports.run();
    this.peers = ports.peers();
    this.config = config.moves();
    this.nodes = nodes;
    this.state = state;
    this.commit = commit;
    this.fanOut = new FanOut(run).atMost(PARALLEL);
    this.gate = run.gate();
    this.calmFrom = Deadline.after(run, this.config.balanceAfter());
    this.ticker = Ticker.start(run, "handovers", SAFETY_NET, this::round);
  }

  /// Nodes came or went, or logs changed hands.
  void wake() {
    ticker.wake();
  }

  @Override
  public void close() {
    ticker.close();
  }

  private void round() {
    Set<NodeId> staying = nodes.now();
    Deadline calm = calmFrom(staying);
    Set<NodeId> leaving = new TreeSet<>(nodes.members().keySet());
    leaving.removeAll(staying);
    List<Move> away = LogPlacement.leave(state.get().owners(), staying, leaving);
    if (!away.isEmpty()) {
      fanOut.each(away, Deadline.NEVER, this::leave);
      ticker.wake();
      return;
    }
    Optional<Move> balancing = LogPlacement.balance(state.get().owners(), staying);
    if (balancing.isEmpty()) {
      return;
    }
    if (!calm.hasPassed(run)) {
      ticker.wakeAt(calm);
      return;
    }
    balance(balancing.get());
    ticker.wakeAt(Deadline.after(run, config.balancePause()));
  }

  /// From when on balance may be thought of.
  private Deadline calmFrom(Set<NodeId> staying) {
    Deadline fromNow = Deadline.after(run, config.balanceAfter());
    return gate.change(() -> {
      calmFrom = staying.equals(stayed) ? calmFrom : fromNow;
      stayed = staying;
      return calmFrom;
    });
  }

  private void leave(Move move) {
    flush(move);
    commit.accept(move);
    log.info("log handed over log={} from={} to={}", move.log(), move.from(), move.to());
  }

  private void balance(Move move) {
    if (flush(move)) {
      commit.accept(move);
      log.info("log moved for balance log={} from={} to={}", move.log(), move.from(), move.to());
    }
  }

  /// What is not flushed is read again by the next owner: a matter of time, not of safety.
  private boolean flush(Move move) {
    try {
      peers
          .dataNode(move.from())
          .flushLog(
              FlushLogRequest.newBuilder()
                  .setLog(move.log().value())
                  .setWaitMillis(config.flushPatience().toMillis())
                  .build());
      return true;
    } catch (RuntimeException e) {
      log.info(
          "log not flushed before its handover log={} from={} error={}",
          move.log(),
          move.from(),
          e.getMessage());
      return false;
    }
  }
}
