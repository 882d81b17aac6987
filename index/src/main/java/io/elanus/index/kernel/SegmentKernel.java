package io.elanus.index.kernel;

import static io.elanus.index.kernel.Lanes.SPECIES;
import static io.elanus.index.kernel.Lanes.addSquare;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/// [Kernel] for rows off heap, native or mapped. [ArrayKernel] is its twin for rows in an array.
///
/// Rows are scored four at a time (two, for a block of queries), one vector of partial sums for
/// each pair of query and row: the loads of four rows miss the cache at the same time instead of
/// one after the other. A list that ends early repeats its last row.
///
/// The shape of these methods is what the compiler needs. It stops inlining when a method has too
/// many operations, and then allocates an object for every vector, ten times slower. So each method
/// with vectors in it is longer than the 325 bytecodes up to which C2 inlines a hot method into its
/// caller, and compiles alone; and partial sums go through an array, to be added up by one
/// [Lanes#sum] in a loop. A test counts the bytecodes.
final class SegmentKernel implements Kernel {
  private final MemorySegment rows;
  private final int dimension;
  private final long stride;
  private final int bound;
  private final SumRoom sums;

  /// @param stride bytes from a row to the next
  SegmentKernel(MemorySegment rows, int dimension, long stride) {
    this(NativeRows.plain(rows), dimension, stride, SumRoom.OF_EACH_CALL);
  }

  private SegmentKernel(MemorySegment rows, int dimension, long stride, SumRoom sums) {
    this.rows = rows;
    this.dimension = dimension;
    this.stride = stride;
    this.bound = SPECIES.loopBound(dimension);
    this.sums = sums;
  }

  @Override
  public Kernel forOneThread() {
    return new SegmentKernel(rows, dimension, stride, SumRoom.ofOneThread());
  }

  @Override
  public void squaredL2(float[] query, int[] ordinals, int count, float[] out) {
    float[] partial = sums.of(4);
    int last = count - 1;
    for (int next = 0; next < count; next += 4) {
      long a = row(ordinals[next]);
      long b = row(ordinals[Math.min(next + 1, last)]);
      long c = row(ordinals[Math.min(next + 2, last)]);
      long d = row(ordinals[Math.min(next + 3, last)]);
      FloatVector sumA = FloatVector.zero(SPECIES);
      FloatVector sumB = FloatVector.zero(SPECIES);
      FloatVector sumC = FloatVector.zero(SPECIES);
      FloatVector sumD = FloatVector.zero(SPECIES);
      int i = 0;
      for (; i < bound; i += Lanes.COUNT) {
        FloatVector q = FloatVector.fromArray(SPECIES, query, i);
        sumA = addSquare(sumA, q, load(a, i));
        sumB = addSquare(sumB, q, load(b, i));
        sumC = addSquare(sumC, q, load(c, i));
        sumD = addSquare(sumD, q, load(d, i));
      }
      if (i < dimension) {
        VectorMask<Float> tail = Lanes.upTo(dimension, i);
        FloatVector q = FloatVector.fromArray(SPECIES, query, i, tail);
        sumA = addSquare(sumA, q, load(a, i, tail));
        sumB = addSquare(sumB, q, load(b, i, tail));
        sumC = addSquare(sumC, q, load(c, i, tail));
        sumD = addSquare(sumD, q, load(d, i, tail));
      }
      Lanes.store(sumA, partial, 0);
      Lanes.store(sumB, partial, 1);
      Lanes.store(sumC, partial, 2);
      Lanes.store(sumD, partial, 3);
      for (int p = 0; p < 4; p++) {
        out[Math.min(next + p, last)] = Lanes.sum(partial, p);
      }
    }
  }

  @Override
  public void dot(float[] query, int[] ordinals, int count, float[] out) {
    float[] partial = sums.of(4);
    int last = count - 1;
    for (int next = 0; next < count; next += 4) {
      long a = row(ordinals[next]);
      long b = row(ordinals[Math.min(next + 1, last)]);
      long c = row(ordinals[Math.min(next + 2, last)]);
      long d = row(ordinals[Math.min(next + 3, last)]);
      FloatVector sumA = FloatVector.zero(SPECIES);
      FloatVector sumB = FloatVector.zero(SPECIES);
      FloatVector sumC = FloatVector.zero(SPECIES);
      FloatVector sumD = FloatVector.zero(SPECIES);
      int i = 0;
      for (; i < bound; i += Lanes.COUNT) {
        FloatVector q = FloatVector.fromArray(SPECIES, query, i);
        sumA = q.fma(load(a, i), sumA);
        sumB = q.fma(load(b, i), sumB);
        sumC = q.fma(load(c, i), sumC);
        sumD = q.fma(load(d, i), sumD);
      }
      if (i < dimension) {
        VectorMask<Float> tail = Lanes.upTo(dimension, i);
        FloatVector q = FloatVector.fromArray(SPECIES, query, i, tail);
        sumA = q.fma(load(a, i, tail), sumA);
        sumB = q.fma(load(b, i, tail), sumB);
        sumC = q.fma(load(c, i, tail), sumC);
        sumD = q.fma(load(d, i, tail), sumD);
      }
      Lanes.store(sumA, partial, 0);
      Lanes.store(sumB, partial, 1);
      Lanes.store(sumC, partial, 2);
      Lanes.store(sumD, partial, 3);
      for (int p = 0; p < 4; p++) {
        out[Math.min(next + p, last)] = Lanes.sum(partial, p);
      }
    }
  }

  @Override
  public void squaredL2Block(float[] queries, int[] ordinals, int count, float[] out) {
    float[] partial = sums.of(2 * QUERY_BLOCK);
    int last = count - 1;
    for (int next = 0; next < count; next += 2) {
      long a = row(ordinals[next]);
      long b = row(ordinals[Math.min(next + 1, last)]);
      FloatVector sum0A = FloatVector.zero(SPECIES);
      FloatVector sum0B = FloatVector.zero(SPECIES);
      FloatVector sum1A = FloatVector.zero(SPECIES);
      FloatVector sum1B = FloatVector.zero(SPECIES);
      FloatVector sum2A = FloatVector.zero(SPECIES);
      FloatVector sum2B = FloatVector.zero(SPECIES);
      FloatVector sum3A = FloatVector.zero(SPECIES);
      FloatVector sum3B = FloatVector.zero(SPECIES);
      for (int i = 0; i < bound; i += Lanes.COUNT) {
        FloatVector x = load(a, i);
        FloatVector y = load(b, i);
        FloatVector q = FloatVector.fromArray(SPECIES, queries, i);
        sum0A = addSquare(sum0A, q, x);
        sum0B = addSquare(sum0B, q, y);
        q = FloatVector.fromArray(SPECIES, queries, dimension + i);
        sum1A = addSquare(sum1A, q, x);
        sum1B = addSquare(sum1B, q, y);
        q = FloatVector.fromArray(SPECIES, queries, 2 * dimension + i);
        sum2A = addSquare(sum2A, q, x);
        sum2B = addSquare(sum2B, q, y);
        q = FloatVector.fromArray(SPECIES, queries, 3 * dimension + i);
        sum3A = addSquare(sum3A, q, x);
        sum3B = addSquare(sum3B, q, y);
      }
      Lanes.store(sum0A, partial, 0);
      Lanes.store(sum0B, partial, 1);
      Lanes.store(sum1A, partial, 2);
      Lanes.store(sum1B, partial, 3);
      Lanes.store(sum2A, partial, 4);
      Lanes.store(sum2B, partial, 5);
      Lanes.store(sum3A, partial, 6);
      Lanes.store(sum3B, partial, 7);
      if (bound < dimension) {
        squaredL2BlockTail(queries, a, b, partial);
      }
      for (int q = 0; q < QUERY_BLOCK; q++) {
        out[q * count + next] = Lanes.sum(partial, 2 * q);
        out[q * count + Math.min(next + 1, last)] = Lanes.sum(partial, 2 * q + 1);
      }
    }
  }

  private void squaredL2BlockTail(float[] queries, long a, long b, float[] partial) {
    int i = bound;
    VectorMask<Float> tail = Lanes.upTo(dimension, i);
    FloatVector sum0A = Lanes.load(partial, 0);
    FloatVector sum0B = Lanes.load(partial, 1);
    FloatVector sum1A = Lanes.load(partial, 2);
    FloatVector sum1B = Lanes.load(partial, 3);
    FloatVector sum2A = Lanes.load(partial, 4);
    FloatVector sum2B = Lanes.load(partial, 5);
    FloatVector sum3A = Lanes.load(partial, 6);
    FloatVector sum3B = Lanes.load(partial, 7);
    FloatVector x = load(a, i, tail);
    FloatVector y = load(b, i, tail);
    FloatVector q = FloatVector.fromArray(SPECIES, queries, i, tail);
    sum0A = addSquare(sum0A, q, x);
    sum0B = addSquare(sum0B, q, y);
    q = FloatVector.fromArray(SPECIES, queries, dimension + i, tail);
    sum1A = addSquare(sum1A, q, x);
    sum1B = addSquare(sum1B, q, y);
    q = FloatVector.fromArray(SPECIES, queries, 2 * dimension + i, tail);
    sum2A = addSquare(sum2A, q, x);
    sum2B = addSquare(sum2B, q, y);
    q = FloatVector.fromArray(SPECIES, queries, 3 * dimension + i, tail);
    sum3A = addSquare(sum3A, q, x);
    sum3B = addSquare(sum3B, q, y);
    Lanes.store(sum0A, partial, 0);
    Lanes.store(sum0B, partial, 1);
    Lanes.store(sum1A, partial, 2);
    Lanes.store(sum1B, partial, 3);
    Lanes.store(sum2A, partial, 4);
    Lanes.store(sum2B, partial, 5);
    Lanes.store(sum3A, partial, 6);
    Lanes.store(sum3B, partial, 7);
  }

  @Override
  public void dotBlock(float[] queries, int[] ordinals, int count, float[] out) {
    float[] partial = sums.of(2 * QUERY_BLOCK);
    int last = count - 1;
    for (int next = 0; next < count; next += 2) {
      long a = row(ordinals[next]);
      long b = row(ordinals[Math.min(next + 1, last)]);
      FloatVector sum0A = FloatVector.zero(SPECIES);
      FloatVector sum0B = FloatVector.zero(SPECIES);
      FloatVector sum1A = FloatVector.zero(SPECIES);
      FloatVector sum1B = FloatVector.zero(SPECIES);
      FloatVector sum2A = FloatVector.zero(SPECIES);
      FloatVector sum2B = FloatVector.zero(SPECIES);
      FloatVector sum3A = FloatVector.zero(SPECIES);
      FloatVector sum3B = FloatVector.zero(SPECIES);
      for (int i = 0; i < bound; i += Lanes.COUNT) {
        FloatVector x = load(a, i);
        FloatVector y = load(b, i);
        FloatVector q = FloatVector.fromArray(SPECIES, queries, i);
        sum0A = q.fma(x, sum0A);
        sum0B = q.fma(y, sum0B);
        q = FloatVector.fromArray(SPECIES, queries, dimension + i);
        sum1A = q.fma(x, sum1A);
        sum1B = q.fma(y, sum1B);
        q = FloatVector.fromArray(SPECIES, queries, 2 * dimension + i);
        sum2A = q.fma(x, sum2A);
        sum2B = q.fma(y, sum2B);
        q = FloatVector.fromArray(SPECIES, queries, 3 * dimension + i);
        sum3A = q.fma(x, sum3A);
        sum3B = q.fma(y, sum3B);
      }
      Lanes.store(sum0A, partial, 0);
      Lanes.store(sum0B, partial, 1);
      Lanes.store(sum1A, partial, 2);
      Lanes.store(sum1B, partial, 3);
      Lanes.store(sum2A, partial, 4);
      Lanes.store(sum2B, partial, 5);
      Lanes.store(sum3A, partial, 6);
      Lanes.store(sum3B, partial, 7);
      if (bound < dimension) {
        dotBlockTail(queries, a, b, partial);
      }
      for (int q = 0; q < QUERY_BLOCK; q++) {
        out[q * count + next] = Lanes.sum(partial, 2 * q);
        out[q * count + Math.min(next + 1, last)] = Lanes.sum(partial, 2 * q + 1);
      }
    }
  }

  private void dotBlockTail(float[] queries, long a, long b, float[] partial) {
    int i = bound;
    VectorMask<Float> tail = Lanes.upTo(dimension, i);
    FloatVector sum0A = Lanes.load(partial, 0);
    FloatVector sum0B = Lanes.load(partial, 1);
    FloatVector sum1A = Lanes.load(partial, 2);
    FloatVector sum1B = Lanes.load(partial, 3);
    FloatVector sum2A = Lanes.load(partial, 4);
    FloatVector sum2B = Lanes.load(partial, 5);
    FloatVector sum3A = Lanes.load(partial, 6);
    FloatVector sum3B = Lanes.load(partial, 7);
    FloatVector x = load(a, i, tail);
    FloatVector y = load(b, i, tail);
    FloatVector q = FloatVector.fromArray(SPECIES, queries, i, tail);
    sum0A = q.fma(x, sum0A);
    sum0B = q.fma(y, sum0B);
    q = FloatVector.fromArray(SPECIES, queries, dimension + i, tail);
    sum1A = q.fma(x, sum1A);
    sum1B = q.fma(y, sum1B);
    q = FloatVector.fromArray(SPECIES, queries, 2 * dimension + i, tail);
    sum2A = q.fma(x, sum2A);
    sum2B = q.fma(y, sum2B);
    q = FloatVector.fromArray(SPECIES, queries, 3 * dimension + i, tail);
    sum3A = q.fma(x, sum3A);
    sum3B = q.fma(y, sum3B);
    Lanes.store(sum0A, partial, 0);
    Lanes.store(sum0B, partial, 1);
    Lanes.store(sum1A, partial, 2);
    Lanes.store(sum1B, partial, 3);
    Lanes.store(sum2A, partial, 4);
    Lanes.store(sum2B, partial, 5);
    Lanes.store(sum3A, partial, 6);
    Lanes.store(sum3B, partial, 7);
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
