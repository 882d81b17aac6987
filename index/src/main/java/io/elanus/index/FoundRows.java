package io.elanus.index;

/// Rows that a walk found and did not give yet. It knows the nearest `ahead` of them apart from the others: the walk goes on as long
/// as it may find a row among these. One thread.
///
/// ```
///  near |■■■■■■■■|■■■■■■■■■■■■■■■■■■■■■■■■ far
///         ahead    the others
/// ```
final class FoundRows {
  private final NearestRows near;
  private final Frontier far = new Frontier();

  /// `ahead` >= 1.
  FoundRows(int ahead) {
    near = new NearestRows(ahead);
  }

  void add(long key) {
    if (!near.wants(key)) {
      far.add(key);
      return;
    }
    if (near.isFull()) {
      far.add(near.limit());
    }
    near.offer(key);
  }

  /// Whether a row with this key would be among the nearest ones.
  boolean wants(long key) {
    return near.wants(key);
  }

  /// Takes the nearest `n` out, best first, or those that there are, but no more than were told apart. Returns how many.
  int take(long[] into, int from, int n) {
    int taken = near.take(into, from, n);
    while (!near.isFull() && !far.isEmpty()) {
      near.offer(far.poll());
    }
    return taken;
  }
}
