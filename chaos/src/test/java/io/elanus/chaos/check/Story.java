package io.elanus.chaos.check;

import io.elanus.chaos.history.Event;
import io.elanus.chaos.history.Event.By;
import io.elanus.chaos.history.Event.Read;
import io.elanus.chaos.history.Event.Write;
import io.elanus.chaos.history.Level;
import io.elanus.chaos.history.Outcome;
import io.elanus.chaos.history.Span;
import java.util.ArrayList;
import java.util.List;

/// A history written by hand: one key, times as small numbers.
final class Story {
  static final long KEY = 7;

  private final List<Event> events = new ArrayList<>();
  private int session = 1;

  /// What follows is done by this session.
  Story session(int number) {
    session = number;
    return this;
  }

  Story writes(long version, long start, long end) {
    return write(version, Outcome.OK, start, end);
  }

  Story mayWrite(long version, long start, long end) {
    return write(version, Outcome.UNKNOWN, start, end);
  }

  Story failsToWrite(long version, long start, long end) {
    return write(version, Outcome.FAILED, start, end);
  }

  Story deletes(long start, long end) {
    return write(Event.ABSENT, Outcome.OK, start, end);
  }

  Story mayDelete(long start, long end) {
    return write(Event.ABSENT, Outcome.UNKNOWN, start, end);
  }

  Story sees(long version, long start, long end) {
    return sees(Level.STRONG, version, start, end);
  }

  Story seesNothing(long start, long end) {
    return sees(Level.STRONG, Event.ABSENT, start, end);
  }

  Story sees(Level level, long version, long start, long end) {
    events.add(new Read(new By(session, "query"), level, KEY, version, new Span(start, end)));
    return this;
  }

  List<Event> events() {
    return events;
  }

  KeyHistory ofKey() {
    return KeyHistory.of(events).getFirst();
  }

  private Story write(long version, Outcome outcome, long start, long end) {
    events.add(new Write(new By(session, "upsert"), KEY, version, outcome, new Span(start, end)));
    return this;
  }
}
