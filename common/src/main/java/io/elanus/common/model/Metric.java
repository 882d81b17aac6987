package io.elanus.common.model;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/// How near two vectors are, or two lists of vectors, by Milvus's name. A score is what clients see.
///
/// Of lists it is the sum, over the vectors of the list that is searched for, of the best score that a vector of the
/// row's list has: "best" and "near" are those of the metric of the vectors.
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
  MHJACCARD(true),
  /// 0 of a vector that has all bits of the one searched for, which is a part of it. No other is found.
  SUBSTRUCTURE(false),
  /// 0 of a vector all of whose bits the one searched for has, too. No other is found.
  SUPERSTRUCTURE(false),
  MAX_SIM_COSINE(COSINE),
  MAX_SIM_IP(IP),
  MAX_SIM_L2(L2),
  MAX_SIM_HAMMING(HAMMING),
  MAX_SIM_JACCARD(JACCARD);

  /// Milvus's shorter name for [#MAX_SIM_COSINE].
  private static final String MAX_SIM = "MAX_SIM";

  private final boolean largerIsNearer;
  private final Optional<Metric> ofVectors;

  Metric(boolean largerIsNearer) {
    this.largerIsNearer = largerIsNearer;
    this.ofVectors = Optional.empty();
  }

  /// Of lists.
  ///
  /// @param ofVectors between a vector of each
  Metric(Metric ofVectors) {
    this.largerIsNearer = ofVectors.largerIsNearer;
    this.ofVectors = Optional.of(ofVectors);
  }

  /// Whether it is between lists of vectors.
  public boolean isOfLists() {
    return ofVectors.isPresent();
  }

  /// That between a vector of each, of one between lists; else this.
  public Metric ofVectors() {
    return ofVectors.orElse(this);
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
    if (upper.equals(MAX_SIM)) {
      return Optional.of(MAX_SIM_COSINE);
    }
    return Arrays.stream(values()).filter(metric -> metric.name().equals(upper)).findFirst();
  }
}
