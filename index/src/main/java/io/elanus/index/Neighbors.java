package io.elanus.index;

import java.util.Arrays;

/// The result of a search, best first: rows and their scores.
///
/// - `scores`: squared distance for L2 (smaller is better), the inner product or cosine otherwise
///   (larger is better).
/// - Rows of equal score come by ascending ordinal. A score that is not a number comes last.
@SuppressWarnings("ArrayRecordComponent")
public record Neighbors(int[] ordinals, float[] scores) {
  static final Neighbors NONE = new Neighbors(new int[0], new float[0]);

  public Neighbors {
    Checks.require(
        ordinals.length == scores.length,
        "%d ordinals but %d scores",
        ordinals.length,
        scores.length);
  }

  public int size() {
    return ordinals.length;
  }

  /// Those from `from` to before `to`.
  Neighbors part(int from, int to) {
    return new Neighbors(
        Arrays.copyOfRange(ordinals, from, to), Arrays.copyOfRange(scores, from, to));
  }

  /// These and others, best first.
  ///
  /// @param order which of two scores is nearer
  Neighbors and(Neighbors others, Metric order) {
    long[] keys = Arrays.copyOf(keys(order), size() + others.size());
    System.arraycopy(others.keys(order), 0, keys, size(), others.size());
    Arrays.sort(keys);
    return of(keys, keys.length, order);
  }

  long[] keys(Metric order) {
    long[] keys = new long[size()];
    for (int i = 0; i < keys.length; i++) {
      keys[i] = NearKey.of(order.distance(scores[i]), ordinals[i]);
    }
    return keys;
  }

  /// The first `size` keys, which ascend, as a result.
  static Neighbors of(long[] keys, int size, Metric metric) {
    int[] ordinals = new int[size];
    float[] scores = new float[size];
    for (int i = 0; i < size; i++) {
      ordinals[i] = NearKey.ordinal(keys[i]);
      scores[i] = metric.score(NearKey.distance(keys[i]));
    }
    return new Neighbors(ordinals, scores);
  }
}
