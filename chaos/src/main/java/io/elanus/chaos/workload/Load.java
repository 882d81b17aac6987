package io.elanus.chaos.workload;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.BooleanSupplier;

/// Sessions at work, one thread each, until they are told to stop.
public final class Load implements AutoCloseable {
  /// What one session does.
  public interface Work {
    /// One request, or a few. Returns in the time of a deadline, whatever the servers do.
    void step(Client client);
  }

  private final List<Thread> threads = new ArrayList<>();
  private final Queue<Throwable> errors = new ConcurrentLinkedQueue<>();
  private volatile boolean stopped;

  /// Adds a session, which begins at once.
  public Load with(Client client, Work work) {
    BooleanSupplier goesOn = () -> !stopped;
    threads.add(
        Thread.ofVirtual()
            .name("session-" + client.session())
            .uncaughtExceptionHandler((_, error) -> errors.add(error))
            .start(() -> {
              try (client) {
                while (goesOn.getAsBoolean()) {
                  work.step(client);
                }
              }
            }));
    return this;
  }

  /// Returns when every session has ended its last request.
  ///
  /// @throws IllegalStateException when a session broke by a mistake of its own
  @Override
  public void close() {
    stopped = true;
    for (Thread thread : threads) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
    if (!errors.isEmpty()) {
      throw new IllegalStateException("a session broke", errors.peek());
    }
  }
}
