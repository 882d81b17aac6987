package io.elanus.chaos.fault;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/// Which fault when, decided by a seed before anything happens. Faults of different targets overlap.
///
/// @param steps by their time
public record Schedule(List<Step> steps) {
  public Schedule {
    steps = List.copyOf(steps);
  }

  /// @param at after the start of the schedule
  /// @param heals whether the fault ends now
  public record Step(Duration at, Fault fault, boolean heals) {
    @Override
    public String toString() {
      String what = heals ? "heal: " + fault.name() : fault.name();
      return "%.1f s %s".formatted(at.toMillis() / 1e3, what);
    }
  }

  /// @param faults to choose from
  /// @param length until the last fault begins at the latest
  /// @param meanGap between the beginnings of two faults
  public static Schedule random(long seed, List<Fault> faults, Duration length, Duration meanGap) {
    Random random = new Random(seed);
    List<Step> steps = new ArrayList<>();
    Map<String, Duration> busyUntil = new HashMap<>();
    for (Duration at = gap(random, meanGap);
        at.compareTo(length) < 0;
        at = at.plus(gap(random, meanGap))) {
      Fault fault = faults.get(random.nextInt(faults.size()));
      Duration end = at.plus(between(random, fault.minHold(), fault.maxHold()));
      if (at.compareTo(busyUntil.getOrDefault(fault.target(), Duration.ZERO)) > 0) {
        busyUntil.put(fault.target(), end);
        steps.add(new Step(at, fault, false));
        steps.add(new Step(end, fault, true));
      }
    }
    steps.sort(Comparator.comparing(Step::at));
    return new Schedule(steps);
  }

  private static Duration gap(Random random, Duration mean) {
    return between(random, Duration.ZERO, mean.multipliedBy(2));
  }

  private static Duration between(Random random, Duration min, Duration max) {
    return min.plusMillis(random.nextLong(max.minus(min).toMillis() + 1));
  }
}
