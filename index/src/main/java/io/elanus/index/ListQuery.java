package io.elanus.index;

/// Distances from every vector of a list that is searched for; smaller is nearer for every metric. One thread.
@FunctionalInterface
interface ListQuery {
  /// Gives `each` the distances of `vectors[0..count)` from one vector of the query after the other.
  void score(int[] vectors, int count, Each each);

  /// Takes the distances from one vector.
  @FunctionalInterface
  interface Each {
    /// They are `distances[from..from + count)`, valid during the call.
    void accept(float[] distances, int from);
  }
}
