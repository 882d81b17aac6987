package io.elanus.common.meta;

import static org.assertj.core.api.Assertions.assertThat;

import io.elanus.common.error.ErrorCode;
import io.elanus.common.meta.MetaStore.Change;
import io.elanus.common.meta.MetaStore.Change.Put;
import io.elanus.common.meta.MetaStore.Change.Remove;
import io.elanus.common.meta.MetaStore.Condition.Absent;
import io.elanus.common.meta.MetaStore.Condition.RevisionIs;
import io.elanus.common.meta.MetaStore.MetaEvent;
import io.elanus.common.meta.MetaStore.MetaRange;
import io.elanus.common.meta.MetaStore.MetaWatch;
import io.elanus.common.run.Deadline;
import io.elanus.common.run.Task;
import io.elanus.common.run.Together;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// What every [MetaStore] promises of watching.
public abstract class MetaWatchContract extends MetaStoreContract {
  /// Makes the store forget its changes up to `revision`.
  protected abstract void compact(long revision);

  @Test
  void aWatcherSeesPutsAndRemovals() {
    try (MetaWatch watch = store.watch("a/", revision())) {
      long put = put("a/x", "1");
      long removed = commit(new Remove("a/x"));

      List<MetaEvent> events = take(watch, 2);

      assertThat(described(events)).containsExactly(put + " a/x=1", removed + " a/x gone");
    }
  }

  @Test
  void aWatcherSeesOnlyItsPrefix() {
    try (MetaWatch watch = store.watch("a/", revision())) {
      commit(new Put("a/x", utf8("1")), new Put("b/x", utf8("1")), new Put("a", utf8("1")));
      put("a0", "1");
      put("a/y", "2");

      assertThat(take(watch, 2)).extracting(MetaEvent::key).containsExactly("a/x", "a/y");
      assertThat(watch.poll(shortly())).isEmpty();
    }
  }

  @Test
  void anEmptyPrefixWatchesEverything() {
    try (MetaWatch watch = store.watch("", revision())) {
      put("a", "1");
      put("\ud83d\ude00", "1");

      assertThat(take(watch, 2)).hasSize(2);
    }
  }

  @Test
  void whatChangedNothingIsNoEvent() {
    long revision = put("a", "1");
    try (MetaWatch watch = store.watch("", revision)) {
      commit(new Remove("missing"));
      send(List.of(new Absent("a")), new Put("a", utf8("2")));

      assertThat(watch.poll(shortly())).isEmpty();
    }
  }

  @Test
  void aResentCommitIsSeenOnce() {
    try (MetaWatch watch = store.watch("", revision())) {
      String request = newRequest();
      List<Change> changes = List.of(new Put("a", utf8("1")));
      store.commit(request, List.of(), changes);
      store.commit(request, List.of(), changes);

      assertThat(take(watch, 1)).hasSize(1);
      assertThat(watch.poll(shortly())).isEmpty();
    }
  }

  @Test
  void aWaitingWatcherWakes() {
    MetaWatch watch = store.watch("a", revision());
    AtomicReference<List<MetaEvent>> seen = new AtomicReference<>(List.of());
    Task waiting = run.fork("watcher", () -> seen.set(watch.poll(soon())));

    run.sleep(Duration.ofMillis(50));
    put("other", "1");
    put("a", "1");

    Together.finish(run, waiting);
    assertThat(seen.get()).extracting(MetaEvent::key).containsExactly("a");
    watch.close();
  }

  @Test
  void aWatcherMayBeginInThePast() {
    long first = put("a", "1");
    put("b", "2");
    long third = put("a", "3");

    try (MetaWatch watch = store.watch("", first)) {
      assertThat(take(watch, 2)).extracting(MetaEvent::key).containsExactly("b", "a");
    }
    try (MetaWatch watch = store.watch("a", first - 1)) {
      assertThat(described(take(watch, 2))).containsExactly(first + " a=1", third + " a=3");
    }
  }

  @Test
  void eventsComeInTheOrderOfRevisions() {
    try (MetaWatch watch = store.watch("", revision())) {
      Together.run(run, 8, i -> IntStream.range(0, 25).mapToLong(n -> put("k" + i, "" + n)).max());

      List<MetaEvent> events = take(watch, 200);

      assertThat(events).extracting(MetaEvent::revision).isSorted().doesNotHaveDuplicates();
      for (int writer = 0; writer < 8; writer++) {
        String key = "k" + writer;
        assertThat(events.stream().filter(event -> event.key().equals(key)).map(this::number))
            .isSorted()
            .hasSize(25);
      }
    }
  }

  @Test
  void changesOfOneCommitComeInOneList() {
    try (MetaWatch watch = store.watch("p/", revision())) {
      Task writer =
          run.fork(
              "writer",
              () -> {
                for (int i = 0; i < 50; i++) {
                  commit(new Put("p/a", utf8("" + i)), new Put("p/b", utf8("" + i)));
                }
              });

      int seen = 0;
      while (seen < 100) {
        List<MetaEvent> events = watch.poll(soon());
        Map<Long, Long> perRevision = new TreeMap<>();
        events.forEach(event -> perRevision.merge(event.revision(), 1L, Long::sum));
        assertThat(perRevision.values()).isNotEmpty().containsOnly(2L);
        seen += events.size();
      }
      Together.finish(run, writer);
    }
  }

  @Test
  void aRangeAndItsWatchMissNothing() {
    Task writer =
        run.fork(
            "writer",
            () -> {
              for (int i = 0; i < 300; i++) {
                commit(i % 3 == 2 ? new Remove("p/" + i % 7) : new Put("p/" + i % 7, utf8("" + i)));
              }
              put("p/last", "1");
            });

    Together.run(run, 4, _ -> followUntilLast());

    Together.finish(run, writer);
  }

  /// Builds the entries from a range and its watch, and compares with the store when all is
  /// written.
  private int followUntilLast() {
    MetaRange range = store.range("p/");
    Map<String, String> mine = new TreeMap<>();
    range.entries().forEach(entry -> mine.put(entry.key(), text(entry.value())));
    try (MetaWatch watch = store.watch("p/", range.revision())) {
      while (!mine.containsKey("p/last")) {
        watch.poll(soon()).forEach(event -> applyTo(mine, event));
      }
    }
    Map<String, String> theirs = new TreeMap<>();
    store.range("p/").entries().forEach(entry -> theirs.put(entry.key(), text(entry.value())));
    assertThat(mine).isEqualTo(theirs);
    return mine.size();
  }

  private static void applyTo(Map<String, String> entries, MetaEvent event) {
    if (event.value().isPresent()) {
      entries.put(event.key(), text(event.value().get()));
    } else {
      entries.remove(event.key());
    }
  }

  @Test
  void theRevisionOfAnEventNamesTheEntry() {
    try (MetaWatch watch = store.watch("a", revision())) {
      put("a", "1");
      MetaEvent event = take(watch, 1).getFirst();

      commit(List.of(new RevisionIs("a", event.revision())), new Put("a", utf8("2")));
    }
  }

  @Test
  void watchersDoNotDisturbEachOther() {
    long revision = revision();
    try (MetaWatch one = store.watch("a", revision);
        MetaWatch two = store.watch("a", revision)) {
      put("a", "1");

      assertThat(take(one, 1)).hasSize(1);
      assertThat(take(two, 1)).hasSize(1);
    }
  }

  @Test
  void forgottenChangesAreRefusedAndMustBeReadAnew() {
    long first = put("a", "1");
    put("a", "2");
    long third = put("a", "3");
    compact(third);
    put("a", "4");

    try (MetaWatch behind = store.watch("a", first)) {
      assertFails(ErrorCode.STORAGE_IO_FAILED, () -> behind.poll(soon()));
      assertFails(ErrorCode.STORAGE_IO_FAILED, () -> behind.poll(soon()));
    }
    try (MetaWatch watch = store.watch("a", third)) {
      assertThat(take(watch, 1)).extracting(this::number).containsExactly(4);
    }
    assertThat(value("a")).contains("4");
  }

  @Test
  void aRevisionOfTheFutureIsRefused() {
    long revision = put("a", "1");

    try (MetaWatch watch = store.watch("a", revision + 1)) {
      assertFails(ErrorCode.STORAGE_IO_FAILED, () -> watch.poll(soon()));
    }
  }

  @Test
  void closingAWatchWakesItsWaiter() {
    MetaWatch watch = store.watch("a", revision());
    Task waiting =
        run.fork(
            "watcher", () -> assertFails(ErrorCode.STORAGE_IO_FAILED, () -> watch.poll(soon())));

    run.sleep(Duration.ofMillis(50));
    watch.close();

    Together.finish(run, waiting);
  }

  @Test
  void closingTheStoreWakesWatchers() {
    MetaWatch watch = store.watch("a", revision());
    Task waiting =
        run.fork(
            "watcher", () -> assertFails(ErrorCode.STORAGE_IO_FAILED, () -> watch.poll(soon())));

    run.sleep(Duration.ofMillis(50));
    store.close();

    Together.finish(run, waiting);
  }

  /// At least `count` events.
  protected final List<MetaEvent> take(MetaWatch watch, int count) {
    List<MetaEvent> events = new ArrayList<>();
    while (events.size() < count) {
      List<MetaEvent> polled = watch.poll(soon());
      assertThat(polled).isNotEmpty();
      events.addAll(polled);
    }
    return events;
  }

  private Deadline shortly() {
    return Deadline.after(run, Duration.ofMillis(50));
  }

  private int number(MetaEvent event) {
    return Integer.parseInt(text(event.value().orElseThrow()));
  }

  private static List<String> described(List<MetaEvent> events) {
    return events.stream().map(MetaWatchContract::described).toList();
  }

  private static String described(MetaEvent event) {
    String what = event.value().map(value -> "=" + text(value)).orElse(" gone");
    return event.revision() + " " + event.key() + what;
  }
}
