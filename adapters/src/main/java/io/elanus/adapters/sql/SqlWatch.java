package io.elanus.adapters.sql;

import io.elanus.common.meta.MetaLimits;
import io.elanus.common.meta.MetaStore.MetaEvent;
import io.elanus.common.meta.MetaStore.MetaWatch;
import io.elanus.common.run.Deadline;
import java.util.List;
import java.util.function.BooleanSupplier;

/// A watcher of a metastore in SQL: sleeps until it hears of a newer revision, then reads what changed.
public final class SqlWatch implements MetaWatch {
  /// The store as its watchers see it.
  public interface Source {
    /// Waits until the newest revision known is not `seen`, for `stop`, or for the end of the store.
    ///
    /// @return false when `deadline` passed first
    boolean awaitChange(long seen, BooleanSupplier stop, Deadline deadline);

    /// As [MetaTables#events]. Throws when the store is closed.
    MetaTables.Slice events(String prefix, long after);

    /// Makes those that wait look at their `stop`.
    void wake();
  }

  private final Source source;
  private final String prefix;
  private long seen;
  private volatile boolean closed;

  public SqlWatch(Source source, String prefix, long after) {
    this.source = source;
    this.prefix = prefix;
    this.seen = after;
  }

  @Override
  public List<MetaEvent> poll(Deadline deadline) {
    List<MetaEvent> events = List.of();
    while (events.isEmpty() && source.awaitChange(seen, () -> closed, deadline)) {
      if (closed) {
        throw MetaLimits.closed();
      }
      MetaTables.Slice slice = source.events(prefix, seen);
      events = slice.events();
      seen = slice.upTo();
    }
    return events;
  }

  @Override
  public void close() {
    closed = true;
    source.wake();
  }
}
