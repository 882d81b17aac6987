package io.elanus.common.meta;

import io.elanus.common.meta.MetaStore.MetaEvent;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/// The newest changes of a store, commit by commit. Guarded by the store's gate.
final class MemoryHistory {
  /// Changes of a watcher's keys, and the revision up to which they are all.
  record Slice(List<MetaEvent> events, long upTo) {}

  private record Committed(long revision, List<MetaEvent> events) {}

  /// More than any watcher is behind; few enough to hold in memory.
  private static final int MAX_COMMITS = 10_000;

  private final Deque<Committed> commits = new ArrayDeque<>();
  private long compacted;
  private long revision;

  long revision() {
    return revision;
  }

  void add(List<MetaEvent> events) {
    revision++;
    commits.add(new Committed(revision, events));
    if (commits.size() > MAX_COMMITS) {
      compact(commits.getFirst().revision);
    }
  }

  void compact(long upTo) {
    compacted = Math.max(compacted, Math.min(upTo, revision));
    while (!commits.isEmpty() && commits.getFirst().revision <= compacted) {
      commits.removeFirst();
    }
  }

  /// @throws io.elanus.common.error.DbException `STORAGE_IO_FAILED` when not all of them are there
  Slice after(String prefix, long after) {
    if (after < compacted || after > revision) {
      throw MetaLimits.compacted(prefix, after, compacted, revision);
    }
    List<MetaEvent> found = new ArrayList<>();
    for (Committed commit : commits) {
      if (commit.revision > after) {
        commit.events.stream().filter(event -> event.key().startsWith(prefix)).forEach(found::add);
      }
    }
    return new Slice(found, revision);
  }
}
