package io.elanus.index;

/// The nearest rows met in a walk, best first, each with a mark whether its neighbours were seen:
/// the two priority queues of the HNSW paper in one sorted array of [NearKey]. One thread, reused.
final class CandidatePool {
  /// Moving one costs less than the one jump of a search that is not foreseen.
  private static final int FEW = 24;

  private long[] keys = new long[0];
  private int capacity;
  private int size;
  private int cursor;
  private int mask;
  private int least;
  private long limit;

  /// Empties the pool and lets it keep the nearest `capacity` (>= 1) rows.
  void reset(int capacity, int mask) {
    reset(capacity, mask, capacity, Long.MAX_VALUE);
  }

  /// As above. Once the neighbours of the nearest `least` rows were seen, those with keys from `limit` on are not looked at.
  void reset(int capacity, int mask, int least, long limit) {
    if (keys.length < capacity) {
      keys = new long[capacity];
    }
    this.capacity = capacity;
    this.mask = mask;
    this.least = least;
    this.limit = limit;
    size = 0;
    cursor = 0;
  }

  /// Adds a row that was never offered before, unless the pool is full of nearer ones.
  void offer(float distance, int ordinal) {
    long key = NearKey.of(distance, ordinal ^ mask);
    if (size == capacity) {
      if (key >= keys[size - 1]) {
        return;
      }
      size--;
    }
    cursor = Math.min(cursor, insert(key));
    size++;
  }

  /// Whether a row of this distance would be added.
  boolean wants(float distance) {
    return size < capacity || NearKey.of(distance, 0) < keys[size - 1];
  }

  /// Moves the farther keys up one by one, as few mostly are; the rest in one go.
  private int insert(long key) {
    int at = size;
    for (int end = Math.max(0, size - FEW); at > end && keys[at - 1] > key; at--) {
      keys[at] = keys[at - 1];
    }
    if (at > 0 && keys[at - 1] > key) {
      int place = position(key, at);
      System.arraycopy(keys, place, keys, place + 1, at - place);
      at = place;
    }
    keys[at] = key;
    return at;
  }

  /// The nearest row whose neighbours were not seen, now marked as seen; -1 when there is none.
  int nextUnseen() {
    while (cursor < size && (keys[cursor] & NearKey.SEEN) != 0) {
      cursor++;
    }
    if (cursor == size || (cursor >= least && keys[cursor] >= limit)) {
      return -1;
    }
    keys[cursor] |= NearKey.SEEN;
    return NearKey.ordinal(keys[cursor++]) ^ mask;
  }

  /// The row that is next unless a nearer one is offered; -1 when there is none.
  int likelyNext() {
    for (int i = cursor; i < size; i++) {
      if ((keys[i] & NearKey.SEEN) == 0) {
        return NearKey.ordinal(keys[i]) ^ mask;
      }
    }
    return -1;
  }

  /// Fills `into` with the nearest of the rows whose neighbours were not seen, and returns how many they are.
  int unseen(int[] into) {
    int count = 0;
    for (int i = cursor; i < size && count < into.length; i++) {
      if ((keys[i] & NearKey.SEEN) == 0) {
        into[count++] = NearKey.ordinal(keys[i]) ^ mask;
      }
    }
    return count;
  }

  /// The key of the row that was the last to be marked as seen.
  long lastSeen() {
    return keys[cursor - 1];
  }

  int size() {
    return size;
  }

  /// The nearest row; the pool is not empty.
  int nearest() {
    return NearKey.ordinal(keys[0]) ^ mask;
  }

  /// The keys, best first, valid up to [#size] and until the next change.
  long[] keys() {
    return keys;
  }

  private int position(long key, int end) {
    int low = 0;
    int high = end;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (keys[middle] < key) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }
}
