package io.elanus.index;

import io.elanus.index.kernel.Hadamard;

/// A random rotation of vectors, cheap to apply: after it, no value of a vector says more than another. Signs are flipped at
/// random and values mixed by Hadamard's transform, over the first and the last of them in turn where their number is no
/// power of two. Lengths and products stay as they are. Immutable.
///
/// Source: Ailon and Chazelle, The fast Johnson-Lindenstrauss transform, 2009; the alternation as in the RaBitQ library.
final class Rotation {
  /// Of bits that are kept together.
  static final int WORD = 64;

  private static final int ROUNDS = 4;

  private final int size;

  /// Values that one transform mixes: the largest power of two that is not above `size`.
  private final int span;

  private final float scale;
  private final float[][] signs = new float[ROUNDS][];

  /// @param dimension of the vectors
  Rotation(int dimension, long seed) {
    this.size = size(dimension);
    this.span = Integer.highestOneBit(size);
    this.scale = (float) (1 / Math.sqrt(span));
    SplitMix random = new SplitMix(seed);
    for (int round = 0; round < ROUNDS; round++) {
      signs[round] = new float[size];
      for (int i = 0; i < size; i++) {
        signs[round][i] = random.nextLong() < 0 ? -1 : 1;
      }
    }
  }

  /// Values of a rotated vector: whole words.
  static int size(int dimension) {
    return Math.ceilDiv(dimension, WORD) * WORD;
  }

  /// A rotated copy of `vector`, which is taken to end in zeros.
  float[] apply(float[] vector) {
    float[] values = new float[size];
    System.arraycopy(vector, 0, values, 0, vector.length);
    for (int round = 0; round < ROUNDS; round++) {
      for (int i = 0; i < size; i++) {
        values[i] *= signs[round][i];
      }
      mix(values, round % 2 == 0 ? 0 : size - span);
    }
    return values;
  }

  private void mix(float[] values, int from) {
    Hadamard.transform(values, from, span);
    for (int i = from; i < from + span; i++) {
      values[i] *= scale;
    }
  }
}
