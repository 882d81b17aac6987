package io.elanus.chaos.figure;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// One line of a results file: what a round came to.
///
/// @param on the deployment: `standalone`, `kafka-mariadb-s3`
/// @param commit of the sources that were tested; a `+` behind it when they were changed
/// @param counts things that add up over rounds: rows, reads, kills by role
/// @param measures things of which the largest matters: stalls, in seconds
/// @param violations what must not have been, in words; empty when the round passed
public record Result(
    String figure,
    String on,
    long seed,
    String commit,
    Map<String, Long> counts,
    Map<String, Double> measures,
    List<String> violations) {
  public Result {
    counts = new TreeMap<>(counts);
    measures = new TreeMap<>(measures);
    violations = List.copyOf(violations);
  }

  public boolean passed() {
    return violations.isEmpty();
  }
}
