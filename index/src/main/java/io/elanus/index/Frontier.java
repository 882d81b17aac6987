package io.elanus.index;

import java.util.Arrays;

/// Rows met whose neighbours are still to be seen, nearest first, without a limit: a heap of
/// [NearKey]. A filtered walk needs it, because it passes many rows that it may not return. One
/// thread, reused.
final class Frontier {
  private long[] heap = new long[256];
  private int size;

  void clear() {
    size = 0;
  }

  boolean isEmpty() {
    return size == 0;
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

  /// The nearest, which stays; the frontier is not empty.
  long peek() {
    return heap[0];
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
}
