package io.elanus.adapters;

import static org.assertj.core.api.Assertions.assertThat;

import io.elanus.common.meta.Commit;
import io.elanus.common.meta.MetaStore;
import io.elanus.common.meta.MetaStore.Change.Put;
import io.elanus.common.meta.MetaStore.Condition;
import io.elanus.common.meta.MetaStore.MetaEntry;
import io.elanus.common.meta.MetaStore.MetaEvent;
import io.elanus.common.meta.Watcher;
import io.elanus.common.run.Deadline;
import io.elanus.common.run.Run;
import io.elanus.common.run.Task;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/// Commits that depend on each other, while a test breaks things. Each chain writes 1, 2, 3 ... to a key
/// of its own, each number on the condition that its entry is still the one of the number before, and
/// resends after an unknown outcome until it is known. So a commit that was applied twice, or that was
/// acknowledged and lost, meets its own chain as a conflict.
public final class CommitChains implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  private final Run run;
  private final List<MetaStore> ways;
  private final AtomicLong committed = new AtomicLong();
  private final Map<String, MetaEntry> newest = new ConcurrentHashMap<>();
  private final Map<String, Long> watched = new ConcurrentHashMap<>();
  private final List<Task> tasks = new ArrayList<>();
  private final Watcher watcher;
  private volatile boolean stopped;

  private CommitChains(Run run, List<MetaStore> ways) {
    this.run = run;
    this.ways = ways;
    this.watcher = Watcher.start(run, ways.getLast(), "chain/", new Listener());
  }

  /// @param ways of several processes to one store
  public static CommitChains start(Run run, List<MetaStore> ways, int chainCount) {
    CommitChains chains = new CommitChains(run, ways);
    for (int i = 0; i < chainCount; i++) {
      String key = "chain/" + i;
      MetaStore way = ways.get(i % ways.size());
      chains.tasks.add(run.fork(key, () -> chains.extend(key, way)));
    }
    return chains;
  }

  private void extend(String key, MetaStore way) {
    Condition unchanged = new Condition.Absent(key);
    for (long number = 1; !stopped; number++) {
      byte[] value = Long.toString(number).getBytes(StandardCharsets.US_ASCII);
      Commit commit =
          new Commit(key + "/" + number, List.of(unchanged), List.of(new Put(key, value)));
      OptionalLong revision = commit.settle(run, way);
      if (revision.isEmpty()) {
        throw new AssertionError("commit %d of %s met another one".formatted(number, key));
      }
      unchanged = new Condition.RevisionIs(key, revision.getAsLong());
      newest.put(key, new MetaEntry(key, value, revision.getAsLong()));
      committed.incrementAndGet();
    }
  }

  public long committed() {
    return committed.get();
  }

  /// Waits until `count` more commits were acknowledged.
  public void awaitMore(long count) {
    long goal = committed.get() + count;
    Deadline deadline = Deadline.after(run, LIMIT);
    while (committed.get() < goal) {
      tasks.forEach(CommitChains::requireSound);
      deadline.check(run, "%d commits, there are %d".formatted(goal, committed.get()));
      run.sleep(Duration.ofMillis(5));
    }
  }

  /// Ends the chains, and checks that the store and a watcher of it have exactly their last numbers.
  public void stopAndCheck() {
    stopped = true;
    for (Task task : tasks) {
      assertThat(task.join(Deadline.after(run, LIMIT))).as(task.name()).isTrue();
      requireSound(task);
    }
    for (MetaEntry last : newest.values()) {
      MetaEntry found = ways.getFirst().get(last.key()).orElseThrow();
      assertThat(found.value()).as(last.key()).isEqualTo(last.value());
      assertThat(found.revision()).as(last.key()).isEqualTo(last.revision());
    }
    awaitWatched();
  }

  private void awaitWatched() {
    Deadline deadline = Deadline.after(run, LIMIT);
    while (!newest.values().stream().allMatch(this::isWatched)) {
      deadline.check(run, "the watcher, which has %s instead of %s".formatted(watched, newest));
      run.sleep(Duration.ofMillis(5));
    }
  }

  private boolean isWatched(MetaEntry entry) {
    return watched.getOrDefault(entry.key(), 0L) == entry.revision();
  }

  private static void requireSound(Task task) {
    task.failure()
        .ifPresent(failure -> {
          throw new AssertionError(task.name() + " failed", failure);
        });
  }

  @Override
  public void close() {
    stopped = true;
    watcher.close();
    tasks.forEach(Task::cancel);
  }

  private final class Listener implements Watcher.Listener {
    @Override
    public void listed(List<MetaEntry> entries) {
      watched.clear();
      entries.forEach(entry -> watched.put(entry.key(), entry.revision()));
    }

    @Override
    public void changed(List<MetaEvent> events) {
      events.forEach(event -> watched.put(event.key(), event.revision()));
    }
  }
}
