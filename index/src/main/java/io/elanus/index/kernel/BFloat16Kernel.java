package io.elanus.index.kernel;

import static io.elanus.index.kernel.Lanes.SPECIES;
import static io.elanus.index.kernel.Lanes.addSquare;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/// Rows of [ValueType#BFLOAT16]: the upper half of a float32.
final class BFloat16Kernel extends SingleQueryKernel {
  private static final VectorSpecies<Short> LANES = NarrowLanes.shorts();

  private final MemorySegment rows;
  private final long stride;
  private final int bound;

  /// @param stride bytes from a row to the next
  BFloat16Kernel(MemorySegment rows, int dimension, long stride) {
    this(NativeRows.plain(rows), dimension, stride, SumRoom.OF_EACH_CALL);
  }

  private BFloat16Kernel(MemorySegment rows, int dimension, long stride, SumRoom sums) {
    super(dimension, sums);
    this.rows = rows;
    this.stride = stride;
    this.bound = SPECIES.loopBound(dimension);
  }

  @Override
  public Kernel forOneThread() {
    return new BFloat16Kernel(rows, dimension, stride, SumRoom.ofOneThread());
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
        VectorMask<Short> narrow = LANES.indexInRange(i, dimension);
        FloatVector q = FloatVector.fromArray(SPECIES, query, i, tail);
        sumA = addSquare(sumA, q, load(a, i, narrow));
        sumB = addSquare(sumB, q, load(b, i, narrow));
        sumC = addSquare(sumC, q, load(c, i, narrow));
        sumD = addSquare(sumD, q, load(d, i, narrow));
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
        VectorMask<Short> narrow = LANES.indexInRange(i, dimension);
        FloatVector q = FloatVector.fromArray(SPECIES, query, i, tail);
        sumA = q.fma(load(a, i, narrow), sumA);
        sumB = q.fma(load(b, i, narrow), sumB);
        sumC = q.fma(load(c, i, narrow), sumC);
        sumD = q.fma(load(d, i, narrow), sumD);
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

  private long row(int ordinal) {
    return ordinal * stride;
  }

  private FloatVector load(long row, int i) {
    return widen(ShortVector.fromMemorySegment(LANES, rows, row + i * 2L, ByteOrder.LITTLE_ENDIAN));
  }

  private FloatVector load(long row, int i, VectorMask<Short> tail) {
    return widen(
        ShortVector.fromMemorySegment(LANES, rows, row + i * 2L, ByteOrder.LITTLE_ENDIAN, tail));
  }

  private static FloatVector widen(ShortVector values) {
    return values
        .convertShape(VectorOperators.ZERO_EXTEND_S2I, NarrowLanes.INTS, 0)
        .reinterpretAsInts()
        .lanewise(VectorOperators.LSHL, 16)
        .reinterpretAsFloats();
  }
}
