package io.elanus.index;

/// A [Scorer] of codes: `factor S + constant + term of the row`, S being squared differences.
final class CodeScorer implements AimedScorer {
  private final ScalarCodes over;
  private final byte[] query;
  private final float factor;
  private float constant;
  private int[] squares = new int[0];

  CodeScorer(ScalarCodes over, byte[] query, float constant) {
    this.over = over;
    this.query = query;
    this.factor = over.factor();
    this.constant = constant;
  }

  @Override
  public void aim(int ordinal) {
    over.unpack(ordinal, query);
    constant = over.queryTerm(ordinal);
  }

  @Override
  public void score(int[] ordinals, int count, float[] out) {
    if (squares.length < count) {
      squares = new int[count];
    }
    over.kernel().squaredL2(query, ordinals, count, squares);
    for (int i = 0; i < count; i++) {
      out[i] = factor * squares[i] + constant;
    }
    if (over.metric() != Metric.L2) {
      float[] terms = over.terms();
      for (int i = 0; i < count; i++) {
        out[i] += terms[ordinals[i]];
      }
    }
  }
}
