package io.elanus.proxy.read;

import io.elanus.common.model.NodeId;
import io.elanus.common.model.ShardId;
import java.util.Comparator;
import java.util.List;
import java.util.Set;

/// Which node serves a shard nobody was given: all proxies find the same one without asking anybody, and when a
/// node goes, only its shards find another (Thaler and Ravishankar, Using name-based mappings to increase
/// hit rates, 1998).
final class Rendezvous {
  private Rendezvous() {}

  /// The nodes, the one to be asked first at the front.
  static List<NodeId> order(ShardId shard, Set<NodeId> nodes) {
    return nodes.stream()
        .sorted(
            Comparator.<NodeId>comparingLong(node -> -weight(shard, node)).thenComparing(n -> n))
        .toList();
  }

  /// 0 or more.
  private static long weight(ShardId shard, NodeId node) {
    long mixed = mix(mix(shard.collection().value()) + shard.index());
    return mix(mixed ^ node.value()) >>> 1;
  }

  /// The finalizer of SplitMix64 (Steele, Lea and Flood, 2014).
  private static long mix(long bits) {
    long z = bits + 0x9e3779b97f4a7c15L;
    z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }
}
