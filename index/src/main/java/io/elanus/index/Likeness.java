package io.elanus.index;

/// How like a MinHash signature is to one that it has a band in common with. Larger is nearer.
public enum Likeness {
  /// 1, whatever else they have in common.
  BAND,
  /// The part of the elements that are equal, which estimates the Jaccard similarity of the sets they are drawn from.
  ELEMENTS
}
