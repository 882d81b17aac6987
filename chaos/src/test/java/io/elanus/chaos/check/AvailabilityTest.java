package io.elanus.chaos.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.elanus.chaos.history.Event;
import io.elanus.chaos.history.Event.By;
import io.elanus.chaos.history.Outcome;
import io.elanus.chaos.history.Span;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class AvailabilityTest {
  private static final long SECOND = 1_000_000_000L;

  private final List<Event> events = new ArrayList<>();

  @Test
  void failuresAreCountedWithTheirReasons() {
    call(1, Outcome.OK, 0, 1);
    call(1, Outcome.FAILED, 1, 2);
    call(2, Outcome.UNKNOWN, 0, 3);
    events.add(new Event.Call(new By(1, "other"), Outcome.FAILED, "x", new Span(0, SECOND)));

    Availability searches = searches();
    assertThat(searches.total()).isEqualTo(3);
    assertThat(searches.failed()).isEqualTo(2);
    assertThat(searches.errors()).containsOnlyKeys("because").containsValue(2L);
    assertThat(searches.medianSeconds()).isEqualTo(1);
  }

  @Test
  void aStallLastsFromTheFirstTryToASuccess() {
    call(1, Outcome.OK, 0, 1);
    call(2, Outcome.OK, 0, 4);
    call(1, Outcome.FAILED, 2, 5);
    call(1, Outcome.OK, 6, 8);
    call(2, Outcome.OK, 5, 9);

    assertThat(searches().longestStallSeconds()).isEqualTo(6);
  }

  @Test
  void aStallThatDoesNotEndCounts() {
    call(1, Outcome.OK, 0, 1);
    call(1, Outcome.FAILED, 2, 20);

    assertThat(searches().longestStallSeconds()).isEqualTo(18);
  }

  private void call(int session, Outcome outcome, long start, long end) {
    events.add(
        new Event.Call(
            new By(session, "search"), outcome, "because", new Span(start * SECOND, end * SECOND)));
  }

  private Availability searches() {
    return Availability.of(events, Set.of("search"));
  }
}
