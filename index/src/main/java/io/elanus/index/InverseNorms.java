package io.elanus.index;

import io.elanus.index.kernel.Kernel;

/// `1 / |row|` of rows, 0 for a zero vector, so that its cosine to anything is 0. Only COSINE asks.
sealed interface InverseNorms {
  /// Rows whose norms are computed in one call.
  int BLOCK = 1024;

  /// `out[i]` becomes the inverse norm of row `ordinals[i]`.
  void load(int[] ordinals, int count, float[] out);

  /// The inverse norm of row `ordinal`.
  default float of(int ordinal) {
    float[] norm = new float[1];
    load(new int[] {ordinal}, 1, norm);
    return norm[0];
  }

  /// Those of all rows below `count`; some at a time, as nothing in the JVM stops for long while a kernel runs.
  default float[] ofAll(int count) {
    float[] norms = new float[count];
    int[] ordinals = new int[BLOCK];
    float[] some = new float[BLOCK];
    for (int first = 0; first < count; first += BLOCK) {
      int size = Math.min(BLOCK, count - first);
      for (int i = 0; i < size; i++) {
        ordinals[i] = first + i;
      }
      load(ordinals, size, some);
      System.arraycopy(some, 0, norms, first, size);
    }
    return norms;
  }

  /// Read from a column of one value per row.
  @SuppressWarnings("ArrayRecordComponent")
  record Stored(float[] values) implements InverseNorms {
    @Override
    public void load(int[] ordinals, int count, float[] out) {
      for (int i = 0; i < count; i++) {
        out[i] = values[ordinals[i]];
      }
    }

    @Override
    public float of(int ordinal) {
      return values[ordinal];
    }
  }

  /// Computed from the rows when asked: the squared norm is the squared distance from the origin.
  /// In a scan the rows are about to be read anyway, so this costs little and needs no memory.
  @SuppressWarnings("ArrayRecordComponent")
  record Computed(Kernel kernel, float[] origin) implements InverseNorms {
    @Override
    public void load(int[] ordinals, int count, float[] out) {
      kernel.squaredL2(origin, ordinals, count, out);
      for (int i = 0; i < count; i++) {
        out[i] = inverseRoot(out[i]);
      }
    }
  }

  /// The inverse norm of a single vector that is not a row.
  static float of(float[] vector, int from, int dimension) {
    float squares = 0;
    for (int i = 0; i < dimension; i++) {
      squares += vector[from + i] * vector[from + i];
    }
    return inverseRoot(squares);
  }

  private static float inverseRoot(float squares) {
    return squares > 0 ? (float) (1 / Math.sqrt(squares)) : 0f;
  }
}
