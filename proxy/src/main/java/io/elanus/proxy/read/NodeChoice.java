package io.elanus.proxy.read;

import io.elanus.common.model.NodeId;
import io.elanus.common.run.Run;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/// Which of several nodes gets a call: of two drawn by chance, the one that does less of this proxy's work. Two
/// are enough to keep load even, and chance keeps proxies from running after the same node
/// (Mitzenmacher, The Power of Two Choices in Randomized Load Balancing, 2001).
///
/// A node that has just failed has no work, which would make it everybody's first choice: for a moment it comes
/// after the others.
final class NodeChoice {
  /// Long enough to spare requests a failed try each, short enough that a node that is back is used.
  private static final Duration AVOIDED = Duration.ofSeconds(1);

  private final Run run;
  private final Map<NodeId, Integer> outstanding = new ConcurrentHashMap<>();
  private final Map<NodeId, Long> failedAt = new ConcurrentHashMap<>();

  NodeChoice(Run run) {
    this.run = run;
  }

  /// @param nodes at least one
  NodeId choose(List<NodeId> nodes) {
    List<NodeId> well = nodes.stream().filter(node -> !isAvoided(node)).toList();
    List<NodeId> among = well.isEmpty() ? nodes : well;
    if (among.size() == 1) {
      return among.getFirst();
    }
    RandomGenerator random = run.random();
    int first = random.nextInt(among.size());
    int second = random.nextInt(among.size() - 1);
    second += second >= first ? 1 : 0;
    return outstanding(among.get(first)) <= outstanding(among.get(second))
        ? among.get(first)
        : among.get(second);
  }

  /// Calls of this proxy the node has not answered yet.
  int outstanding(NodeId node) {
    return outstanding.getOrDefault(node, 0);
  }

  /// Makes a call of the node's work.
  <R> R during(NodeId node, Supplier<R> call) {
    outstanding.merge(node, 1, Integer::sum);
    try {
      return call.get();
    } finally {
      outstanding.computeIfPresent(node, (_, count) -> count == 1 ? null : count - 1);
    }
  }

  void failed(NodeId node) {
    failedAt.put(node, run.nanoTime());
    failedAt.values().removeIf(this::isOver);
  }

  private boolean isAvoided(NodeId node) {
    Long at = failedAt.get(node);
    return at != null && !isOver(at);
  }

  private boolean isOver(long at) {
    return run.nanoTime() - at >= AVOIDED.toNanos();
  }
}
