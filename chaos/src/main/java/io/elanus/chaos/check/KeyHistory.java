package io.elanus.chaos.check;

import static io.elanus.chaos.history.Event.ABSENT;

import io.elanus.chaos.history.Event;
import io.elanus.chaos.history.Event.Read;
import io.elanus.chaos.history.Event.Write;
import io.elanus.chaos.history.Outcome;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// All that happened to one key. Failed writes are not among the effects, so a read that shows one finds
/// no effect that explains it.
///
/// @param effects by start
/// @param reads by start
record KeyHistory(long key, List<Effect> effects, List<Read> reads) {

  /// The histories of all keys.
  static List<KeyHistory> of(List<Event> events) {
    Map<Long, List<Write>> writes = new TreeMap<>();
    Map<Long, List<Read>> reads = new TreeMap<>();
    for (Event event : events) {
      if (event instanceof Write write) {
        writes.computeIfAbsent(write.key(), _ -> new ArrayList<>()).add(write);
        reads.computeIfAbsent(write.key(), _ -> new ArrayList<>());
      } else if (event instanceof Read read) {
        reads.computeIfAbsent(read.key(), _ -> new ArrayList<>()).add(read);
      }
    }
    List<KeyHistory> histories = new ArrayList<>();
    reads.forEach(
        (key, ofKey) -> histories.add(of(key, writes.getOrDefault(key, List.of()), ofKey)));
    return histories;
  }

  private static KeyHistory of(long key, List<Write> writes, List<Read> reads) {
    Map<Long, Long> seen = new HashMap<>();
    for (Read read : reads) {
      seen.merge(read.version(), read.span().end(), Math::min);
    }
    List<Effect> effects =
        writes.stream()
            .filter(write -> write.outcome() != Outcome.FAILED)
            .map(write -> effect(write, seen))
            .sorted(Comparator.comparingLong(Effect::start))
            .toList();
    List<Read> inOrder =
        reads.stream().sorted(Comparator.comparingLong(read -> read.span().start())).toList();
    return new KeyHistory(key, effects, inOrder);
  }

  private static Effect effect(Write write, Map<Long, Long> seen) {
    long acknowledged = write.outcome() == Outcome.OK ? write.span().end() : Long.MAX_VALUE;
    // a delete leaves no version by which a read could be told to have seen this one
    long seenFirst =
        write.version() == ABSENT
            ? Long.MAX_VALUE
            : seen.getOrDefault(write.version(), Long.MAX_VALUE);
    return new Effect(write.version(), write.span().start(), Math.min(acknowledged, seenFirst));
  }

  /// The effects that what the read showed can come from; empty when it is a phantom.
  List<Effect> explaining(Read read) {
    List<Effect> candidates = new ArrayList<>();
    if (read.version() == ABSENT) {
      candidates.add(Effect.NOTHING);
    }
    for (Effect effect : effects) {
      if (effect.version() == read.version() && effect.start() < read.span().end()) {
        candidates.add(effect);
      }
    }
    return candidates;
  }
}
