package io.elanus.common.run;

import java.util.Comparator;
import java.util.TreeSet;

/// What happens at later virtual instants, in order of time, then of entry.
final class Agenda {
  private static final Comparator<Entry> ORDER =
      Comparator.comparingLong(Entry::at).thenComparingLong(Entry::number);

  private final TreeSet<Entry> entries = new TreeSet<>(ORDER);
  private long lastNumber;

  /// The number makes entries of one instant distinct.
  record Entry(long at, long number, Runnable action) {}

  Entry add(long at, Runnable action) {
    Entry entry = new Entry(at, ++lastNumber, action);
    entries.add(entry);
    return entry;
  }

  void remove(Entry entry) {
    entries.remove(entry);
  }

  boolean isEmpty() {
    return entries.isEmpty();
  }

  long nextAt() {
    return entries.getFirst().at();
  }

  /// Does what is due at `now`, which may add further entries.
  void runDue(long now) {
    while (!entries.isEmpty() && entries.getFirst().at() <= now) {
      entries.removeFirst().action().run();
    }
  }
}
