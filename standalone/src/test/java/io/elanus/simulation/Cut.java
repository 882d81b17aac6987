package io.elanus.simulation;

import io.elanus.simulation.Chaos.Fault;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/// What is left out of a seed's run: a smaller one that still fails is easier to follow.
///
/// @param clients at most
/// @param millis of work under faults, at most
/// @param without names of faults and of [Part]s
record Cut(int clients, int millis, Set<String> without) {
  static final Cut NOTHING = new Cut(Integer.MAX_VALUE, Integer.MAX_VALUE, Set.of());

  /// Who works beside the clients.
  enum Part {
    NEMESIS,
    MOVER,
    POISON,
    NAMES,
    SNAPSHOTS
  }

  Cut {
    without = Set.copyOf(without);
    List<String> unknown = new ArrayList<>(without);
    unknown.removeAll(all());
    if (!unknown.isEmpty()) {
      throw new IllegalArgumentException("neither a fault nor a part: " + unknown);
    }
  }

  /// Everything that can be left out.
  static List<String> all() {
    return Stream.concat(Arrays.stream(Part.values()), Arrays.stream(Fault.values()))
        .map(Enum::name)
        .toList();
  }

  boolean lacks(Enum<?> what) {
    return without.contains(what.name());
  }

  Cut withClients(int most) {
    return new Cut(most, millis, without);
  }

  Cut withMillis(int most) {
    return new Cut(clients, most, without);
  }

  Cut butAlso(List<String> names) {
    Set<String> more = new TreeSet<>(without);
    more.addAll(names);
    return new Cut(clients, millis, more);
  }

  /// As [SimulationCommand] takes it.
  String options() {
    StringBuilder text = new StringBuilder();
    if (clients < Integer.MAX_VALUE) {
      text.append(" --clients ").append(clients);
    }
    if (millis < Integer.MAX_VALUE) {
      text.append(" --millis ").append(millis);
    }
    if (!without.isEmpty()) {
      text.append(" --without ").append(String.join(",", new TreeSet<>(without)));
    }
    return text.toString();
  }
}
