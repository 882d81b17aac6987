package io.elanus.common.model;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/// How near two vectors are, by Milvus's name. A score is what clients see.
public enum Metric {
  /// Squared Euclidean distance: smaller is nearer.
  L2(false),
  /// Inner product: larger is nearer.
  IP(true),
  /// Cosine of the angle: larger is nearer.
  COSINE(true),
  /// Bits that differ: smaller is nearer.
  HAMMING(false),
  /// The part of the bits of either that only one has: smaller is nearer.
  JACCARD(false),
  /// The part of the elements of two MinHash signatures that are equal: larger is nearer.
  MHJACCARD(true);

  private final boolean largerIsNearer;

  Metric(boolean largerIsNearer) {
    this.largerIsNearer = largerIsNearer;
  }

  public boolean largerIsNearer() {
    return largerIsNearer;
  }

  /// Negative when `a` is the nearer score, positive when `b` is, zero for equal ones. NaN is never
  /// near.
  public int compareScores(float a, float b) {
    if (Float.isNaN(a) || Float.isNaN(b)) {
      return Boolean.compare(Float.isNaN(a), Float.isNaN(b));
    }
    if (a == b) {
      return 0;
    }
    return a > b == largerIsNearer ? -1 : 1;
  }

  /// In any case of letters.
  public static Optional<Metric> ofName(String name) {
    String upper = name.toUpperCase(Locale.ROOT);
    return Arrays.stream(values()).filter(metric -> metric.name().equals(upper)).findFirst();
  }
}
