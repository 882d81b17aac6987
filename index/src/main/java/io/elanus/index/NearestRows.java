package io.elanus.index;

import java.util.Arrays;
import java.util.function.LongConsumer;

/// Keeps the nearest of the rows offered, at most `capacity` of them: a heap of [NearKey] with the
/// farthest on top. One thread.
final class NearestRows {
  private final long[] heap;
  private int size;

  /// `capacity` >= 1.
  NearestRows(int capacity) {
    heap = new long[capacity];
  }

  int size() {
    return size;
  }

  boolean isFull() {
    return size == heap.length;
  }

  /// Whether a row with this key would be kept.
  boolean wants(long key) {
    return size < heap.length || key < heap[0];
  }

  /// Keys from this one on are not wanted any more; as long as there is room, all are.
  long limit() {
    return size < heap.length ? Long.MAX_VALUE : heap[0];
  }

  void offer(long key) {
    if (size < heap.length) {
      siftUp(size++, key);
    } else if (key < heap[0]) {
      siftDown(key);
    }
  }

  /// Offers rows `ordinals[0..count)` with the distances `distances[from..from + count)`.
  void offer(int[] ordinals, int count, float[] distances, int from) {
    offer(ordinals, count, distances, from, Long.MIN_VALUE);
  }

  /// As above, but for those with keys below `first`.
  void offer(int[] ordinals, int count, float[] distances, int from, long first) {
    for (int i = 0; i < count; i++) {
      long key = NearKey.of(distances[from + i], ordinals[i]);
      if (key >= first) {
        offer(key);
      }
    }
  }

  /// The nearest `k` or fewer, best first. Ends the use of this object.
  Neighbors nearest(int k, Metric metric) {
    Arrays.sort(heap, 0, size);
    return Neighbors.of(heap, Math.min(k, size), metric);
  }

  /// In no order.
  void forEach(LongConsumer action) {
    for (int i = 0; i < size; i++) {
      action.accept(heap[i]);
    }
  }

  /// Takes the nearest `n` or fewer out, best first, to `into` from `from` on. Returns how many.
  int take(long[] into, int from, int n) {
    Arrays.sort(heap, 0, size);
    int taken = Math.min(n, size);
    System.arraycopy(heap, 0, into, from, taken);
    long[] left = Arrays.copyOfRange(heap, taken, size);
    size = left.length;
    for (int i = 0; i < size; i++) {
      heap[i] = left[size - 1 - i]; // the farthest first: that is a heap
    }
    return taken;
  }

  private void siftUp(int from, long key) {
    int at = from;
    while (at > 0) {
      int parent = (at - 1) >>> 1;
      if (heap[parent] >= key) {
        break;
      }
      heap[at] = heap[parent];
      at = parent;
    }
    heap[at] = key;
  }

  /// Puts `key` in the place of the top.
  private void siftDown(long key) {
    int at = 0;
    for (int child = 1; child < size; child = 2 * at + 1) {
      if (child + 1 < size && heap[child + 1] > heap[child]) {
        child++;
      }
      if (heap[child] <= key) {
        break;
      }
      heap[at] = heap[child];
      at = child;
    }
    heap[at] = key;
  }
}
