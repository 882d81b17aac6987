package io.elanus.chaos.figure;

import java.util.List;
import java.util.Map;

/// Runs rounds on something that it holds open between them. Used by one thread.
interface Figure extends AutoCloseable {
  /// @param counts see [Result]
  /// @param measures see [Result]
  record Outcome(
      String story,
      Map<String, Long> counts,
      Map<String, Double> measures,
      List<String> violations) {}

  Outcome round(long seed);

  @Override
  void close();
}
