package io.elanus.chaos.check;

import static io.elanus.chaos.history.Event.ABSENT;

import io.elanus.chaos.history.Anomaly;
import io.elanus.chaos.history.Event;
import io.elanus.chaos.history.Event.Read;
import io.elanus.chaos.history.Event.Write;
import io.elanus.chaos.history.Level;
import io.elanus.chaos.history.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The set checker: each read against what it may not miss.
///
/// A read has a *floor*: the latest start of all writes that it has to know. What settled before that instant
/// was replaced, whatever order concurrent writes took, and may not be shown:
///
/// ```
///   v1 |----|                      settled before v2 began: v2 replaced it
///   v2         |----|              known to the read: its start is the floor
///   v3            |--- ? (unknown) never settled: may be shown, now or later
///   read                |---|      v2 or v3; not v1, not nothing
/// ```
///
/// A strong read knows all writes settled before it began, a bounded one those settled longer ago than the
/// bound, a session what it wrote or saw itself. With a strong read of every key at the end (an audit), this
/// says: acknowledged minus deleted is a subset of visible, visible is a subset of acknowledged plus unknown,
/// nothing deleted is back, no version is older than the last acknowledged one.
final class FloorCheck {
  /// @param from the write that set it, for the report
  private record Floor(long instant, Effect from) {
    static final Floor NONE = new Floor(Long.MIN_VALUE, Effect.NOTHING);

    Floor or(Floor other) {
      return other.instant > instant ? other : this;
    }
  }

  private final KeyHistory history;
  private final long boundNanos;
  private final List<Violation> violations = new ArrayList<>();

  private FloorCheck(KeyHistory history, Duration bound) {
    this.history = history;
    this.boundNanos = bound.toNanos();
  }

  /// @param bound how old the answer of a bounded read may be
  static List<Violation> check(List<Event> events, Duration bound) {
    Map<Long, List<Write>> ownWrites = new HashMap<>();
    for (Event event : events) {
      if (event instanceof Write write && write.outcome() == Outcome.OK) {
        ownWrites.computeIfAbsent(write.key(), _ -> new ArrayList<>()).add(write);
      }
    }
    List<Violation> violations = new ArrayList<>();
    for (KeyHistory history : KeyHistory.of(events)) {
      FloorCheck check = new FloorCheck(history, bound);
      check.againstTime();
      check.againstSessions(ownWrites.getOrDefault(history.key(), List.of()));
      violations.addAll(check.violations);
    }
    return violations;
  }

  private void againstTime() {
    for (Read read : history.reads()) {
      List<Effect> candidates = history.explaining(read);
      if (candidates.isEmpty()) {
        violation(Anomaly.PHANTOM, read, Floor.NONE);
        continue;
      }
      Floor floor = timeFloor(read);
      if (isBelow(candidates, floor)) {
        violation(anomaly(read, floor), read, floor);
      }
    }
  }

  private Floor timeFloor(Read read) {
    return switch (read.level()) {
      case STRONG -> knownAt(read.span().start());
      case BOUNDED -> knownAt(read.span().start() - boundNanos);
      case SESSION, EVENTUALLY -> Floor.NONE;
    };
  }

  private Floor knownAt(long instant) {
    return history.effects().stream()
        .filter(effect -> effect.settled() < instant)
        .max(Comparator.comparingLong(Effect::start))
        .map(effect -> new Floor(effect.start(), effect))
        .orElse(Floor.NONE);
  }

  private static boolean isBelow(List<Effect> candidates, Floor floor) {
    return candidates.stream().allMatch(effect -> effect.settled() < floor.instant());
  }

  /// What a session wrote or saw raises its floor for the reads that it begins later. A strong read's floor
  /// is above it anyway.
  private void againstSessions(List<Write> writes) {
    Map<Integer, Floor> floors = new HashMap<>();
    Map<Integer, List<Write>> pending = new HashMap<>();
    for (Write write : writes) {
      pending.computeIfAbsent(write.by().session(), _ -> new ArrayList<>()).add(write);
    }
    for (Read read : history.reads()) {
      if (read.level() == Level.EVENTUALLY || read.level() == Level.BOUNDED) {
        continue;
      }
      int session = read.by().session();
      Floor floor =
          floors
              .getOrDefault(session, Floor.NONE)
              .or(written(pending.getOrDefault(session, List.of()), read));
      List<Effect> candidates = history.explaining(read);
      if (read.level() == Level.SESSION && !candidates.isEmpty() && isBelow(candidates, floor)) {
        violation(Anomaly.BROKEN_SESSION, read, floor);
      }
      floors.put(session, floor.or(seen(candidates, floor)));
    }
  }

  private static Floor written(List<Write> writes, Read read) {
    return writes.stream()
        .filter(write -> write.span().end() < read.span().start())
        .map(write -> new Effect(write.version(), write.span().start(), write.span().end()))
        .max(Comparator.comparingLong(Effect::start))
        .map(effect -> new Floor(effect.start(), effect))
        .orElse(Floor.NONE);
  }

  /// Of several deletes that explain that nothing was there, the session has seen at least the first.
  private static Floor seen(List<Effect> candidates, Floor floor) {
    Optional<Effect> first =
        candidates.stream()
            .filter(effect -> effect.settled() >= floor.instant())
            .min(Comparator.comparingLong(Effect::start));
    return first.map(effect -> new Floor(effect.start(), effect)).orElse(Floor.NONE);
  }

  private static Anomaly anomaly(Read read, Floor floor) {
    if (read.level() == Level.BOUNDED) {
      return Anomaly.BEYOND_BOUND;
    }
    if (read.version() == ABSENT) {
      return Anomaly.LOST_WRITE;
    }
    return floor.from().version() == ABSENT ? Anomaly.RESURRECTED_DELETE : Anomaly.STALE_READ;
  }

  private void violation(Anomaly anomaly, Read read, Floor floor) {
    String text =
        "session %d by %s at %s saw version %d in [%d, %d]; it had to know version %d, written in [%d, %d]"
            .formatted(
                read.by().session(),
                read.by().request(),
                read.level(),
                read.version(),
                read.span().start(),
                read.span().end(),
                floor.from().version(),
                floor.from().start(),
                floor.from().settled());
    violations.add(new Violation(anomaly, history.key(), text));
  }
}
