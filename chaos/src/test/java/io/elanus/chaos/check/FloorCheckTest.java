package io.elanus.chaos.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.elanus.chaos.history.Anomaly;
import io.elanus.chaos.history.Event;
import io.elanus.chaos.history.Level;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class FloorCheckTest {
  private static final Duration BOUND = Duration.ofNanos(100);

  @Test
  void anOrderlyHistoryIsClean() {
    Story story = new Story().seesNothing(1, 2).writes(1, 10, 20).sees(1, 21, 30).writes(2, 40, 50);
    story.sees(2, 51, 60).deletes(70, 80).seesNothing(81, 90).writes(3, 100, 110).sees(3, 111, 120);

    assertClean(story);
  }

  @Test
  void aReadMaySeeAWriteThatIsUnderWayOrNotYet() {
    assertClean(new Story().writes(1, 10, 20).writes(2, 30, 60).sees(1, 40, 50));
    assertClean(new Story().writes(1, 10, 20).writes(2, 30, 60).sees(2, 40, 50));
  }

  @Test
  void ofConcurrentWritesEitherMayWin() {
    assertClean(new Story().writes(1, 10, 30).writes(2, 20, 40).sees(1, 50, 60));
    assertClean(new Story().writes(1, 10, 30).writes(2, 20, 40).sees(2, 50, 60));
  }

  @Test
  void anUnknownWriteMayLandLateOrNever() {
    assertClean(new Story().writes(1, 10, 20).mayWrite(2, 30, 40).sees(1, 50, 60));
    assertClean(new Story().mayWrite(1, 10, 20).writes(2, 30, 40).sees(2, 50, 60).sees(1, 70, 80));
    assertClean(new Story().writes(1, 10, 20).mayDelete(30, 40).seesNothing(50, 60));
    assertClean(new Story().writes(1, 10, 20).mayDelete(30, 40).sees(1, 50, 60));
  }

  @Test
  void anUnknownWriteThatWasSeenIsKnown() {
    Story story = new Story().writes(1, 10, 20).mayWrite(2, 30, 40).sees(2, 50, 60);

    assertFinds(Anomaly.STALE_READ, story.sees(1, 70, 80));
  }

  @Test
  void aLostWriteIsFound() {
    assertFinds(Anomaly.LOST_WRITE, new Story().writes(1, 10, 20).seesNothing(30, 40));
  }

  @Test
  void aWriteAfterADeleteThatIsLostIsFound() {
    Story story = new Story().writes(1, 1, 2).deletes(3, 4).writes(2, 10, 20);

    assertFinds(Anomaly.LOST_WRITE, story.seesNothing(30, 40));
  }

  @Test
  void aStaleReadIsFound() {
    assertFinds(
        Anomaly.STALE_READ, new Story().writes(1, 10, 20).writes(2, 30, 40).sees(1, 50, 60));
  }

  @Test
  void aResurrectedDeleteIsFound() {
    Story story = new Story().writes(1, 10, 20).deletes(30, 40);

    assertFinds(Anomaly.RESURRECTED_DELETE, story.sees(1, 50, 60));
  }

  @Test
  void aPhantomIsFound() {
    assertFinds(Anomaly.PHANTOM, new Story().writes(1, 10, 20).sees(99, 30, 40));
    assertFinds(Anomaly.PHANTOM, new Story().failsToWrite(1, 10, 20).sees(1, 30, 40));
    assertFinds(Anomaly.PHANTOM, new Story().sees(1, 10, 20).writes(1, 30, 40));
    assertFinds(Anomaly.PHANTOM, new Story().sees(Level.EVENTUALLY, 99, 30, 40));
  }

  @Test
  void aBoundedReadMayBeOldButNotOlderThanTheBound() {
    Story story = new Story().writes(1, 10, 20).writes(2, 30, 40);

    assertClean(story.sees(Level.BOUNDED, 1, 130, 140));
    assertFinds(Anomaly.BEYOND_BOUND, story.sees(Level.BOUNDED, 1, 150, 160));
  }

  @Test
  void anEventualReadMayBeAsOldAsItLikes() {
    Story story = new Story().writes(1, 10, 20).writes(2, 30, 40);

    assertClean(
        story.sees(Level.EVENTUALLY, 1, 900, 910).sees(Level.EVENTUALLY, Event.ABSENT, 920, 930));
  }

  @Test
  void aSessionReadsItsWrites() {
    Story story = new Story().writes(1, 10, 20).session(2).writes(2, 30, 40);

    assertClean(story.session(1).sees(Level.SESSION, 1, 50, 60));
    assertFinds(Anomaly.BROKEN_SESSION, story.session(2).sees(Level.SESSION, 1, 70, 80));
  }

  @Test
  void aSessionReadsItsDeletes() {
    Story story = new Story().writes(1, 10, 20).session(2).deletes(30, 40);

    assertFinds(Anomaly.BROKEN_SESSION, story.sees(Level.SESSION, 1, 50, 60));
  }

  @Test
  void aSessionDoesNotGoBack() {
    Story story =
        new Story().writes(1, 10, 20).writes(2, 30, 40).session(2).sees(Level.SESSION, 2, 50, 60);

    assertFinds(Anomaly.BROKEN_SESSION, story.sees(Level.SESSION, 1, 70, 80));
  }

  @Test
  void aSessionThatSawNothingAfterADeleteDoesNotGoBack() {
    Story story = new Story().writes(1, 10, 20).session(2).sees(Level.SESSION, 1, 22, 24);
    story.session(3).deletes(30, 40).session(2).sees(Level.SESSION, Event.ABSENT, 50, 60);

    assertFinds(Anomaly.BROKEN_SESSION, story.sees(Level.SESSION, 1, 70, 80));
  }

  private static void assertClean(Story story) {
    assertThat(FloorCheck.check(story.events(), BOUND)).isEmpty();
  }

  private static void assertFinds(Anomaly anomaly, Story story) {
    assertThat(FloorCheck.check(story.events(), BOUND))
        .extracting(Violation::anomaly)
        .containsExactly(anomaly);
  }
}
