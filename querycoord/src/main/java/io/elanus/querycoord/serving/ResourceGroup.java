package io.elanus.querycoord.serving;

import io.elanus.common.model.NodeId;
import java.util.Collections;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/// A named set of query nodes.
///
/// @param nodes of the default group always empty: it has those no other group names
public record ResourceGroup(String name, Config config, SortedSet<NodeId> nodes) {
  public static final String DEFAULT_NAME = "__default_resource_group";
  public static final int DEFAULT_CAPACITY = 1_000_000;

  /// How many nodes the group asks for, and takes at most.
  ///
  /// @param from groups that give first, `to` groups that get first
  public record Config(int requests, int limits, List<String> from, List<String> to) {
    public Config {
      from = List.copyOf(from);
      to = List.copyOf(to);
    }

    public static Config of(int requests, int limits) {
      return new Config(requests, limits, List.of(), List.of());
    }
  }

  public ResourceGroup {
    nodes = Collections.unmodifiableSortedSet(new TreeSet<>(nodes));
  }

  public static ResourceGroup empty(String name, Config config) {
    return new ResourceGroup(name, config, new TreeSet<>());
  }

  /// The default group as long as nobody has configured it.
  public static ResourceGroup ofDefault() {
    return empty(DEFAULT_NAME, Config.of(0, DEFAULT_CAPACITY));
  }

  public boolean isDefault() {
    return name.equals(DEFAULT_NAME);
  }

  public ResourceGroup with(Config newConfig) {
    return new ResourceGroup(name, newConfig, nodes);
  }

  public ResourceGroup with(SortedSet<NodeId> newNodes) {
    return new ResourceGroup(name, config, newNodes);
  }

  /// What Milvus reports as capacity.
  public int capacity() {
    return isDefault() ? DEFAULT_CAPACITY : config.requests();
  }
}
