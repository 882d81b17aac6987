package io.elanus.index;

import static io.elanus.index.IndexFile.FLOAT;
import static io.elanus.index.IndexFile.INT;
import static io.elanus.index.SparseVectors.ENTRY_BYTES;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/// A sparse vector that is searched for: terms, ascending as unsigned numbers, with their weights. Immutable.
@SuppressWarnings("ArrayRecordComponent")
record SparseQuery(int[] terms, float[] weights) {
  /// Of the bytes of a sparse vector, else IllegalArgumentException.
  static SparseQuery of(byte[] entries) {
    Checks.require(
        entries.length % ENTRY_BYTES == 0, "%d bytes are no sparse vector", entries.length);
    MemorySegment bytes = MemorySegment.ofArray(entries);
    int[] terms = new int[entries.length / ENTRY_BYTES];
    float[] weights = new float[terms.length];
    for (int i = 0; i < terms.length; i++) {
      terms[i] = bytes.get(INT, (long) ENTRY_BYTES * i);
      weights[i] = bytes.get(FLOAT, (long) ENTRY_BYTES * i + 4);
    }
    return new SparseQuery(terms, weights);
  }

  int size() {
    return terms.length;
  }

  /// Without `dropRatio` of the terms, rounded down: those of the smallest absolute weights, of equal ones the later.
  SparseQuery without(float dropRatio) {
    int dropped = (int) ((double) dropRatio * size());
    if (dropped == 0) {
      return this;
    }
    int size = size() - dropped;
    NearestRows heaviest = new NearestRows(size);
    for (int i = 0; i < size(); i++) {
      heaviest.offer(NearKey.of(-Math.abs(weights[i]), i));
    }
    int[] kept = heaviest.nearest(size, Metric.INNER_PRODUCT).ordinals();
    Arrays.sort(kept);
    int[] shorter = new int[kept.length];
    float[] theirWeights = new float[kept.length];
    for (int i = 0; i < kept.length; i++) {
      shorter[i] = terms[kept[i]];
      theirWeights[i] = weights[kept[i]];
    }
    return new SparseQuery(shorter, theirWeights);
  }

  /// The inner product with a row, summed up by ascending term. Both ascend, so one pass over both finds what they
  /// share.
  float product(SparseVectors vectors, int row) {
    MemorySegment data = vectors.data();
    long at = vectors.start(row);
    long end = at + vectors.length(row);
    float sum = 0;
    for (int i = 0; i < terms.length && at < end; ) {
      int order = Integer.compareUnsigned(terms[i], data.get(INT, at));
      if (order == 0) {
        sum += weights[i] * data.get(FLOAT, at + 4);
      }
      i += order <= 0 ? 1 : 0;
      at += order >= 0 ? ENTRY_BYTES : 0;
    }
    return sum;
  }
}
