package io.elanus.index.kernel;

import static io.elanus.index.kernel.Lanes.COUNT;

/// Where a kernel puts partial sums until they are added up: made by each call, as any number of threads may use a kernel, or kept, for one
/// thread at a time. A walk of a graph makes a call for each row it stands on.
final class SumRoom {
  static final SumRoom OF_EACH_CALL = new SumRoom(new float[0]);

  private final float[] kept;

  private SumRoom(float[] kept) {
    this.kept = kept;
  }

  static SumRoom ofOneThread() {
    return new SumRoom(new float[2 * Kernel.QUERY_BLOCK * COUNT]);
  }

  /// For the partial sums of `pairs` pairs of query and row, one vector each; whatever was there before.
  float[] of(int pairs) {
    return kept.length == 0 ? new float[pairs * COUNT] : kept;
  }
}
