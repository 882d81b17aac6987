package io.elanus.index.kernel;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/// Encodes vectors by the signs of what they differ in from a centre, and adds up what estimates need besides. One thread,
/// reused.
public final class SignCoder {
  private static final int WORD = 64;

  private final long[] code;
  private final float[] partial = SumRoom.ofOneThread().of(4);
  private float squares;
  private float absolutes;
  private float product;
  private float signed;
  private int set;

  /// @param size values of a vector; a multiple of 64
  public SignCoder(int size) {
    this.code = new long[size / WORD];
  }

  /// Encodes r = `vector - centre`. Each has as many values as a code has bits.
  ///
  /// @param mean what [#signed] is relative to
  public void encode(float[] vector, float[] centre, float[] mean) {
    if (Lanes.FAST) {
      encodeByVectors(vector, centre, mean);
    } else {
      encodeOneByOne(vector, centre, mean);
    }
  }

  void encodeByVectors(float[] vector, float[] centre, float[] mean) {
    FloatVector sumOfSquares = FloatVector.zero(Lanes.SPECIES);
    FloatVector sumOfAbsolutes = FloatVector.zero(Lanes.SPECIES);
    FloatVector sumOfProducts = FloatVector.zero(Lanes.SPECIES);
    FloatVector sumOfSigned = FloatVector.zero(Lanes.SPECIES);
    set = 0;
    for (int word = 0; word < code.length; word++) {
      long bits = 0;
      for (int i = 0; i < WORD; i += Lanes.COUNT) {
        int at = WORD * word + i;
        FloatVector c = FloatVector.fromArray(Lanes.SPECIES, centre, at);
        FloatVector r = FloatVector.fromArray(Lanes.SPECIES, vector, at).sub(c);
        FloatVector own = c.sub(FloatVector.fromArray(Lanes.SPECIES, mean, at));
        VectorMask<Float> up = r.compare(VectorOperators.GE, 0);
        sumOfSquares = r.fma(r, sumOfSquares);
        sumOfAbsolutes = sumOfAbsolutes.add(r.abs());
        sumOfProducts = r.fma(c, sumOfProducts);
        sumOfSigned = sumOfSigned.add(own.neg().blend(own, up));
        bits |= up.toLong() << i;
      }
      code[word] = bits;
      set += Long.bitCount(bits);
    }
    Lanes.store(sumOfSquares, partial, 0);
    Lanes.store(sumOfAbsolutes, partial, 1);
    Lanes.store(sumOfProducts, partial, 2);
    Lanes.store(sumOfSigned, partial, 3);
    squares = Lanes.sum(partial, 0);
    absolutes = Lanes.sum(partial, 1);
    product = Lanes.sum(partial, 2);
    signed = Lanes.sum(partial, 3);
  }

  void encodeOneByOne(float[] vector, float[] centre, float[] mean) {
    squares = 0;
    absolutes = 0;
    product = 0;
    signed = 0;
    set = 0;
    for (int word = 0; word < code.length; word++) {
      long bits = 0;
      for (int i = 0; i < WORD; i++) {
        float c = centre[WORD * word + i];
        float r = vector[WORD * word + i] - c;
        float own = c - mean[WORD * word + i];
        squares += r * r;
        absolutes += Math.abs(r);
        product += r * c;
        signed += r >= 0 ? own : -own;
        bits |= r >= 0 ? 1L << i : 0;
      }
      code[word] = bits;
      set += Long.bitCount(bits);
    }
  }

  /// The bits, set where a value of r is not below 0; valid until the next vector.
  public long[] code() {
    return code;
  }

  /// How many bits are set.
  public int set() {
    return set;
  }

  /// `|r|^2`.
  public float squares() {
    return squares;
  }

  /// What turns `sum(s_i q_i)`, s being 1 where a bit is set and else -1, into about `<r, q>`: `|r|^2 / sum(|r_i|)`, and 0 where r
  /// is 0. Without bias over all rotations (Gao and Long, RaBitQ, 2024).
  public float factor() {
    return absolutes > 0 ? squares / absolutes : 0;
  }

  /// `<r, centre>`.
  public float product() {
    return product;
  }

  /// `sum(s_i (centre_i - mean_i))`.
  public float signed() {
    return signed;
  }
}
