package io.elanus.common.meta;

import io.elanus.common.meta.MetaStore.MetaEvent;
import io.elanus.common.meta.MetaStore.MetaWatch;
import io.elanus.common.run.Deadline;
import java.util.List;

/// One process's stream of changes of the store in memory.
final class MemoryWatch implements MetaWatch {
  private final MemoryMetaStore store;
  private final MemoryMeta state;
  private final String prefix;
  private long seen;
  private volatile boolean closed;

  MemoryWatch(MemoryMetaStore store, MemoryMeta state, String prefix, long after) {
    this.store = store;
    this.state = state;
    this.prefix = prefix;
    this.seen = after;
  }

  @Override
  public List<MetaEvent> poll(Deadline deadline) {
    store.beforeRead(prefix);
    requireOpen();
    List<MetaEvent> events = List.of();
    while (events.isEmpty() && state.awaitChange(seen, this::isStopped, deadline)) {
      requireOpen();
      MemoryHistory.Slice slice = state.changes(prefix, seen);
      events = slice.events();
      seen = slice.upTo();
    }
    return events;
  }

  private boolean isStopped() {
    return closed || store.isClosed();
  }

  private void requireOpen() {
    if (isStopped()) {
      throw MetaLimits.closed();
    }
  }

  @Override
  public void close() {
    closed = true;
    state.wake();
  }
}
