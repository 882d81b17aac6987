package io.elanus.common.run;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CountDownLatch;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/// Runs an action on many threads that start at one instant, for tests of races.
public final class Together {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  private Together() {}

  /// @return the results, by number
  public static <T> List<T> run(Run run, int threads, IntFunction<T> action) {
    CountDownLatch ready = new CountDownLatch(threads);
    ConcurrentMap<Integer, T> results = new ConcurrentHashMap<>();
    List<Task> tasks = new ArrayList<>();
    for (int i = 0; i < threads; i++) {
      int number = i;
      tasks.add(run.fork("together " + i, () -> results.put(number, act(ready, number, action))));
    }
    tasks.forEach(task -> finish(run, task));
    return IntStream.range(0, threads).mapToObj(results::get).toList();
  }

  private static <T> T act(CountDownLatch ready, int number, IntFunction<T> action) {
    ready.countDown();
    try {
      ready.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    return action.apply(number);
  }

  /// Waits for the end of `task` and throws what ended it.
  public static void finish(Run run, Task task) {
    if (!task.join(Deadline.after(run, LIMIT))) {
      throw new AssertionError("task '%s' hangs".formatted(task.name()));
    }
    task.failure()
        .ifPresent(failure -> {
          throw new AssertionError("task '%s' failed".formatted(task.name()), failure);
        });
  }
}
