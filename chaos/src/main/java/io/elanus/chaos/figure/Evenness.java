package io.elanus.chaos.figure;

import io.elanus.chaos.workload.Ballast;
import io.elanus.chaos.workload.Holdings;
import io.elanus.chaos.workload.Holdings.Spread;
import io.elanus.chaos.workload.Scene;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What query nodes hold once it is spread over them.
///
/// @param seconds until it was even, that is as even as whole segments allow; the limit when it never was
record Evenness(double seconds, boolean isEven, Spread spread) {
  /// Waits until `nodes` nodes hold the same but for one segment.
  static Evenness await(Scene scene, int nodes, Duration limit) {
    long start = System.nanoTime();
    Spread last = new Spread(Map.of(), 0);
    try (Holdings holdings = new Holdings(scene, List.of(scene.collection(), Ballast.COLLECTION))) {
      while (System.nanoTime() - start < limit.toNanos()) {
        Optional<Spread> now = holdings.look();
        if (now.isPresent()) {
          last = now.get();
          if (last.bytesByNode().size() == nodes && last.gap() <= last.largestSegment()) {
            return new Evenness((System.nanoTime() - start) / 1e9, true, last);
          }
        }
        Pause.of(Duration.ofMillis(200));
      }
    }
    return new Evenness(limit.toSeconds(), false, last);
  }

  Optional<String> violation() {
    return isEven
        ? Optional.empty()
        : Optional.of(
            "nodes hold %s, the largest segment is %d"
                .formatted(bytesByNode(), spread.largestSegment()));
  }

  Collection<Long> bytesByNode() {
    return spread.bytesByNode().values();
  }

  long leastBytes() {
    return spread.least();
  }

  long gapBytes() {
    return spread.gap();
  }
}
