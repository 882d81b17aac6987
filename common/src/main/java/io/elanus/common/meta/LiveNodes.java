package io.elanus.common.meta;

import io.elanus.common.meta.MetaStore.MetaEntry;
import io.elanus.common.meta.MetaStore.MetaEvent;
import io.elanus.common.model.NodeId;
import io.elanus.common.run.Gate;
import io.elanus.common.run.Run;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/// The members of one role that are registered now, as far as news have come.
public final class LiveNodes implements AutoCloseable {
  private final Run run;
  private final String prefix;
  private final Function<MetaEntry, Member> codec;
  private final Runnable onChange;
  private final Gate gate;
  private final Watcher watcher;

  // guarded by gate
  private SortedMap<NodeId, Member> members = new TreeMap<>();
  private boolean listed;
  private Optional<Long> regainedAt = Optional.empty();

  private LiveNodes(
      Run run, MetaStore store, String role, Function<MetaEntry, Member> codec, Runnable onChange) {
    this.run = run;
    this.prefix = MetaKeys.nodes(role);
    this.codec = codec;
    this.onChange = onChange;
    this.gate = run.gate();
    this.watcher = Watcher.start(run, store, prefix, new Listener());
  }

  /// @param codec reads an entry's value
  /// @param onChange told after each change, on the watcher's thread; must not block
  public static LiveNodes watch(
      Run run, MetaStore store, String role, Function<MetaEntry, Member> codec, Runnable onChange) {
    return new LiveNodes(run, store, role, codec, onChange);
  }

  /// Those that stay, in the order of their ids; empty before the first news.
  public Set<NodeId> now() {
    return members().entrySet().stream()
        .filter(entry -> !entry.getValue().draining())
        .map(Map.Entry::getKey)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /// All, also those about to leave; empty before the first news.
  public SortedMap<NodeId, Member> members() {
    return gate.read(() -> members);
  }

  /// When contact with the store was last regained after it had been lost, on this machine's clock; empty
  /// while it never was. Those missing since may live: they had no more contact than we.
  public Optional<Long> regainedNanoTime() {
    return gate.read(() -> regainedAt);
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
      SortedMap<NodeId, Member> next = new TreeMap<>();
      entries.forEach(entry -> next.put(node(entry.key()), codec.apply(entry)));
      gate.change(() -> {
        regainedAt = listed ? Optional.of(run.nanoTime()) : regainedAt;
        listed = true;
      });
      publish(next);
    }

    @Override
    public void changed(List<MetaEvent> events) {
      SortedMap<NodeId, Member> next = new TreeMap<>(members());
      for (MetaEvent event : events) {
        event
            .value()
            .map(value -> codec.apply(new MetaEntry(event.key(), value, event.revision())))
            .ifPresentOrElse(
                member -> next.put(node(event.key()), member),
                () -> next.remove(node(event.key())));
      }
      publish(next);
    }

    private void publish(SortedMap<NodeId, Member> next) {
      gate.change(() -> members = Collections.unmodifiableSortedMap(next));
      onChange.run();
    }
  }
}
