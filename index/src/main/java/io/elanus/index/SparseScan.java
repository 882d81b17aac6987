package io.elanus.index;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/// Exact search of sparse vectors by inner product: every accepted row is scored, and those that have nothing in
/// common with the query are not found. Immutable.
///
/// A sparse vector is pairs of an unsigned index and a float32, 4 bytes each, little-endian, by strictly
/// ascending index.
public record SparseScan(Rows rows) {
  private static final int ENTRY_BYTES = 8;
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  /// Where the rows lie.
  public interface Rows {
    int count();

    MemorySegment data();

    /// Where the entries of a row begin in the data.
    int start(int row);

    /// The bytes of its entries.
    int length(int row);
  }

  /// The nearest `k` accepted rows whose inner product with `query` is above 0: fewer when there are no more.
  public Neighbors search(byte[] query, int k, AcceptedRows accepted) {
    Checks.require(k >= 1, "k %d is below 1", k);
    Checks.require(query.length % ENTRY_BYTES == 0, "%d bytes are no sparse vector", query.length);
    int wanted = Math.min(k, accepted.cardinality(rows.count()));
    if (wanted == 0) {
      return Neighbors.NONE;
    }
    MemorySegment entries = MemorySegment.ofArray(query);
    NearestRows nearest = new NearestRows(wanted);
    int[] ordinals = new int[1024];
    AcceptedCursor cursor = new AcceptedCursor(accepted, rows.count());
    for (int size = cursor.next(ordinals); size > 0; size = cursor.next(ordinals)) {
      for (int i = 0; i < size; i++) {
        float product = product(entries, ordinals[i]);
        if (product > 0) {
          nearest.offer(NearKey.of(0f - product, ordinals[i]));
        }
      }
    }
    return nearest.nearest(wanted, Metric.INNER_PRODUCT);
  }

  /// Both ascend, so one pass over both finds what they share.
  private float product(MemorySegment query, int row) {
    MemorySegment data = rows.data();
    long a = 0;
    long aEnd = query.byteSize();
    long b = rows.start(row);
    long bEnd = b + rows.length(row);
    float sum = 0;
    while (a < aEnd && b < bEnd) {
      int order = Integer.compareUnsigned(query.get(INT, a), data.get(INT, b));
      if (order == 0) {
        sum += query.get(FLOAT, a + 4) * data.get(FLOAT, b + 4);
      }
      a += order <= 0 ? ENTRY_BYTES : 0;
      b += order >= 0 ? ENTRY_BYTES : 0;
    }
    return sum;
  }
}
