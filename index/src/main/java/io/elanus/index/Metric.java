package io.elanus.index;

/// How the distance of two vectors is measured.
public enum Metric {
  /// Squared Euclidean distance; smaller is nearer.
  L2,
  /// Inner product; larger is nearer.
  INNER_PRODUCT,
  /// Cosine of the angle between the vectors; larger is nearer. A zero vector has cosine 0 to all.
  COSINE;

  /// The score of a `distance`, the inner order in which smaller is nearer for every metric: the
  /// distance itself for L2, its negative otherwise (and never minus zero).
  float score(float distance) {
    return this == L2 ? distance : 0f - distance;
  }

  /// The distance of a `score`.
  public float distance(float score) {
    return this == L2 ? score : 0f - score;
  }

  /// That of the centres of lists, which have a length of 1 where only directions count.
  Metric amongCentres() {
    return this == L2 ? L2 : INNER_PRODUCT;
  }
}
