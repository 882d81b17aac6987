package io.elanus.index;

/// A [Scorer] of codes, as [CodeTerms] say.
final class CodeScorer implements AimedScorer {
  private final ScalarCodes over;
  private final byte[] query;
  private CodeTerms terms;
  private int[] squares = new int[0];

  CodeScorer(ScalarCodes over, byte[] query, CodeTerms terms) {
    this.over = over;
    this.query = query;
    this.terms = terms;
  }

  @Override
  public void aim(int ordinal) {
    over.unpack(ordinal, query);
    if (!terms.isPlain()) {
      terms = over.terms(over.scale(), over.sum(ordinal), over.squares(ordinal));
    }
  }

  @Override
  public void score(int[] ordinals, int count, float[] out) {
    if (squares.length < count) {
      squares = new int[count];
    }
    over.kernel().squaredL2(query, ordinals, count, squares);
    double factor = terms.factor();
    double constant = terms.constant();
    if (terms.isPlain()) {
      for (int i = 0; i < count; i++) {
        out[i] = (float) (factor * squares[i] + constant);
      }
      return;
    }
    for (int i = 0; i < count; i++) {
      double own =
          terms.perSum() * over.sum(ordinals[i]) + terms.perSquare() * over.squares(ordinals[i]);
      out[i] = (float) (factor * squares[i] + own + constant);
    }
  }
}
