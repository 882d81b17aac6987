package io.elanus.chaos.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.elanus.chaos.history.Anomaly;
import io.elanus.chaos.history.Event;
import io.elanus.chaos.history.Event.By;
import io.elanus.chaos.history.Event.Read;
import io.elanus.chaos.history.Event.Write;
import io.elanus.chaos.history.Level;
import io.elanus.chaos.history.Outcome;
import io.elanus.chaos.history.Span;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LinearizabilityTest {
  @Test
  void anOrderlyHistoryIsLinearizable() {
    assertHolds(
        new Story()
            .seesNothing(1, 2)
            .writes(1, 3, 4)
            .sees(1, 5, 6)
            .deletes(7, 8)
            .seesNothing(9, 10));
  }

  @Test
  void concurrentOperationsTakeAnyOrder() {
    Story story = new Story().writes(1, 1, 2).writes(2, 10, 30).deletes(15, 25);

    assertHolds(story.sees(1, 11, 12).sees(2, 20, 40).seesNothing(35, 45));
  }

  @Test
  void aStaleReadIsFound() {
    assertFails(new Story().writes(1, 1, 2).writes(2, 3, 4).sees(1, 5, 6));
  }

  @Test
  void aLostWriteIsFound() {
    assertFails(new Story().writes(1, 1, 2).seesNothing(5, 6));
  }

  @Test
  void aResurrectedDeleteIsFound() {
    assertFails(new Story().writes(1, 1, 2).deletes(3, 4).sees(1, 5, 6));
    assertFails(new Story().writes(1, 1, 2).mayDelete(3, 4).seesNothing(5, 6).sees(1, 7, 8));
  }

  @Test
  void aPhantomIsFound() {
    assertFails(new Story().writes(1, 1, 2).sees(3, 5, 6));
    assertFails(new Story().writes(1, 1, 2).failsToWrite(2, 3, 4).sees(2, 5, 6));
  }

  /// No read is older than its floor, and yet two writes have two orders.
  @Test
  void readsThatDisagreeOnAnOrderAreFound() {
    Story story = new Story().writes(1, 10, 90).session(2).writes(2, 10, 90);
    story.session(3).sees(1, 20, 30).sees(2, 40, 50).sees(1, 60, 70);

    assertThat(FloorCheck.check(story.events(), Duration.ZERO)).isEmpty();
    assertFails(story);
  }

  @Test
  void aWriteThatTakesEffectTwiceIsFound() {
    Story story = new Story().mayWrite(1, 1, 2).sees(1, 3, 4).writes(2, 5, 6).sees(2, 7, 8);

    assertFails(story.sees(1, 9, 10));
  }

  @Test
  void anUnknownWriteHappensOnceAtAnyTimeOrNever() {
    assertHolds(new Story().mayWrite(1, 1, 2).writes(2, 3, 4).sees(2, 5, 6).sees(1, 7, 8));
    assertHolds(new Story().mayWrite(1, 1, 2).writes(2, 3, 4).sees(2, 5, 6).sees(2, 7, 8));
  }

  @Test
  void eachUnknownDeleteHappensOnce() {
    Story story = new Story().mayDelete(1, 2).writes(1, 3, 4).sees(1, 5, 6).seesNothing(7, 8);

    assertHolds(story);
    assertHolds(story.writes(2, 9, 10).sees(2, 11, 12));
    assertFails(story.seesNothing(13, 14));
  }

  @Test
  void weakReadsAreNotAskedToBeLinearizable() {
    Story story = new Story().writes(1, 1, 2).writes(2, 3, 4).sees(Level.BOUNDED, 1, 5, 6);

    assertHolds(story);
  }

  /// 10 clients, 200 operations on one key: what a register did is accepted, quickly.
  @Test
  void whatARegisterDidIsLinearizable() {
    for (long seed = 0; seed < 300; seed++) {
      KeyHistory history = KeyHistory.of(Register.run(seed, 200, 10)).getFirst();

      assertThat(Linearizability.check(history)).as("seed %d", seed).isEmpty();
    }
  }

  /// The same with one answer replaced by that of an older state. Of such reads only those fail that nothing
  /// concurrent excuses; the floors say which these are at least.
  @Test
  void whatFloorsFindNoOrderExplains() {
    int found = 0;
    for (long seed = 0; seed < 300; seed++) {
      List<Event> events = Register.run(seed, 100, 5);
      Register.makeOneReadOlder(events, new Random(seed));
      KeyHistory history = KeyHistory.of(events).getFirst();
      if (!FloorCheck.check(events, Duration.ZERO).isEmpty()) {
        found++;
        assertThat(Linearizability.check(history)).as("seed %d", seed).isPresent();
      }
    }
    assertThat(found).isGreaterThan(100);
  }

  /// The cuts lose no order: on small histories of any kind the search says what trying everything says, and
  /// no read is below its floor in a history that has an order.
  @Test
  void theSearchAgreesWithTryingEveryOrder() {
    int explained = 0;
    int histories = 20_000;
    for (long seed = 0; seed < histories; seed++) {
      List<Event> events = anything(new Random(seed));
      boolean exists = EveryOrder.explains(events);
      explained += exists ? 1 : 0;
      KeyHistory history = KeyHistory.of(events).getFirst();

      assertThat(Linearizability.check(history).isEmpty()).as("seed %d", seed).isEqualTo(exists);
      if (exists) {
        assertThat(FloorCheck.check(events, Duration.ZERO)).as("seed %d", seed).isEmpty();
      }
    }
    assertThat(explained).isBetween(histories / 10, histories / 2);
  }

  private static List<Event> anything(Random random) {
    List<Event> events = new ArrayList<>();
    By by = new By(1, "any");
    for (int i = 1; i <= 6; i++) {
      int start = 2 * random.nextInt(12);
      Span span = new Span(start, start + 1 + 2 * random.nextInt(6));
      long version = random.nextInt(3) == 0 ? Event.ABSENT : i;
      if (i > 3) {
        events.add(new Read(by, Level.STRONG, Story.KEY, random.nextInt(4), span));
      } else {
        Outcome outcome = random.nextInt(3) == 0 ? Outcome.UNKNOWN : Outcome.OK;
        events.add(new Write(by, Story.KEY, version, outcome, span));
      }
    }
    return events;
  }

  /// Straight from the definition: some order of the acknowledged operations and of some of the unknown ones
  /// keeps what ended before what started later, and shows each read what was written last.
  private static final class EveryOrder {
    static boolean explains(List<Event> events) {
      return explains(events, Event.ABSENT);
    }

    private static boolean explains(List<Event> open, long state) {
      if (open.stream().noneMatch(EveryOrder::mustHappen)) {
        return true;
      }
      for (Event next : open) {
        boolean tooEarly = open.stream().anyMatch(other -> mustPrecede(other, next));
        boolean fits = !(next instanceof Read read) || read.version() == state;
        if (!tooEarly && fits) {
          List<Event> rest = new ArrayList<>(open);
          rest.remove(next);
          if (explains(rest, next instanceof Write write ? write.version() : state)) {
            return true;
          }
        }
      }
      return false;
    }

    private static boolean mustHappen(Event event) {
      return !(event instanceof Write write) || write.outcome() == Outcome.OK;
    }

    private static boolean mustPrecede(Event first, Event second) {
      return mustHappen(first) && first.span().end() < second.span().start();
    }
  }

  /// A register that does what it should, and clients that sometimes do not hear of it.
  private static final class Register {
    private record Happened(boolean read, long version, long start, long at, long end) {}

    static List<Event> run(long seed, int operations, int clients) {
      Random random = new Random(seed);
      List<Happened> all = new ArrayList<>();
      long[] free = new long[clients];
      for (int i = 0; i < operations; i++) {
        int client = random.nextInt(clients);
        long start = free[client] + random.nextInt(20);
        long at = start + 1 + random.nextInt(50);
        long end = at + 1 + random.nextInt(50);
        free[client] = end + 1;
        int dice = random.nextInt(10);
        all.add(new Happened(dice < 5, dice < 8 ? i + 1 : Event.ABSENT, start, at, end));
      }
      all.sort(Comparator.comparingLong(Happened::at));
      return tell(all, random);
    }

    private static List<Event> tell(List<Happened> all, Random random) {
      List<Event> events = new ArrayList<>();
      By by = new By(1, "any");
      long state = Event.ABSENT;
      for (Happened one : all) {
        Span span = new Span(one.start, one.end);
        if (one.read) {
          events.add(new Read(by, Level.STRONG, Story.KEY, state, span));
          continue;
        }
        int luck = random.nextInt(10);
        Outcome outcome = luck == 0 ? Outcome.UNKNOWN : luck == 1 ? Outcome.FAILED : Outcome.OK;
        boolean happens =
            outcome == Outcome.OK || (outcome == Outcome.UNKNOWN && random.nextBoolean());
        state = happens ? one.version : state;
        events.add(new Write(by, Story.KEY, one.version, outcome, span));
      }
      return events;
    }

    static void makeOneReadOlder(List<Event> events, Random random) {
      List<Read> reads =
          events.stream().filter(Read.class::isInstance).map(Read.class::cast).toList();
      Read first = reads.get(random.nextInt(5));
      Read last = reads.getLast();
      events.set(
          events.indexOf(last),
          new Read(last.by(), Level.STRONG, Story.KEY, first.version(), last.span()));
    }
  }

  private static void assertHolds(Story story) {
    assertThat(Linearizability.check(story.ofKey())).isEmpty();
  }

  private static void assertFails(Story story) {
    assertThat(Linearizability.check(story.ofKey()))
        .map(Violation::anomaly)
        .contains(Anomaly.NOT_LINEARIZABLE);
  }
}
