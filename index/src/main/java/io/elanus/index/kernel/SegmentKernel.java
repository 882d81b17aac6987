package io.elanus.index.kernel;

import static io.elanus.index.kernel.Lanes.SPECIES;
import static io.elanus.index.kernel.Lanes.addSquare;
import static io.elanus.index.kernel.Lanes.sum;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/// [Kernel] for rows off heap, native or mapped. [ArrayKernel] is its twin for rows in an array.
///
/// Four rows are scored together: their loads miss the cache at the same time instead of one after
/// the other, and the query is loaded once for all. A list whose length is not a multiple of four
/// repeats its last row. One sum per row and no more: more sums measured slower on long scans, where
/// the compiler reorders the loads and the hardware prefetcher loses the stream.
final class SegmentKernel implements Kernel {
  private final MemorySegment rows;
  private final int dimension;
  private final long stride;
  private final int bound;

  /// `rows` becomes a plain native segment of the same lifetime, because code that meets mapped and
  /// native segments both is half as fast as code that meets one kind.
  @SuppressWarnings("restricted")
  SegmentKernel(MemorySegment rows, int dimension) {
    this.rows = rows.reinterpret(rows.byteSize());
    this.dimension = dimension;
    this.stride = 4L * dimension;
    this.bound = SPECIES.loopBound(dimension);
  }

  @Override
  public void squaredL2(float[] query, int[] ordinals, int count, float[] out) {
    int last = count - 1;
    for (int a = 0; a < count; a += 4) {
      int b = Math.min(a + 1, last);
      int c = Math.min(a + 2, last);
      int d = Math.min(a + 3, last);
      long rowA = row(ordinals[a]);
      long rowB = row(ordinals[b]);
      long rowC = row(ordinals[c]);
      long rowD = row(ordinals[d]);
      FloatVector sA = FloatVector.zero(SPECIES);
      FloatVector sB = FloatVector.zero(SPECIES);
      FloatVector sC = FloatVector.zero(SPECIES);
      FloatVector sD = FloatVector.zero(SPECIES);
      int i = 0;
      for (; i < bound; i += Lanes.COUNT) {
        FloatVector q = FloatVector.fromArray(SPECIES, query, i);
        sA = addSquare(sA, q, load(rowA, i));
        sB = addSquare(sB, q, load(rowB, i));
        sC = addSquare(sC, q, load(rowC, i));
        sD = addSquare(sD, q, load(rowD, i));
      }
      if (i < dimension) {
        VectorMask<Float> tail = Lanes.upTo(dimension, i);
        FloatVector q = FloatVector.fromArray(SPECIES, query, i, tail);
        sA = addSquare(sA, q, load(rowA, i, tail));
        sB = addSquare(sB, q, load(rowB, i, tail));
        sC = addSquare(sC, q, load(rowC, i, tail));
        sD = addSquare(sD, q, load(rowD, i, tail));
      }
      out[a] = sum(sA);
      out[b] = sum(sB);
      out[c] = sum(sC);
      out[d] = sum(sD);
    }
  }

  @Override
  public void dot(float[] query, int[] ordinals, int count, float[] out) {
    int last = count - 1;
    for (int a = 0; a < count; a += 4) {
      int b = Math.min(a + 1, last);
      int c = Math.min(a + 2, last);
      int d = Math.min(a + 3, last);
      long rowA = row(ordinals[a]);
      long rowB = row(ordinals[b]);
      long rowC = row(ordinals[c]);
      long rowD = row(ordinals[d]);
      FloatVector sA = FloatVector.zero(SPECIES);
      FloatVector sB = FloatVector.zero(SPECIES);
      FloatVector sC = FloatVector.zero(SPECIES);
      FloatVector sD = FloatVector.zero(SPECIES);
      int i = 0;
      for (; i < bound; i += Lanes.COUNT) {
        FloatVector q = FloatVector.fromArray(SPECIES, query, i);
        sA = q.fma(load(rowA, i), sA);
        sB = q.fma(load(rowB, i), sB);
        sC = q.fma(load(rowC, i), sC);
        sD = q.fma(load(rowD, i), sD);
      }
      if (i < dimension) {
        VectorMask<Float> tail = Lanes.upTo(dimension, i);
        FloatVector q = FloatVector.fromArray(SPECIES, query, i, tail);
        sA = q.fma(load(rowA, i, tail), sA);
        sB = q.fma(load(rowB, i, tail), sB);
        sC = q.fma(load(rowC, i, tail), sC);
        sD = q.fma(load(rowD, i, tail), sD);
      }
      out[a] = sum(sA);
      out[b] = sum(sB);
      out[c] = sum(sC);
      out[d] = sum(sD);
    }
  }

  @Override
  public void squaredL2Block(float[] queries, int[] ordinals, int count, float[] out) {
    int last = count - 1;
    for (int a = 0; a < count; a += 2) {
      int b = Math.min(a + 1, last);
      long rowA = row(ordinals[a]);
      long rowB = row(ordinals[b]);
      FloatVector s0A = FloatVector.zero(SPECIES);
      FloatVector s0B = FloatVector.zero(SPECIES);
      FloatVector s1A = FloatVector.zero(SPECIES);
      FloatVector s1B = FloatVector.zero(SPECIES);
      FloatVector s2A = FloatVector.zero(SPECIES);
      FloatVector s2B = FloatVector.zero(SPECIES);
      FloatVector s3A = FloatVector.zero(SPECIES);
      FloatVector s3B = FloatVector.zero(SPECIES);
      int i = 0;
      for (; i < bound; i += Lanes.COUNT) {
        FloatVector x = load(rowA, i);
        FloatVector y = load(rowB, i);
        FloatVector q = FloatVector.fromArray(SPECIES, queries, i);
        s0A = addSquare(s0A, q, x);
        s0B = addSquare(s0B, q, y);
        q = FloatVector.fromArray(SPECIES, queries, dimension + i);
        s1A = addSquare(s1A, q, x);
        s1B = addSquare(s1B, q, y);
        q = FloatVector.fromArray(SPECIES, queries, 2 * dimension + i);
        s2A = addSquare(s2A, q, x);
        s2B = addSquare(s2B, q, y);
        q = FloatVector.fromArray(SPECIES, queries, 3 * dimension + i);
        s3A = addSquare(s3A, q, x);
        s3B = addSquare(s3B, q, y);
      }
      if (i < dimension) {
        VectorMask<Float> tail = Lanes.upTo(dimension, i);
        FloatVector x = load(rowA, i, tail);
        FloatVector y = load(rowB, i, tail);
        FloatVector q = FloatVector.fromArray(SPECIES, queries, i, tail);
        s0A = addSquare(s0A, q, x);
        s0B = addSquare(s0B, q, y);
        q = FloatVector.fromArray(SPECIES, queries, dimension + i, tail);
        s1A = addSquare(s1A, q, x);
        s1B = addSquare(s1B, q, y);
        q = FloatVector.fromArray(SPECIES, queries, 2 * dimension + i, tail);
        s2A = addSquare(s2A, q, x);
        s2B = addSquare(s2B, q, y);
        q = FloatVector.fromArray(SPECIES, queries, 3 * dimension + i, tail);
        s3A = addSquare(s3A, q, x);
        s3B = addSquare(s3B, q, y);
      }
      out[a] = sum(s0A);
      out[b] = sum(s0B);
      out[count + a] = sum(s1A);
      out[count + b] = sum(s1B);
      out[2 * count + a] = sum(s2A);
      out[2 * count + b] = sum(s2B);
      out[3 * count + a] = sum(s3A);
      out[3 * count + b] = sum(s3B);
    }
  }

  @Override
  public void dotBlock(float[] queries, int[] ordinals, int count, float[] out) {
    int last = count - 1;
    for (int a = 0; a < count; a += 2) {
      int b = Math.min(a + 1, last);
      long rowA = row(ordinals[a]);
      long rowB = row(ordinals[b]);
      FloatVector s0A = FloatVector.zero(SPECIES);
      FloatVector s0B = FloatVector.zero(SPECIES);
      FloatVector s1A = FloatVector.zero(SPECIES);
      FloatVector s1B = FloatVector.zero(SPECIES);
      FloatVector s2A = FloatVector.zero(SPECIES);
      FloatVector s2B = FloatVector.zero(SPECIES);
      FloatVector s3A = FloatVector.zero(SPECIES);
      FloatVector s3B = FloatVector.zero(SPECIES);
      int i = 0;
      for (; i < bound; i += Lanes.COUNT) {
        FloatVector x = load(rowA, i);
        FloatVector y = load(rowB, i);
        FloatVector q = FloatVector.fromArray(SPECIES, queries, i);
        s0A = q.fma(x, s0A);
        s0B = q.fma(y, s0B);
        q = FloatVector.fromArray(SPECIES, queries, dimension + i);
        s1A = q.fma(x, s1A);
        s1B = q.fma(y, s1B);
        q = FloatVector.fromArray(SPECIES, queries, 2 * dimension + i);
        s2A = q.fma(x, s2A);
        s2B = q.fma(y, s2B);
        q = FloatVector.fromArray(SPECIES, queries, 3 * dimension + i);
        s3A = q.fma(x, s3A);
        s3B = q.fma(y, s3B);
      }
      if (i < dimension) {
        VectorMask<Float> tail = Lanes.upTo(dimension, i);
        FloatVector x = load(rowA, i, tail);
        FloatVector y = load(rowB, i, tail);
        FloatVector q = FloatVector.fromArray(SPECIES, queries, i, tail);
        s0A = q.fma(x, s0A);
        s0B = q.fma(y, s0B);
        q = FloatVector.fromArray(SPECIES, queries, dimension + i, tail);
        s1A = q.fma(x, s1A);
        s1B = q.fma(y, s1B);
        q = FloatVector.fromArray(SPECIES, queries, 2 * dimension + i, tail);
        s2A = q.fma(x, s2A);
        s2B = q.fma(y, s2B);
        q = FloatVector.fromArray(SPECIES, queries, 3 * dimension + i, tail);
        s3A = q.fma(x, s3A);
        s3B = q.fma(y, s3B);
      }
      out[a] = sum(s0A);
      out[b] = sum(s0B);
      out[count + a] = sum(s1A);
      out[count + b] = sum(s1B);
      out[2 * count + a] = sum(s2A);
      out[2 * count + b] = sum(s2B);
      out[3 * count + a] = sum(s3A);
      out[3 * count + b] = sum(s3B);
    }
  }

  private long row(int ordinal) {
    return ordinal * stride;
  }

  private FloatVector load(long row, int i) {
    return FloatVector.fromMemorySegment(SPECIES, rows, row + i * 4L, ByteOrder.LITTLE_ENDIAN);
  }

  private FloatVector load(long row, int i, VectorMask<Float> tail) {
    return FloatVector.fromMemorySegment(
        SPECIES, rows, row + i * 4L, ByteOrder.LITTLE_ENDIAN, tail);
  }
}
