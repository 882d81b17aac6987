package io.elanus.common.meta;

import io.elanus.common.meta.MetaStore.Change;
import io.elanus.common.meta.MetaStore.CommitOutcome;
import io.elanus.common.meta.MetaStore.Condition;
import io.elanus.common.meta.MetaStore.MetaEntry;
import io.elanus.common.meta.MetaStore.MetaEvent;
import io.elanus.common.meta.MetaStore.MetaRange;
import io.elanus.common.model.Utf8Order;
import io.elanus.common.run.Deadline;
import io.elanus.common.run.Gate;
import io.elanus.common.run.Run;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// The store itself, shared by all processes. Its gate guards everything.
final class MemoryMeta {
  /// @param end on the clock of the store
  private record LeaseTerm(Duration ttl, Deadline end) {}

  private record Stored(MetaEntry entry, Optional<Long> lease) {}

  private final Run run;
  private final Gate gate;

  // guarded by gate
  private final TreeMap<String, Stored> entries = new TreeMap<>(Utf8Order::compare);
  private final MemoryHistory history = new MemoryHistory();
  private final Map<String, Long> requests = new LinkedHashMap<>();
  private final Map<Long, LeaseTerm> leases = new HashMap<>();
  private long newestLease;

  MemoryMeta(Run run) {
    this.run = run;
    this.gate = run.gate();
  }

  Optional<MetaEntry> get(String key) {
    return gate.read(() -> Optional.ofNullable(entries.get(key)).map(Stored::entry));
  }

  MetaRange range(String prefix) {
    return gate.read(() -> {
      List<MetaEntry> found =
          entries.tailMap(prefix, true).values().stream()
              .map(Stored::entry)
              .takeWhile(entry -> entry.key().startsWith(prefix))
              .toList();
      return new MetaRange(found, history.revision());
    });
  }

  CommitOutcome commit(MetaCommit commit) {
    return gate.change(() -> {
      Long before = requests.get(commit.requestId());
      if (before != null) {
        return new CommitOutcome.Committed(before);
      }
      if (!commit.conditions().stream().allMatch(this::holds)
          || !commit.changes().stream().allMatch(this::leaseLives)) {
        return new CommitOutcome.Conflict();
      }
      return apply(commit);
    });
  }

  private boolean holds(Condition condition) {
    Stored found = entries.get(condition.key());
    return switch (condition) {
      case Condition.Absent _ -> found == null;
      case Condition.Present _ -> found != null;
      case Condition.RevisionIs is -> found != null && found.entry.revision() == is.revision();
    };
  }

  private boolean leaseLives(Change change) {
    return leaseId(change).map(leases::containsKey).orElse(true);
  }

  /// @throws io.elanus.common.error.DbException `INVALID_PARAMETER` for a lease of another store
  void requireOwnLeases(MetaCommit commit) {
    commit.changes().forEach(this::leaseId);
  }

  private Optional<Long> leaseId(Change change) {
    return switch (change) {
      case Change.Put _, Change.Remove _ -> Optional.empty();
      case Change.PutLeased(_, _, MemoryLease lease) when lease.isOf(this) ->
          Optional.of(lease.id());
      case Change.PutLeased(var key, _, _) -> throw MetaLimits.foreignLease(key);
    };
  }

  private CommitOutcome apply(MetaCommit commit) {
    if (!changeAll(commit.changes())) {
      return new CommitOutcome.Committed(history.revision());
    }
    remember(commit.requestId());
    return new CommitOutcome.Committed(history.revision());
  }

  /// @return whether anything was changed
  private boolean changeAll(List<Change> changes) {
    long revision = history.revision() + 1;
    List<MetaEvent> events = new ArrayList<>();
    for (Change change : changes) {
      MetaEvent event = change(change, revision);
      if (event != null) {
        events.add(event);
      }
    }
    if (!events.isEmpty()) {
      history.add(events);
    }
    return !events.isEmpty();
  }

  private @Nullable MetaEvent change(Change change, long revision) {
    return switch (change) {
      case Change.Put(var key, var value) -> put(key, value, Optional.empty(), revision);
      case Change.PutLeased(var key, var value, _) -> put(key, value, leaseId(change), revision);
      case Change.Remove(var key) ->
          entries.remove(key) == null ? null : new MetaEvent(key, Optional.empty(), revision);
    };
  }

  private MetaEvent put(String key, byte[] value, Optional<Long> lease, long revision) {
    entries.put(key, new Stored(new MetaEntry(key, value, revision), lease));
    return new MetaEvent(key, Optional.of(value), revision);
  }

  private void remember(String requestId) {
    requests.put(requestId, history.revision());
    if (requests.size() > MetaStore.REMEMBERED_COMMITS) {
      requests.remove(requests.keySet().iterator().next());
    }
  }

  long newLease(Duration ttl) {
    long id =
        gate.change(() -> {
          leases.put(++newestLease, new LeaseTerm(ttl, Deadline.after(run, ttl)));
          return newestLease;
        });
    run.fork("lease " + id, () -> expire(id));
    return id;
  }

  boolean renew(long id) {
    return gate.change(() ->
        leases.computeIfPresent(
                id, (_, term) -> new LeaseTerm(term.ttl, Deadline.after(run, term.ttl)))
            != null);
  }

  /// Sleeps until the lease has not been renewed in time, then ends it.
  private void expire(long id) {
    Optional<Deadline> end = endOf(id);
    while (end.isPresent()) {
      if (end.get().hasPassed(run)) {
        expireNow(id);
      } else {
        run.sleep(end.get().remaining(run));
      }
      end = endOf(id);
    }
  }

  private Optional<Deadline> endOf(long id) {
    return gate.read(() -> Optional.ofNullable(leases.get(id)).map(LeaseTerm::end));
  }

  private void expireNow(long id) {
    gate.change(() -> {
      LeaseTerm term = leases.get(id);
      if (term != null && term.end.hasPassed(run)) {
        removeLease(id);
      }
    });
  }

  void endLease(long id) {
    gate.change(() -> removeLease(id));
  }

  private void removeLease(long id) {
    leases.remove(id);
    List<Change> removals = new ArrayList<>();
    for (Stored stored : entries.values()) {
      if (stored.lease.equals(Optional.of(id))) {
        removals.add(new Change.Remove(stored.entry.key()));
      }
    }
    changeAll(removals);
  }

  void compact(long revision) {
    gate.change(() -> history.compact(revision));
  }

  /// Waits for a change after revision `seen`, or for `stop`.
  ///
  /// @return false when `deadline` passed first
  boolean awaitChange(long seen, BooleanSupplier stop, Deadline deadline) {
    return gate.await(() -> stop.getAsBoolean() || history.revision() != seen, deadline);
  }

  MemoryHistory.Slice changes(String prefix, long after) {
    return gate.read(() -> history.after(prefix, after));
  }

  void wake() {
    gate.change(() -> {});
  }
}
