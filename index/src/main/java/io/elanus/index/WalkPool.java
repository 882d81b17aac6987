package io.elanus.index;

import java.util.ArrayDeque;
import java.util.function.Supplier;

/// Walks kept for the next search, the last used first, as its memory is still in the cache.
/// Thread-safe. Holds as many as ever searched at the same time.
final class WalkPool<W> {
  private final Supplier<W> make;
  private final ArrayDeque<W> idle = new ArrayDeque<>();

  WalkPool(Supplier<W> make) {
    this.make = make;
  }

  W take() {
    synchronized (idle) {
      W walk = idle.poll();
      if (walk != null) {
        return walk;
      }
    }
    return make.get();
  }

  void giveBack(W walk) {
    synchronized (idle) {
      idle.push(walk);
    }
  }
}
