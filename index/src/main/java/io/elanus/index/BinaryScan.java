package io.elanus.index;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.List;

/// Exact search of vectors of bits: every accepted row is scored. Smaller is nearer. Immutable.
public record BinaryScan(BitVectors vectors, Metric metric) {
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  /// How far two sets of bits are from each other.
  public enum Metric {
    /// Bits that differ.
    HAMMING,
    /// One less the part of the bits of both that both have. Two empty sets are as far as can be.
    JACCARD,
    /// 0 of a row that has all bits of the query; no other row is found.
    SUBSTRUCTURE,
    /// 0 of a row all of whose bits the query has; no other row is found.
    SUPERSTRUCTURE
  }

  /// The nearest `k` accepted rows that are found, or all of them when they are fewer. `query` has as many bytes as they.
  public Neighbors search(byte[] query, int k, AcceptedRows accepted) {
    Checks.require(k >= 1, "k %d is below 1", k);
    requireLength(query);
    int wanted = Math.min(k, accepted.cardinality(vectors.count()));
    if (wanted == 0) {
      return Neighbors.NONE;
    }
    MemorySegment bits = MemorySegment.ofArray(query);
    NearestRows nearest = new NearestRows(wanted);
    int[] ordinals = new int[1024];
    AcceptedCursor rows = new AcceptedCursor(accepted, vectors.count());
    for (int size = rows.next(ordinals); size > 0; size = rows.next(ordinals)) {
      for (int i = 0; i < size; i++) {
        float distance = distance(bits, ordinals[i]);
        if (distance < Float.POSITIVE_INFINITY) {
          nearest.offer(NearKey.of(distance, ordinals[i]));
        }
      }
    }
    return nearest.nearest(wanted, io.elanus.index.Metric.L2);
  }

  /// The nearest `k` accepted rows of those that have `lists` of these vectors, by [MaxSimScan]; all of them that have
  /// vectors when they are fewer. Each vector of `query` has as many bytes as they.
  public Neighbors search(List<byte[]> query, VectorLists lists, int k, AcceptedRows accepted) {
    for (byte[] vector : query) {
      requireLength(vector);
    }
    ListQuery scorer =
        (some, size, each) -> {
          float[] distances = new float[size];
          for (byte[] vector : query) {
            MemorySegment bits = MemorySegment.ofArray(vector);
            for (int i = 0; i < size; i++) {
              distances[i] = distance(bits, some[i]);
            }
            each.accept(distances, 0);
          }
        };
    return MaxSimScan.nearest(lists, scorer, k, accepted, io.elanus.index.Metric.L2);
  }

  private void requireLength(byte[] query) {
    int bytes = vectors.rowBytes();
    Checks.require(query.length == bytes, "query has %d bytes, rows %d", query.length, bytes);
  }

  /// Infinity of rows that are not found.
  private float distance(MemorySegment query, int ordinal) {
    return switch (metric) {
      case HAMMING, JACCARD -> difference(query, ordinal);
      case SUBSTRUCTURE -> ifPart(query, 0, vectors.data(), start(ordinal));
      case SUPERSTRUCTURE -> ifPart(vectors.data(), start(ordinal), query, 0);
    };
  }

  private long start(int ordinal) {
    return (long) ordinal * vectors.rowBytes();
  }

  private float difference(MemorySegment query, int ordinal) {
    MemorySegment data = vectors.data();
    int rowBytes = vectors.rowBytes();
    long start = start(ordinal);
    int differ = 0;
    int either = 0;
    int at = 0;
    for (; at + 8 <= rowBytes; at += 8) {
      long a = query.get(LONG, at);
      long b = data.get(LONG, start + at);
      differ += Long.bitCount(a ^ b);
      either += Long.bitCount(a | b);
    }
    for (; at < rowBytes; at++) {
      int a = query.get(ValueLayout.JAVA_BYTE, at) & 0xff;
      int b = data.get(ValueLayout.JAVA_BYTE, start + at) & 0xff;
      differ += Integer.bitCount(a ^ b);
      either += Integer.bitCount(a | b);
    }
    if (metric == Metric.HAMMING) {
      return differ;
    }
    return either == 0 ? 1f : (float) differ / either;
  }

  /// 0 when all bits of the vector at `partStart` are in the one at `wholeStart`, else infinity.
  private float ifPart(MemorySegment part, long partStart, MemorySegment whole, long wholeStart) {
    int rowBytes = vectors.rowBytes();
    int at = 0;
    for (; at + 8 <= rowBytes; at += 8) {
      if ((part.get(LONG, partStart + at) & ~whole.get(LONG, wholeStart + at)) != 0) {
        return Float.POSITIVE_INFINITY;
      }
    }
    for (; at < rowBytes; at++) {
      int lacking =
          part.get(ValueLayout.JAVA_BYTE, partStart + at)
              & ~whole.get(ValueLayout.JAVA_BYTE, wholeStart + at);
      if (lacking != 0) {
        return Float.POSITIVE_INFINITY;
      }
    }
    return 0;
  }
}
