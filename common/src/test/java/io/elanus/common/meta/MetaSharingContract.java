package io.elanus.common.meta;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.elanus.common.error.DbException;
import io.elanus.common.meta.MetaStore.Change;
import io.elanus.common.meta.MetaStore.Change.Put;
import io.elanus.common.meta.MetaStore.Change.PutLeased;
import io.elanus.common.meta.MetaStore.CommitOutcome.Committed;
import io.elanus.common.meta.MetaStore.CommitOutcome.Conflict;
import io.elanus.common.meta.MetaStore.Condition.Absent;
import io.elanus.common.meta.MetaStore.Lease;
import io.elanus.common.meta.MetaStore.MetaEntry;
import io.elanus.common.meta.MetaStore.MetaEvent;
import io.elanus.common.meta.MetaStore.MetaRange;
import io.elanus.common.meta.MetaStore.MetaWatch;
import io.elanus.common.run.Deadline;
import io.elanus.common.run.Task;
import io.elanus.common.run.Together;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What every [MetaStore] that several processes share promises: each has a way of its own to one
/// store. A process that died is one whose way was closed with its leases left behind.
public abstract class MetaSharingContract extends MetaStoreContract {
  protected MetaStore other;

  /// Another process's way to the store under test.
  protected abstract MetaStore openOther();

  /// Short for the test's sake, but longer than this machine stumbles.
  protected Duration ttl() {
    return Duration.ofSeconds(1);
  }

  /// From the last renewal until everybody sees that the lease has ended, at most. Generous: machines
  /// that test are busy.
  protected Duration latestEnd() {
    return ttl().multipliedBy(3);
  }

  @BeforeEach
  void openOtherStore() {
    other = openOther();
  }

  @AfterEach
  void closeOtherStore() {
    other.close();
  }

  @Test
  void whatOneCommitsTheOtherReads() {
    long revision = put("a", "1");

    MetaRange range = other.range("");

    assertThat(range.revision()).isEqualTo(revision);
    assertThat(range.entries()).extracting(MetaEntry::key).containsExactly("a");
    assertThat(other.commit("other", List.of(new Absent("a")), List.of(new Put("a", utf8("2")))))
        .isEqualTo(new Conflict());
  }

  @Test
  void aCommitResentByAnotherProcessIsAnsweredAsBefore() {
    List<Change> changes = List.of(new Put("a", utf8("1")));
    long revision = committed(store.commit("once", List.of(), changes));

    assertThat(other.commit("once", List.of(), changes)).isEqualTo(new Committed(revision));
    assertThat(revision()).isEqualTo(revision);
  }

  @Test
  void aWatcherSeesWhatTheOtherCommits() {
    try (MetaWatch watch = other.watch("a", other.range("").revision())) {
      for (int i = 0; i < 10; i++) {
        long revision = put("a", "" + i);

        List<MetaEvent> events = watch.poll(soon());
        assertThat(events).extracting(MetaEvent::revision).containsExactly(revision);
        assertThat(events.getFirst().value().map(MetaStoreContract::text)).contains("" + i);
      }
    }
  }

  @Test
  void nobodyMissesAnythingWhileBothCommit() {
    Task writers =
        run.fork(
            "writers",
            () -> {
              Together.run(run, 8, this::writeFifty);
              put("p/last", "1");
            });

    Together.run(run, 4, i -> followUntilLast(i % 2 == 0 ? store : other));

    Together.finish(run, writers);
  }

  private String writeFifty(int writer) {
    MetaStore way = writer % 2 == 0 ? store : other;
    for (int i = 0; i < 50; i++) {
      committed(
          way.commit(
              "%d/%d".formatted(writer, i),
              List.of(),
              List.of(new Put("p/" + i % 7, utf8(writer + "-" + i)))));
    }
    return "done";
  }

  /// Builds the entries from a range and its watch, and compares with the store when all is written.
  private int followUntilLast(MetaStore way) {
    MetaRange range = way.range("p/");
    Map<String, Long> mine = new TreeMap<>();
    range.entries().forEach(entry -> mine.put(entry.key(), entry.revision()));
    long newest = range.revision();
    try (MetaWatch watch = way.watch("p/", range.revision())) {
      while (!mine.containsKey("p/last")) {
        for (MetaEvent event : watch.poll(soon())) {
          assertThat(event.revision()).isGreaterThanOrEqualTo(newest);
          newest = event.revision();
          mine.put(event.key(), event.revision());
        }
      }
    }
    Map<String, Long> theirs = new TreeMap<>();
    way.range("p/").entries().forEach(entry -> theirs.put(entry.key(), entry.revision()));
    assertThat(mine).isEqualTo(theirs);
    return mine.size();
  }

  @Test
  void revisionsOfBothAreDifferent() {
    List<List<Long>> revisions =
        Together.run(
            run,
            8,
            writer ->
                IntStream.range(0, 20)
                    .mapToObj(i ->
                        committed(
                            (writer % 2 == 0 ? store : other)
                                .commit(
                                    "%d/%d".formatted(writer, i),
                                    List.of(),
                                    List.of(new Put("k", utf8("" + i))))))
                    .toList());

    assertThat(revisions).allSatisfy(mine -> assertThat(mine).isSorted());
    assertThat(revisions.stream().flatMap(List::stream)).doesNotHaveDuplicates().hasSize(160);
  }

  @Test
  void theLeaseOfADeadProcessEnds() {
    Lease lease = store.lease(ttl());
    commit(new PutLeased("n/1", utf8("1"), lease));
    assertThat(lease.renew()).isTrue();
    long renewedAt = run.nanoTime();
    try (MetaWatch watch = other.watch("n/", other.range("n/").revision())) {
      store.close();

      MetaEvent event = watch.poll(soon()).getFirst();
      Duration passed = Duration.ofNanos(run.nanoTime() - renewedAt);

      assertThat(event.value()).isEmpty();
      assertThat(passed).isBetween(ttl().minusMillis(20), latestEnd());
    }
    assertThat(other.range("n/").entries()).isEmpty();
  }

  @Test
  void aHolderThatDoesNotRenewLoses() {
    Lease lease = store.lease(ttl());
    commit(new PutLeased("n/1", utf8("1"), lease));
    try (MetaWatch watch = other.watch("n/", other.range("n/").revision())) {
      assertThat(watch.poll(soon())).hasSize(1);
    }

    assertThat(lease.renew()).isFalse();
    assertThat(send(List.of(), new PutLeased("n/1", utf8("2"), lease))).isEqualTo(new Conflict());
    assertThat(keys("n/")).isEmpty();
  }

  @Test
  void aRenewedLeaseLivesOnForEverybody() {
    Lease lease = store.lease(ttl());
    commit(new PutLeased("n/1", utf8("1"), lease));
    try (MetaWatch watch = other.watch("n/", other.range("n/").revision())) {
      for (int i = 0; i < 9; i++) {
        assertThat(watch.poll(Deadline.after(run, ttl().dividedBy(3)))).isEmpty();
        assertThat(lease.renew()).isTrue();
      }
    }
  }

  @Test
  void theOtherLeadsWhenTheLeaderDies() {
    Election<Term> first = candidate(store, "a");
    assertThat(first.awaitLeading(soon())).isTrue();
    Election<Term> second = candidate(other, "b");
    Term deposed = first.term();
    deposed.write("by a");
    assertThat(second.isLeading()).isFalse();

    long diedAt = run.nanoTime();
    store.close();

    assertThat(second.awaitLeading(soon())).isTrue();
    assertThat(Duration.ofNanos(run.nanoTime() - diedAt)).isLessThan(latestEnd());
    second.term().write("by b");
    assertThatThrownBy(() -> deposed.write("by a, late"))
        .isInstanceOf(DbException.class)
        .hasMessageContaining("leadership lost");
    assertThat(text(other.get("value").orElseThrow().value())).isEqualTo("by b");
    second.close();
    first.close();
  }

  @Test
  void aLeaderThatClosesHandsOverAtOnce() {
    Election<Term> first = candidate(store, "a");
    assertThat(first.awaitLeading(soon())).isTrue();
    Election<Term> second = candidate(other, "b");

    long closedAt = run.nanoTime();
    first.close();

    assertThat(second.awaitLeading(soon())).isTrue();
    assertThat(Duration.ofNanos(run.nanoTime() - closedAt)).isLessThan(ttl());
    second.close();
    assertThat(store.get(MetaKeys.election("chief"))).isEmpty();
  }

  private Election<Term> candidate(MetaStore way, String name) {
    return Election.start(
        run,
        way,
        new Election.Candidate("chief", utf8(name), ttl()),
        leadership -> new Term(new Ledger(run, way, leadership, "chief")));
  }

  /// What a leader writes, it writes under its leadership.
  private record Term(Ledger ledger) implements AutoCloseable {
    void write(String value) {
      ledger.commit(List.of(), List.of(new Put("value", utf8(value))));
    }

    @Override
    public void close() {}
  }
}
