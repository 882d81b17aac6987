package io.elanus.common.meta;

import io.elanus.common.meta.MetaStore.MetaEntry;
import io.elanus.common.meta.MetaStore.MetaEvent;
import io.elanus.common.model.NodeId;
import io.elanus.common.run.Gate;
import io.elanus.common.run.Run;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/// The nodes of one role that are registered now, as far as news have come.
public final class LiveNodes implements AutoCloseable {
  private final String prefix;
  private final Runnable onChange;
  private final Gate gate;
  private final Watcher watcher;

  // guarded by gate
  private Set<NodeId> nodes = Set.of();

  private LiveNodes(Run run, MetaStore store, String role, Runnable onChange) {
    this.prefix = MetaKeys.nodes(role);
    this.onChange = onChange;
    this.gate = run.gate();
    this.watcher = Watcher.start(run, store, prefix, new Listener());
  }

  /// @param onChange told after each change, on the watcher's thread; must not block
  public static LiveNodes watch(Run run, MetaStore store, String role, Runnable onChange) {
    return new LiveNodes(run, store, role, onChange);
  }

  /// In the order of their ids; empty before the first news.
  public Set<NodeId> now() {
    return gate.read(() -> nodes);
  }

  @Override
  public void close() {
    watcher.close();
  }

  private NodeId node(String key) {
    return new NodeId(Long.parseLong(key.substring(prefix.length())));
  }

  private final class Listener implements Watcher.Listener {
    @Override
    public void listed(List<MetaEntry> entries) {
      Set<NodeId> next = new TreeSet<>();
      entries.forEach(entry -> next.add(node(entry.key())));
      publish(next);
    }

    @Override
    public void changed(List<MetaEvent> events) {
      Set<NodeId> next = new TreeSet<>(now());
      for (MetaEvent event : events) {
        if (event.value().isPresent()) {
          next.add(node(event.key()));
        } else {
          next.remove(node(event.key()));
        }
      }
      publish(next);
    }

    private void publish(Set<NodeId> next) {
      gate.change(() -> nodes = next);
      onChange.run();
    }
  }
}
