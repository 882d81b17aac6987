package io.elanus.querynode;

import io.elanus.common.run.Run;
import io.elanus.common.run.Task;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/// Closes things on threads of their own, so that a slow one keeps nobody.
final class Closing {
  private final Run run;
  private final Queue<Task> tasks = new ConcurrentLinkedQueue<>();

  Closing(Run run) {
    this.run = run;
  }

  /// @param resource its `close` throws nothing checked
  void close(String name, AutoCloseable resource) {
    tasks.removeIf(Task::isDone);
    tasks.add(run.fork(name, () -> closeNow(resource)));
  }

  /// Waits for all that were closed before.
  void awaitAll() {
    List.copyOf(tasks).forEach(Task::awaitEnd);
  }

  private static void closeNow(AutoCloseable resource) {
    try {
      resource.close();
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}
