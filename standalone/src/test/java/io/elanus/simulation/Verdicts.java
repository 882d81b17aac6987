package io.elanus.simulation;

import io.elanus.common.run.Killed;
import io.elanus.common.run.SimulatedRun;
import java.util.ArrayList;
import java.util.List;

/// The violations found so far. A check that fails does not stop the task it ran on: the main task of the
/// simulation does, at its next look.
final class Verdicts {
  private final SimulatedRun world;
  private final List<String> found = new ArrayList<>();
  private long checkCount;

  Verdicts(SimulatedRun world) {
    this.world = world;
  }

  /// Runs a check; whatever it throws counts as a violation.
  void check(Runnable check) {
    checkCount++;
    try {
      check.run();
    } catch (Killed e) {
      throw e;
    } catch (RuntimeException | Error e) {
      add(e instanceof Violation ? "" + e.getMessage() : "a check failed: " + Texts.of(e));
    }
  }

  void require(boolean holds, String message, Object... args) {
    checkCount++;
    if (!holds) {
      add(message.formatted(args));
    }
  }

  void add(String message) {
    found.add("at %.3f s: %s".formatted(world.nanoTime() / 1e9, message));
  }

  long checkCount() {
    return checkCount;
  }

  boolean isClean() {
    return found.isEmpty();
  }

  /// @throws Violation the first ones found
  void throwIfAny() {
    if (!found.isEmpty()) {
      throw new Violation(String.join("\n", found.subList(0, Math.min(5, found.size()))));
    }
  }
}
