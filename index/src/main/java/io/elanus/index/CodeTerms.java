package io.elanus.index;

/// How the distance of two rows of values follows from their codes: `factor S + perSum sum(b) + perSquare sum(b^2) +
/// constant`, S being the sum of squared differences of the codes a of the query and b of the row.
///
/// For values `x = low + step a` and `y = low' + step' b` the product is
/// `d low low' + low' step sum(a) + low step' sum(b) + step step' sum(a b)`, where `sum(a b) = (sum(a^2) + sum(b^2) - S) / 2`.
/// A squared distance is `x^2 + y^2 - 2 x y`; with one scale for both, it is `step^2 S` and nothing else.
record CodeTerms(double factor, double perSum, double perSquare, double constant) {
  /// @param query, row the scales of either
  /// @param sum of the query's codes
  /// @param squares their squares added up
  static CodeTerms of(
      Metric metric, CodeScale query, CodeScale row, long sum, long squares, int dimension) {
    double low = query.low();
    double step = query.step();
    double rowLow = row.low();
    double rowStep = row.step();
    double both = step * rowStep;
    double alone = dimension * low * rowLow + rowLow * step * sum + both / 2 * squares;
    if (metric != Metric.L2) {
      return new CodeTerms(both / 2, -low * rowStep, -both / 2, -alone);
    }
    if (query.equals(row)) {
      return new CodeTerms(both, 0, 0, 0);
    }
    double squaredQuery = dimension * low * low + 2 * low * step * sum + step * step * squares;
    double squaredLow = dimension * rowLow * rowLow;
    return new CodeTerms(
        both,
        2 * rowStep * (rowLow - low),
        rowStep * rowStep - both,
        squaredQuery + squaredLow - 2 * alone);
  }

  /// Whether rows add nothing of their own.
  boolean isPlain() {
    return perSum == 0 && perSquare == 0;
  }
}
