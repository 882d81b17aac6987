package io.elanus.common.run;

import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;

/// The one way to do several things at once: forks, waits for all, cancels the rest at the first
/// error. When a method returns or throws, none of its threads is running any more, so the caller
/// may release what they worked on.
///
/// A single item runs on the calling thread; `fn` itself then has to keep the deadline. Several run
/// on threads of their own, none on the caller's, which has to stay free to notice the first error
/// and the deadline. Threads that ignore being canceled are waited for past the deadline.
///
/// ```java
/// List<Hits> parts = fanOut.all(shards, deadline, shard -> peers.query(shard).search(plan));
/// ```
public final class FanOut {
  /// Above what one request touches in the largest supported deployment; a guard, not a tuning.
  private static final int MAX_PARALLEL = 4_096;

  private final Run run;
  private final TaskDecorator decorator;
  private final int maxParallel;

  public FanOut(Run run) {
    this(run, TaskDecorator.NONE, MAX_PARALLEL);
  }

  /// @param decorator carries the request context to the threads
  /// @param maxParallel threads at most; further items wait for a free one
  public FanOut(Run run, TaskDecorator decorator, int maxParallel) {
    if (maxParallel < 1) {
      throw new IllegalArgumentException("max parallel " + maxParallel);
    }
    this.run = run;
    this.decorator = decorator;
    this.maxParallel = maxParallel;
  }

  /// As this one, with at most `parallel` threads.
  public FanOut atMost(int parallel) {
    return new FanOut(run, decorator, parallel);
  }

  /// Calls `fn` on every item.
  ///
  /// @return the results in the order of `items`
  /// @throws RuntimeException the first error of `fn` as it was thrown, later ones suppressed
  /// @throws io.elanus.common.error.DbException `TIMEOUT` when `deadline` passed first; `CANCELED`
  public <T, R> List<R> all(Collection<T> items, Deadline deadline, Function<T, R> fn) {
    List<T> list = List.copyOf(items);
    if (list.size() == 1) {
      deadline.check(run, "fan-out of 1");
      return List.of(fn.apply(list.getFirst()));
    }
    return new FanOutCall<>(run, list, fn).run(decorator, maxParallel, deadline);
  }

  /// As [#all], without results.
  public <T> void each(Collection<T> items, Deadline deadline, Consumer<T> action) {
    all(
        items,
        deadline,
        item -> {
          action.accept(item);
          return true;
        });
  }
}
