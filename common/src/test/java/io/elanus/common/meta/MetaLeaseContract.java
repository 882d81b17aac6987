package io.elanus.common.meta;

import static org.assertj.core.api.Assertions.assertThat;

import io.elanus.common.error.ErrorCode;
import io.elanus.common.meta.MetaStore.Change.Put;
import io.elanus.common.meta.MetaStore.Change.PutLeased;
import io.elanus.common.meta.MetaStore.Change.Remove;
import io.elanus.common.meta.MetaStore.CommitOutcome;
import io.elanus.common.meta.MetaStore.CommitOutcome.Committed;
import io.elanus.common.meta.MetaStore.CommitOutcome.Conflict;
import io.elanus.common.meta.MetaStore.Condition.Absent;
import io.elanus.common.meta.MetaStore.Condition.Present;
import io.elanus.common.meta.MetaStore.Lease;
import io.elanus.common.meta.MetaStore.MetaEvent;
import io.elanus.common.meta.MetaStore.MetaWatch;
import io.elanus.common.run.Together;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What every [MetaStore] promises of leases.
public abstract class MetaLeaseContract extends MetaStoreContract {
  private static final Duration LONG = Duration.ofSeconds(60);

  /// Short for the test's sake; an adapter may need longer ones.
  protected Duration shortTtl() {
    return Duration.ofMillis(300);
  }

  /// A store that is not the one under test.
  protected abstract MetaStore another();

  @Test
  void aLeasedEntryIsAnEntry() {
    Lease lease = store.lease(LONG);
    long revision = commit(new PutLeased("n/1", utf8("here"), lease));

    assertThat(value("n/1")).contains("here");
    assertThat(store.get("n/1").orElseThrow().revision()).isEqualTo(revision);
    assertThat(keys("n/")).containsExactly("n/1");
    assertThat(lease.ttl()).isEqualTo(LONG);
  }

  @Test
  void entriesOfAClosedLeaseVanishAndOthersStay() {
    Lease lease = store.lease(LONG);
    Lease other = store.lease(LONG);
    commit(new PutLeased("n/1", utf8("1"), lease), new PutLeased("n/2", utf8("2"), other));
    commit(new PutLeased("n/3", utf8("3"), lease), new Put("n/4", utf8("4")));

    lease.close();

    assertThat(keys("n/")).containsExactly("n/2", "n/4");
    lease.close();
    assertThat(keys("n/")).containsExactly("n/2", "n/4");
  }

  @Test
  void entriesVanishWhenTheirLeaseIsNotRenewed() {
    Lease lease = store.lease(shortTtl());
    commit(new PutLeased("n/1", utf8("1"), lease));
    try (MetaWatch watch = store.watch("n/", revision())) {
      MetaEvent event = watch.poll(soon()).getFirst();

      assertThat(event.key()).isEqualTo("n/1");
      assertThat(event.value()).isEmpty();
    }
    assertThat(store.get("n/1")).isEmpty();
    assertThat(lease.renew()).isFalse();
  }

  @Test
  void entriesDoNotVanishBeforeTheLeaseEnds() {
    Lease lease = store.lease(shortTtl());
    long begun = run.nanoTime();
    commit(new PutLeased("n/1", utf8("1"), lease));
    try (MetaWatch watch = store.watch("n/", revision())) {
      assertThat(watch.poll(soon())).hasSize(1);
    }

    assertThat(run.nanoTime() - begun).isGreaterThan(shortTtl().toNanos() / 2);
  }

  @Test
  void aRenewedLeaseLivesOn() {
    Lease lease = store.lease(shortTtl());
    commit(new PutLeased("n/1", utf8("1"), lease));

    for (int i = 0; i < 9; i++) {
      run.sleep(shortTtl().dividedBy(4));
      assertThat(lease.renew()).isTrue();
    }

    assertThat(value("n/1")).contains("1");
  }

  @Test
  void renewingIsNoChange() {
    Lease lease = store.lease(LONG);
    long revision = commit(new PutLeased("n/1", utf8("1"), lease));

    lease.renew();

    assertThat(revision()).isEqualTo(revision);
  }

  @Test
  void watchersSeeTheEndOfALeaseAsRemovals() {
    Lease lease = store.lease(LONG);
    long revision =
        commit(new PutLeased("n/1", utf8("1"), lease), new PutLeased("n/2", utf8("2"), lease));
    try (MetaWatch watch = store.watch("n/", revision)) {
      lease.close();

      List<MetaEvent> events = new ArrayList<>();
      while (events.size() < 2) {
        events.addAll(watch.poll(soon()));
      }
      assertThat(events).allSatisfy(event -> assertThat(event.value()).isEmpty());
      assertThat(events).extracting(MetaEvent::key).containsExactlyInAnyOrder("n/1", "n/2");
      assertThat(events).extracting(MetaEvent::revision).allMatch(seen -> seen > revision);
    }
  }

  @Test
  void aCommitUnderAnEndedLeaseConflicts() {
    Lease lease = store.lease(LONG);
    lease.close();

    CommitOutcome outcome =
        send(List.of(), new PutLeased("n/1", utf8("1"), lease), new Put("a", utf8("1")));

    assertThat(outcome).isEqualTo(new Conflict());
    assertThat(keys("")).isEmpty();
    assertThat(lease.renew()).isFalse();
  }

  @Test
  void aResentCommitIsRememberedThoughItsLeaseEnded() {
    Lease lease = store.lease(LONG);
    String request = newRequest();
    List<MetaStore.Change> changes = List.of(new PutLeased("n/1", utf8("1"), lease));
    long revision = committed(store.commit(request, List.of(), changes));
    lease.close();

    assertThat(store.commit(request, List.of(), changes)).isEqualTo(new Committed(revision));
    assertThat(store.get("n/1")).isEmpty();
  }

  @Test
  void anEntryWrittenAgainWithoutLeaseStays() {
    Lease lease = store.lease(LONG);
    commit(new PutLeased("n/1", utf8("1"), lease));
    put("n/1", "2");

    lease.close();

    assertThat(value("n/1")).contains("2");
  }

  @Test
  void anEntryGoesOverToANewLease() {
    Lease first = store.lease(LONG);
    Lease second = store.lease(LONG);
    commit(new PutLeased("n/1", utf8("1"), first));
    commit(new PutLeased("n/1", utf8("2"), second));

    first.close();
    assertThat(value("n/1")).contains("2");

    second.close();
    assertThat(store.get("n/1")).isEmpty();
  }

  @Test
  void anEntryRemovedAndMadeAnewDoesNotVanishWithItsOldLease() {
    Lease lease = store.lease(LONG);
    commit(new PutLeased("n/1", utf8("1"), lease));
    commit(new Remove("n/1"));
    put("n/1", "2");

    lease.close();

    assertThat(value("n/1")).contains("2");
  }

  @Test
  void oneOfManyCandidatesIsElectedAndTheNextAfterIt() {
    List<Lease> leases = Together.run(run, 8, _ -> store.lease(LONG));
    List<CommitOutcome> outcomes =
        Together.run(
            run,
            8,
            i ->
                send(
                    List.of(new Absent("election/x")),
                    new PutLeased("election/x", utf8("" + i), leases.get(i))));
    int winner = Integer.parseInt(value("election/x").orElseThrow());

    assertThat(outcomes.stream().filter(Committed.class::isInstance)).hasSize(1);
    assertThat(outcomes.get(winner)).isInstanceOf(Committed.class);
    leases.get(winner).close();

    int next = (winner + 1) % 8;
    commit(
        List.of(new Absent("election/x")),
        new PutLeased("election/x", utf8("" + next), leases.get(next)));
    assertThat(send(List.of(new Present("election/x")))).isInstanceOf(Committed.class);
  }

  @Test
  void aLeaseOfNoTimeIsRefused() {
    assertFails(ErrorCode.INVALID_PARAMETER, () -> store.lease(Duration.ZERO));
    assertFails(ErrorCode.INVALID_PARAMETER, () -> store.lease(Duration.ofSeconds(-1)));
  }

  @Test
  void aLeaseOfAnotherStoreIsRefused() {
    try (MetaStore other = another()) {
      Lease lease = other.lease(LONG);

      assertFails(
          ErrorCode.INVALID_PARAMETER,
          () -> send(List.of(), new PutLeased("n/1", utf8("1"), lease)));
    }
  }
}
