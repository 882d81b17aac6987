package io.elanus.index.kernel;

/// Which rows a [BitKernel] looks at, and what becomes of an estimate. One thread, reused, so that a search allocates one and not one for each
/// group that it looks at.
public final class BitRows {
  long bits;
  long adds;
  long column;
  float base;
  float addWeight;
  float weight;

  /// Where they are, in bytes; columns go on to the end of the last group.
  ///
  /// @param firstBits of the first group
  /// @param firstAdd of its first row
  /// @param columnBytes from an add to the factor of the same row, and from that to its count
  public BitRows at(long firstBits, long firstAdd, long columnBytes) {
    this.bits = firstBits;
    this.adds = firstAdd;
    this.column = columnBytes;
    return this;
  }

  /// The result is `ofAll + perAdd * add + perEstimate * estimate`.
  public BitRows weigh(float ofAll, float perAdd, float perEstimate) {
    this.base = ofAll;
    this.addWeight = perAdd;
    this.weight = perEstimate;
    return this;
  }
}
