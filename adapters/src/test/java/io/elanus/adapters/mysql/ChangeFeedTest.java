package io.elanus.adapters.mysql;

import static org.assertj.core.api.Assertions.assertThat;

import io.elanus.adapters.sql.MetaTables.Slice;
import io.elanus.common.meta.MetaStore.MetaEvent;
import io.elanus.common.run.Deadline;
import io.elanus.common.run.SimulatedRun;
import io.elanus.common.run.Task;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class ChangeFeedTest {
  private final SimulatedRun world = new SimulatedRun(1);
  private final Store store = new Store();
  private boolean done;

  /// Tables that answer at once, and count how often they are asked.
  private static final class Store implements ChangeFeed.Source {
    private final List<MetaEvent> events = new ArrayList<>();
    private long revision;
    private long compacted;
    private int asked;

    long commit(String key) {
      revision++;
      events.add(new MetaEvent(key, Optional.of(new byte[1]), revision));
      return revision;
    }

    @Override
    public long newest() {
      asked++;
      return revision;
    }

    @Override
    public Optional<Slice> changes(long after) {
      asked++;
      return after < compacted || after > revision
          ? Optional.empty()
          : Optional.of(
              new Slice(events.stream().filter(e -> e.revision() > after).toList(), revision));
    }
  }

  private void withFeed(Consumer<ChangeFeed> test) {
    world.run(
        () -> {
          ChangeFeed feed = new ChangeFeed(world, Duration.ofMillis(100), store);
          test.accept(feed);
          done = true;
          feed.wake();
          feed.close();
        },
        Duration.ofMinutes(5));
  }

  private Deadline in(int millis) {
    return Deadline.after(world, Duration.ofMillis(millis));
  }

  private Task waiter(ChangeFeed feed, long seen) {
    return world.fork("watcher", () -> feed.awaitChange(seen, () -> false, Deadline.NEVER));
  }

  /// Waits for the next change after each.
  private void follow(ChangeFeed feed) {
    world.fork(
        "follower",
        () -> {
          while (!done) {
            feed.awaitChange(store.revision, () -> done, Deadline.NEVER);
          }
        });
  }

  @Test
  void whileNobodyWaitsTheStoreIsNotAsked() {
    withFeed(feed -> {
      world.sleep(Duration.ofMinutes(1));

      assertThat(store.asked).isZero();
    });
  }

  @Test
  void whileNothingHappensItIsAskedAtTheInterval() {
    withFeed(feed -> {
      Task waiter = waiter(feed, 0);
      Task another = waiter(feed, 0);
      world.sleep(Duration.ofMinutes(1));

      assertThat(store.asked).isBetween(590, 630);
      assertThat(waiter.isDone() || another.isDone()).isFalse();
    });
  }

  @Test
  void changesAreReadOnceForAll() {
    withFeed(feed -> {
      store.commit("a/1");
      assertThat(feed.awaitChange(0, () -> false, in(1_000))).isTrue();
      assertThat(feed.find("", 0)).as("from before the feed began").isEmpty();
      Task one = waiter(feed, 1);
      Task two = waiter(feed, 1);
      store.commit("a/2");
      store.commit("b/1");
      world.sleep(Duration.ofMillis(110));
      int asked = store.asked;

      assertThat(one.isDone() && two.isDone()).isTrue();
      assertThat(feed.find("a/", 1).orElseThrow().events())
          .extracting(MetaEvent::key)
          .containsExactly("a/2");
      assertThat(feed.find("", 2).orElseThrow().events())
          .extracting(MetaEvent::key)
          .containsExactly("b/1");
      assertThat(feed.find("c/", 1).orElseThrow()).isEqualTo(new Slice(List.of(), 3));
      assertThat(feed.find("", 3)).isEmpty();
      assertThat(store.asked).isEqualTo(asked);
    });
  }

  @Test
  void aCommitOfThisProcessIsReadAtOnce() {
    withFeed(feed -> {
      Task waiter = waiter(feed, 0);
      world.sleep(Duration.ofSeconds(10));

      feed.hear(store.commit("a"));
      world.sleep(Duration.ofMillis(1));

      assertThat(waiter.isDone()).isTrue();
    });
  }

  @Test
  void afterAChangeItIsAskedOften() {
    withFeed(feed -> {
      follow(feed);
      world.sleep(Duration.ofSeconds(10));
      store.commit("a");
      world.sleep(Duration.ofMillis(101));
      int asked = store.asked;
      world.sleep(Duration.ofMillis(100));

      assertThat(store.asked - asked).isGreaterThanOrEqualTo(3);
    });
  }

  @Test
  void whoIsAheadOfTheStoreIsTold() {
    withFeed(feed -> {
      for (int i = 0; i < 6; i++) {
        store.commit("a");
      }
      feed.hear(6);
      Task waiter = waiter(feed, 6);
      world.sleep(Duration.ofSeconds(1));
      assertThat(waiter.isDone()).isFalse();

      store.revision = 4;
      world.sleep(Duration.ofMillis(110));

      assertThat(waiter.isDone()).isTrue();
      assertThat(feed.find("", 6)).isEmpty();
    });
  }

  @Test
  void whoIsBehindTheHistoryIsSentToTheStore() {
    withFeed(feed -> {
      store.commit("a");
      feed.hear(1);
      Task waiter = waiter(feed, 1);
      world.sleep(Duration.ofSeconds(1));

      store.commit("a");
      store.commit("a");
      store.compacted = 2;
      world.sleep(Duration.ofMillis(110));

      assertThat(waiter.isDone()).isTrue();
      assertThat(feed.find("", 1)).isEmpty();
    });
  }

  @Test
  void onlyTheNewestChangesAreHeld() {
    withFeed(feed -> {
      follow(feed);
      world.sleep(Duration.ofSeconds(1));
      for (int i = 0; i < 1_500; i++) {
        store.commit("a");
      }
      world.sleep(Duration.ofMillis(110));

      assertThat(feed.find("", 400)).isEmpty();
      assertThat(feed.find("", 500).orElseThrow().events()).hasSize(1_000);
    });
  }
}
