package io.elanus.simulation;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Looks for a smaller run of a failing seed that breaks the same invariant: without
/// whatever faults it does not need, tried all at once, then by halves; fewer clients; less time.
final class Shortening {
  private static final int MAX_RUNS = 60;
  private static final Duration MAX_TIME = Duration.ofSeconds(60);

  /// The number of an invariant in a message.
  private static final Pattern INVARIANT = Pattern.compile(" s: (\\d+): |Violation: (\\d+): ");

  private final long seed;
  private final Plants plant;
  private final String invariant;
  private final long started = System.nanoTime();
  private Cut best;
  private int runs;

  private Shortening(long seed, Plants plant, Cut from, String message) {
    this.seed = seed;
    this.plant = plant;
    this.best = from;
    this.invariant = invariant(message);
  }

  /// @param from what the failing run left out
  /// @return empty when nothing more can be left out
  static Optional<Cut> of(long seed, Plants plant, Cut from, Violation violation) {
    Shortening search = new Shortening(seed, plant, from, "" + violation.getMessage());
    search.run();
    return Optional.of(search.best).filter(cut -> !cut.equals(from));
  }

  private void run() {
    List<String> rest = new ArrayList<>(Cut.all());
    rest.removeAll(best.without());
    leaveOut(rest);
    for (int clients = 0; clients < 4 && !tryCut(best.withClients(clients)); clients++) {}
    for (int millis = 500; millis < 16_000 && !tryCut(best.withMillis(millis)); millis *= 2) {}
  }

  private void leaveOut(List<String> names) {
    if (names.isEmpty() || tryCut(best.butAlso(names)) || names.size() == 1) {
      return;
    }
    leaveOut(names.subList(0, names.size() / 2));
    leaveOut(names.subList(names.size() / 2, names.size()));
  }

  /// @return whether it fails as well; then it is the best by now
  private boolean tryCut(Cut cut) {
    if (++runs > MAX_RUNS || System.nanoTime() - started > MAX_TIME.toNanos()) {
      return false;
    }
    try {
      Simulation.run(seed, plant.plant(), cut);
      return false;
    } catch (Violation e) {
      if (!invariant("" + e.getMessage()).equals(invariant)) {
        return false;
      }
      best = cut;
      return true;
    }
  }

  private static String invariant(String message) {
    Matcher matcher = INVARIANT.matcher(message);
    return matcher.find() ? matcher.group(matcher.group(1) == null ? 2 : 1) : "";
  }
}
