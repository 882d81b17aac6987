package io.elanus.querycoord;

import io.elanus.common.error.DbException;
import io.elanus.common.model.NodeId;
import io.elanus.common.run.Backoff;
import io.elanus.common.run.Deadline;
import io.elanus.common.run.Gate;
import io.elanus.common.run.Run;
import io.elanus.common.run.Task;
import io.elanus.proto.internal.NodeStatusRequest;
import io.elanus.proto.internal.NodeStatusResponse;
import io.elanus.querycoord.placement.NodeReport;
import io.elanus.rpc.internal.Peers;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What query nodes say of themselves. Each is asked over and over, and answers when something has changed,
/// or nothing has for a long time: an idle cluster stays idle.
final class NodeReports implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(NodeReports.class);
  private static final Backoff BACKOFF = new Backoff(Duration.ofMillis(100), Duration.ofSeconds(5));

  /// Between two answers that both brought something: a node that loads changes all the time.
  private static final Duration AFTER_NEWS = Duration.ofMillis(50);

  /// After an answer that came early and brought nothing, of a node that does not wait.
  private static final Duration AFTER_NOTHING = Duration.ofSeconds(1);

  private final Run run;
  private final Peers peers;
  private final Duration wait;
  private final Runnable onChange;
  private final Gate gate;

  // guarded by gate
  private final Map<NodeId, Task> followers = new HashMap<>();
  private final Map<NodeId, NodeReport> reports = new HashMap<>();
  private boolean closed;

  /// @param wait how long a node holds its answer back while nothing changes
  /// @param onChange told of each report that differs from the one before; must not block
  NodeReports(Run run, Peers peers, Duration wait, Runnable onChange) {
    this.run = run;
    this.peers = peers;
    this.wait = wait;
    this.onChange = onChange;
    this.gate = run.gate();
  }

  /// The last report of each node that is followed and has answered.
  Map<NodeId, NodeReport> now() {
    return gate.read(() -> Map.copyOf(reports));
  }

  /// From now on just these. Called by one thread at a time.
  void follow(Set<NodeId> nodes) {
    Set<NodeId> gone = gate.read(() -> new HashSet<>(followers.keySet()));
    gone.removeAll(nodes);
    gone.forEach(this::forget);
    nodes.stream()
        .filter(node -> gate.read(() -> !closed && !followers.containsKey(node)))
        .forEach(this::start);
  }

  private void start(NodeId node) {
    Task follower = run.fork("status of " + node, () -> loop(node));
    gate.change(() -> followers.put(node, follower));
  }

  private void forget(NodeId node) {
    Optional<Task> follower =
        gate.change(() -> {
          reports.remove(node);
          return Optional.ofNullable(followers.remove(node));
        });
    follower.ifPresent(task -> {
      task.cancel();
      task.awaitEnd();
    });
    gate.change(() -> reports.remove(node));
  }

  private void loop(NodeId node) {
    long seen = 0;
    int failures = 0;
    while (!gate.read(() -> closed)) {
      Duration pause;
      try {
        long asked = run.nanoTime();
        NodeStatusResponse status = ask(node, seen);
        seen = status.getSeen();
        failures = 0;
        pause = take(node, NodeReport.of(status)) ? AFTER_NEWS : idle(asked);
      } catch (DbException e) {
        failures++;
        log.debug("status not heard node={} failures={}", node, failures, e);
        pause = BACKOFF.pause(failures, run.random());
      }
      gate.await(() -> closed, Deadline.after(run, pause));
    }
  }

  private NodeStatusResponse ask(NodeId node, long seen) {
    return peers
        .queryNode(node)
        .nodeStatus(
            NodeStatusRequest.newBuilder().setSeen(seen).setWaitMillis(wait.toMillis()).build());
  }

  private Duration idle(long asked) {
    return run.nanoTime() - asked < wait.toNanos() / 2 ? AFTER_NOTHING : AFTER_NEWS;
  }

  /// @return whether it says something new
  private boolean take(NodeId node, NodeReport report) {
    boolean news = gate.change(() -> !report.equals(reports.put(node, report)));
    if (news) {
      onChange.run();
    }
    return news;
  }

  @Override
  public void close() {
    gate.change(() -> closed = true);
    follow(Set.of());
  }
}
