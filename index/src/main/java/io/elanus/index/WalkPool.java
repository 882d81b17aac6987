package io.elanus.index;

import java.util.ArrayDeque;

/// Walks kept for the next search, the last used first, as its memory is still in the cache.
/// Thread-safe. Holds as many as ever searched at the same time.
final class WalkPool {
  private final HnswLinks links;
  private final ArrayDeque<HnswWalk> idle = new ArrayDeque<>();

  WalkPool(HnswLinks links) {
    this.links = links;
  }

  HnswWalk take() {
    synchronized (idle) {
      HnswWalk walk = idle.poll();
      if (walk != null) {
        return walk;
      }
    }
    return new HnswWalk(links);
  }

  void giveBack(HnswWalk walk) {
    synchronized (idle) {
      idle.push(walk);
    }
  }
}
