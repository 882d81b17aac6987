package io.elanus.index.kernel;

import static io.elanus.index.kernel.Lanes.SPECIES;
import static io.elanus.index.kernel.Lanes.addSquare;
import static io.elanus.index.kernel.Lanes.sum;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/// [Kernel] for rows in a `float[]`, line by line the twin of [SegmentKernel], which explains it.
final class ArrayKernel implements Kernel {
  private final float[] rows;
  private final int start;
  private final int dimension;
  private final int bound;

  /// The first row starts at `rows[start]`.
  ArrayKernel(float[] rows, int start, int dimension) {
    this.rows = rows;
    this.start = start;
    this.dimension = dimension;
    this.bound = SPECIES.loopBound(dimension);
  }

  @Override
  public void squaredL2(float[] query, int[] ordinals, int count, float[] out) {
    int last = count - 1;
    for (int a = 0; a < count; a += 4) {
      int b = Math.min(a + 1, last);
      int c = Math.min(a + 2, last);
      int d = Math.min(a + 3, last);
      int rowA = row(ordinals[a]);
      int rowB = row(ordinals[b]);
      int rowC = row(ordinals[c]);
      int rowD = row(ordinals[d]);
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
      int rowA = row(ordinals[a]);
      int rowB = row(ordinals[b]);
      int rowC = row(ordinals[c]);
      int rowD = row(ordinals[d]);
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
      int rowA = row(ordinals[a]);
      int rowB = row(ordinals[b]);
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
      int rowA = row(ordinals[a]);
      int rowB = row(ordinals[b]);
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

  private int row(int ordinal) {
    return start + ordinal * dimension;
  }

  private FloatVector load(int row, int i) {
    return FloatVector.fromArray(SPECIES, rows, row + i);
  }

  private FloatVector load(int row, int i, VectorMask<Float> tail) {
    return FloatVector.fromArray(SPECIES, rows, row + i, tail);
  }
}
