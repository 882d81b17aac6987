package io.elanus.common.meta;

import io.elanus.common.error.DbException;
import io.elanus.common.meta.MetaStore.MetaEntry;
import io.elanus.common.meta.MetaStore.MetaEvent;
import io.elanus.common.meta.MetaStore.MetaRange;
import io.elanus.common.meta.MetaStore.MetaWatch;
import io.elanus.common.run.Backoff;
import io.elanus.common.run.Deadline;
import io.elanus.common.run.Gate;
import io.elanus.common.run.Run;
import io.elanus.common.run.Task;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Follows all entries below a prefix: first what is there, then every change in commit order. When the
/// stream of changes breaks, it lists anew. Asks the store nothing while nothing changes.
public final class Watcher implements AutoCloseable {
  /// Called on the watcher's thread, one call at a time. What leaves it is logged, and listed anew.
  public interface Listener {
    /// Everything below the prefix; what was told before is void.
    void listed(List<MetaEntry> entries);

    void changed(List<MetaEvent> events);
  }

  private static final Logger log = LoggerFactory.getLogger(Watcher.class);
  private static final Backoff BACKOFF = new Backoff(Duration.ofMillis(50), Duration.ofSeconds(5));

  private final Run run;
  private final MetaStore store;
  private final String prefix;
  private final Listener listener;
  private final Gate gate;
  private final Task task;

  // guarded by gate
  private boolean closed;

  private Watcher(Run run, MetaStore store, String prefix, Listener listener) {
    this.run = run;
    this.store = store;
    this.prefix = prefix;
    this.listener = listener;
    this.gate = run.gate();
    this.task = run.fork("watch " + prefix, this::loop);
  }

  public static Watcher start(Run run, MetaStore store, String prefix, Listener listener) {
    return new Watcher(run, store, prefix, listener);
  }

  /// After this the listener is not called any more.
  @Override
  public void close() {
    gate.change(() -> closed = true);
    task.cancel();
    task.awaitEnd();
  }

  private void loop() {
    int failures = 0;
    while (!gate.read(() -> closed)) {
      try {
        MetaRange range = store.range(prefix);
        listener.listed(range.entries());
        failures = 0;
        follow(range.revision());
      } catch (RuntimeException e) {
        failures++;
        pause(failures, e);
      }
    }
  }

  private void follow(long after) {
    try (MetaWatch watch = store.watch(prefix, after)) {
      while (true) {
        List<MetaEvent> events = watch.poll(Deadline.NEVER);
        if (!events.isEmpty()) {
          listener.changed(events);
        }
      }
    }
  }

  private void pause(int failures, RuntimeException error) {
    if (gate.read(() -> closed)) {
      return;
    }
    if (Integer.bitCount(failures) == 1) {
      log.warn("watch broke prefix={} failures={}", prefix, failures, error);
    }
    try {
      gate.await(() -> closed, Deadline.after(run, BACKOFF.pause(failures, run.random())));
    } catch (DbException _) {
      log.debug("watch canceled prefix={}", prefix);
    }
  }
}
