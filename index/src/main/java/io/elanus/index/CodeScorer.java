package io.elanus.index;

import io.elanus.index.kernel.CodeKernel;

/// A [Scorer] of codes: `factor S + constant + term of the row`, S being squared differences.
final class CodeScorer implements Scorer {
  private final CodeKernel kernel;
  private final byte[] query;
  private final float factor;
  private final float constant;
  private final float[] terms;
  private int[] squares = new int[0];

  /// @param terms by row; empty where rows have none
  CodeScorer(CodeKernel kernel, byte[] query, float factor, float constant, float[] terms) {
    this.kernel = kernel;
    this.query = query;
    this.factor = factor;
    this.constant = constant;
    this.terms = terms;
  }

  @Override
  public void score(int[] ordinals, int count, float[] out) {
    if (squares.length < count) {
      squares = new int[count];
    }
    kernel.squaredL2(query, ordinals, count, squares);
    for (int i = 0; i < count; i++) {
      out[i] = factor * squares[i] + constant;
    }
    if (terms.length > 0) {
      for (int i = 0; i < count; i++) {
        out[i] += terms[ordinals[i]];
      }
    }
  }
}
