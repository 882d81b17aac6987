package io.elanus.bench.peers;

import io.elanus.bench.measure.Curve;
import java.util.List;
import java.util.function.ToDoubleFunction;

/// What was measured of a contender.
///
/// - `build`: seconds. `memory`: after building. `efforts`: by rising effort.
record Result(
    ContenderName name,
    String versions,
    Contender.Duration build,
    ProcessMemory memory,
    List<Effort> efforts) {
  Result {
    efforts = List.copyOf(efforts);
  }

  /// Searches at one effort.
  ///
  /// - `rounds`: of all queries, one duration a round; at least one.
  record Effort(int effort, double recall, int queries, List<Contender.Duration> rounds) {
    Effort {
      rounds = List.copyOf(rounds);
    }

    /// Queries a second by the median round.
    double rate(ToDoubleFunction<Contender.Duration> seconds) {
      return queries / percentile(seconds, 0.5);
    }

    double slowest(ToDoubleFunction<Contender.Duration> seconds) {
      return queries / percentile(seconds, 1);
    }

    double fastest(ToDoubleFunction<Contender.Duration> seconds) {
      return queries / percentile(seconds, 0);
    }

    /// The nearest of the rounds; of an even number of rounds the lower median.
    private double percentile(ToDoubleFunction<Contender.Duration> seconds, double part) {
      double[] sorted = rounds.stream().mapToDouble(seconds).sorted().toArray();
      return sorted[(int) (part * (sorted.length - 1))];
    }
  }

  /// By CPU time or by the clock.
  Curve curve(ToDoubleFunction<Contender.Duration> seconds) {
    return new Curve(
        efforts.stream()
            .map(effort -> new Curve.Point(effort.recall, effort.rate(seconds)))
            .toList());
  }
}
