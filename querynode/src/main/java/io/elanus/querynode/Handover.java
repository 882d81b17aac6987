package io.elanus.querynode;

import io.elanus.common.error.DbException;
import io.elanus.common.model.NodeId;
import io.elanus.common.model.SegmentId;
import io.elanus.common.run.Backoff;
import io.elanus.common.run.Deadline;
import io.elanus.common.run.FanOut;
import io.elanus.common.run.Run;
import io.elanus.common.run.Ticker;
import io.elanus.segment.shard.ReadPoint;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Hands segments of a leader over to the nodes that its route names for them: asks these until they could
/// answer a read, and only then tells the leader, which lets go.
final class Handover implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Handover.class);
  private static final Backoff AGAIN = new Backoff(Duration.ofMillis(50), Duration.ofSeconds(5));

  /// Only a guard: what is to be handed over is announced.
  private static final Duration CHECK = Duration.ofMinutes(10);

  /// How long a holder may take its time within one call.
  private static final Duration WAIT = Duration.ofSeconds(5);

  private static final Duration CALL_TIMEOUT = Duration.ofSeconds(20);

  private final Run run;
  private final ShardLeader leader;
  private final HolderCalls calls;
  private final FanOut fanOut;
  private final Ticker ticker;

  Handover(Run run, ShardLeader leader, HolderCalls calls) {
    this.run = run;
    this.leader = leader;
    this.calls = calls;
    this.fanOut = new FanOut(run);
    this.ticker = Ticker.start(run, "handover-" + leader.shard(), CHECK, this::handOver);
  }

  void wake() {
    ticker.wake();
  }

  @Override
  public void close() {
    ticker.close();
  }

  private void handOver() {
    int failures = 0;
    for (Map<NodeId, List<SegmentId>> asked = leader.unanswered();
        !asked.isEmpty();
        asked = leader.unanswered()) {
      Optional<ReadPoint> point = leader.point();
      if (point.isEmpty()) {
        return;
      }
      failures = askAll(asked, point.get()) ? 0 : failures + 1;
      if (failures > 0) {
        run.sleep(AGAIN.pause(failures, run.random()));
      }
    }
  }

  /// @return whether some holder could answer for some segment
  private boolean askAll(Map<NodeId, List<SegmentId>> asked, ReadPoint point) {
    Deadline deadline = Deadline.after(run, CALL_TIMEOUT);
    return fanOut
        .all(
            asked.entrySet(),
            Deadline.NEVER,
            ask -> ask(ask.getKey(), ask.getValue(), point, deadline))
        .contains(true);
  }

  private boolean ask(NodeId holder, List<SegmentId> segments, ReadPoint point, Deadline deadline) {
    try {
      Set<SegmentId> ready = calls.prepare(holder, point, segments, WAIT, deadline);
      if (!ready.isEmpty()) {
        leader.answered(holder, ready);
      }
      return !ready.isEmpty();
    } catch (DbException e) {
      log.debug("holder is not ready shard={} node={}", leader.shard(), holder, e);
      return false;
    }
  }
}
