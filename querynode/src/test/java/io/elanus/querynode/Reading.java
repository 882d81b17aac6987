package io.elanus.querynode;

import static org.assertj.core.api.Assertions.assertThat;

import io.elanus.common.error.DbException;
import io.elanus.common.model.ShardId;
import io.elanus.common.run.Task;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// Readers at work until closed.
final class Reading implements AutoCloseable {
  private final List<Task> tasks = new ArrayList<>();
  private final List<Throwable> failures = new ArrayList<>();
  private int answered;
  private boolean over;

  Reading(ServingWorld world, ShardId shard) {
    for (int i = 0; i < 3; i++) {
      tasks.add(world.world.fork("reader", () -> read(world, shard)));
    }
  }

  private void read(ServingWorld world, ShardId shard) {
    while (!over) {
      try {
        world.readSomething(shard);
        answered++;
      } catch (DbException | AssertionError e) {
        failures.add(e);
      }
      world.world.sleep(Duration.ofMillis(5));
    }
  }

  void requireNoFailure() {
    for (Throwable failure : failures) {
      throw new AssertionError("a read failed", failure);
    }
    assertThat(answered).isPositive();
  }

  @Override
  public void close() {
    over = true;
    tasks.forEach(Task::awaitEnd);
  }
}
