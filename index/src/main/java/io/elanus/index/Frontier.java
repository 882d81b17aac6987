package io.elanus.index;

import java.util.Arrays;

/// Rows met whose neighbours are still to be seen, or that are still to be given, nearest first, without a limit: a heap of
/// [NearKey]. A filtered walk needs it, because it passes many rows that it may not return. One
/// thread, reused.
final class Frontier {
  private long[] heap;
  private int size;

  Frontier() {
    this(256);
  }

  /// With room for so many, and more.
  Frontier(int capacity) {
    heap = new long[Math.max(1, capacity)];
  }

  void clear() {
    size = 0;
  }

  boolean isEmpty() {
    return size == 0;
  }

  int size() {
    return size;
  }

  /// The nearest; the frontier is not empty.
  long nearest() {
    return heap[0];
  }

  void add(long key) {
    if (size == heap.length) {
      heap = Arrays.copyOf(heap, 2 * size);
    }
    int at = size++;
    while (at > 0 && heap[(at - 1) >>> 1] > key) {
      heap[at] = heap[(at - 1) >>> 1];
      at = (at - 1) >>> 1;
    }
    heap[at] = key;
  }

  /// Takes out the nearest; the frontier is not empty.
  long poll() {
    long nearest = heap[0];
    long last = heap[--size];
    int at = 0;
    for (int child = 1; child < size; child = 2 * at + 1) {
      if (child + 1 < size && heap[child + 1] < heap[child]) {
        child++;
      }
      if (heap[child] >= last) {
        break;
      }
      heap[at] = heap[child];
      at = child;
    }
    heap[at] = last;
    return nearest;
  }

  /// Takes out the nearest `n`, or all that there are, best first.
  Neighbors take(int n, Metric metric) {
    long[] keys = new long[Math.min(n, size)];
    for (int i = 0; i < keys.length; i++) {
      keys[i] = poll();
    }
    return Neighbors.of(keys, keys.length, metric);
  }
}
