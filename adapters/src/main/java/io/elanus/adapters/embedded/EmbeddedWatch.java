package io.elanus.adapters.embedded;

import io.elanus.common.meta.MetaStore.MetaEvent;
import io.elanus.common.meta.MetaStore.MetaWatch;
import io.elanus.common.run.Deadline;
import java.util.List;

/// A watcher of the embedded metastore: sleeps until a commit wakes it, then reads what that changed.
final class EmbeddedWatch implements MetaWatch {
  /// A watcher that is behind goes on in pieces of so many commits.
  private static final long MAX_COMMITS = 1000;

  private final EmbeddedMetaStore store;
  private final String prefix;
  private long seen;
  private volatile boolean closed;

  EmbeddedWatch(EmbeddedMetaStore store, String prefix, long after) {
    this.store = store;
    this.prefix = prefix;
    this.seen = after;
  }

  @Override
  public List<MetaEvent> poll(Deadline deadline) {
    List<MetaEvent> events = List.of();
    while (events.isEmpty() && store.awaitChange(seen, () -> closed, deadline)) {
      long upTo = Math.min(store.requireHistory(prefix, seen, closed), seen + MAX_COMMITS);
      events = store.events(prefix, seen, upTo);
      store.requireHistory(prefix, seen, closed);
      seen = upTo;
    }
    return events;
  }

  @Override
  public void close() {
    closed = true;
    store.wake();
  }
}
