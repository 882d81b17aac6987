package io.elanus.adapters.etcd;

import static org.assertj.core.api.Assertions.assertThat;

import io.elanus.adapters.CommitChains;
import io.elanus.adapters.CuttingProxy;
import io.elanus.common.meta.MetaStore;
import io.elanus.common.meta.MetaStore.Change;
import io.elanus.common.meta.MetaStore.Change.Put;
import io.elanus.common.meta.MetaStore.Change.PutLeased;
import io.elanus.common.meta.MetaStore.Change.Remove;
import io.elanus.common.meta.MetaStore.CommitOutcome.Committed;
import io.elanus.common.meta.MetaStore.CommitOutcome.Conflict;
import io.elanus.common.meta.MetaStore.CommitOutcome.Unknown;
import io.elanus.common.meta.MetaStore.Condition;
import io.elanus.common.meta.MetaStore.Condition.Present;
import io.elanus.common.meta.MetaStore.Lease;
import io.elanus.common.meta.MetaStore.MetaWatch;
import io.elanus.common.run.Deadline;
import io.elanus.common.run.Run;
import io.elanus.common.run.SystemRun;
import io.elanus.common.run.Together;
import io.elanus.servers.EtcdServer;
import io.elanus.servers.FreePorts;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What one node of etcd, or the way to it, does to the store at the worst moment.
class EtcdFailureTest {
  private final Run run = new SystemRun();
  private final EtcdServer server = Etcd.shared();
  private final EtcdConfig config = Etcd.config(server, Etcd.newRoot());

  @Test
  void killsUnderConcurrentCommitsLoseAndDoubleNothing() {
    try (MetaStore store = EtcdMetaStore.open(run, config);
        MetaStore other = EtcdMetaStore.open(run, config);
        CommitChains chains = CommitChains.start(run, List.of(store, other), 8)) {
      for (int i = 0; i < 2; i++) {
        chains.awaitMore(100);
        server.kill(0);
        server.restart(0);
      }
      chains.awaitMore(100);
      chains.stopAndCheck();
    }
  }

  @Test
  void aLostAnswerToACommitIsFoundByItsRequest() {
    try (CuttingProxy proxy = proxy();
        MetaStore near = EtcdMetaStore.open(run, config);
        MetaStore far = EtcdMetaStore.open(run, through(proxy));
        MetaWatch watch = near.watch("a", near.range("").revision())) {
      List<Change> changes = List.of(new Put("a", utf8("1")));
      settled(far, "before", List.of(new Put("b", utf8("1"))));

      proxy.mute(true);
      assertThat(far.commit("once", List.of(), changes)).isInstanceOf(Unknown.class);
      long revision = watch.poll(soon()).getFirst().revision();
      proxy.mute(false);
      proxy.cutAll();

      assertThat(settled(far, "once", changes)).isEqualTo(new Committed(revision));
    }
  }

  private MetaStore.CommitOutcome settled(MetaStore way, String id, List<Change> changes) {
    MetaStore.CommitOutcome outcome = way.commit(id, List.of(), changes);
    while (outcome instanceof Unknown) {
      run.sleep(Duration.ofMillis(20));
      outcome = way.commit(id, List.of(), changes);
    }
    return outcome;
  }

  @Test
  void brokenConnectionsUnderConcurrentCommitsLoseAndDoubleNothing() {
    try (CuttingProxy proxy = proxy();
        MetaStore near = EtcdMetaStore.open(run, config);
        MetaStore far = EtcdMetaStore.open(run, through(proxy));
        CommitChains chains = CommitChains.start(run, List.of(near, far), 8)) {
      for (int i = 0; i < 20; i++) {
        chains.awaitMore(20);
        proxy.cutAll();
      }
      chains.stopAndCheck();
    }
  }

  @Test
  void aDeadEndpointIsPassedOver() {
    String dead = "127.0.0.1:" + FreePorts.one();
    EtcdConfig both = Etcd.config(List.of(dead, server.endpoints().getFirst()), config.rootPath());

    try (MetaStore store = EtcdMetaStore.open(run, both)) {
      assertThat(store.commit("r", List.of(), List.of(new Put("a", utf8("1")))))
          .isInstanceOf(Committed.class);
    }
  }

  @Test
  void requestIdsAreForgottenByGenerations() {
    int remembered = 50;
    try (MetaStore store = EtcdMetaStore.open(run, config, remembered)) {
      List<Change> changes = List.of(new Put("a", utf8("1")));
      for (int i = 0; i < 500; i++) {
        assertThat(store.commit("r" + i, List.of(), changes)).isInstanceOf(Committed.class);
        if (i >= remembered) {
          long newest = store.range("").revision();
          String oldest = "r" + (i - remembered + 1);
          assertThat(store.commit(oldest, List.of(), changes))
              .as("commit %d", i)
              .isInstanceOfSatisfying(
                  Committed.class, before -> assertThat(before.revision()).isLessThan(newest));
        }
      }
      long newest = store.range("").revision();
      assertThat(store.commit("r0", List.of(), changes))
          .isInstanceOfSatisfying(
              Committed.class, again -> assertThat(again.revision()).isGreaterThan(newest));
    }
  }

  @Test
  void generationsChangeUnderTheCommitsOfAllProcesses() {
    try (MetaStore store = EtcdMetaStore.open(run, config, 20);
        MetaStore other = EtcdMetaStore.open(run, config, 20);
        CommitChains chains = CommitChains.start(run, List.of(store, other), 8)) {
      chains.awaitMore(500);
      chains.stopAndCheck();
    }
  }

  @Test
  void removalsThatRaceAreDecidedOneByOne() {
    try (MetaStore store = EtcdMetaStore.open(run, config);
        MetaStore other = EtcdMetaStore.open(run, config)) {
      for (int round = 0; round < 20; round++) {
        String key = "k" + round;
        assertThat(store.commit("p" + round, List.of(), List.of(new Put(key, utf8("1")))))
            .isInstanceOf(Committed.class);
        List<Condition> there = List.of(new Present(key));
        String name = "r" + round;
        List<MetaStore.CommitOutcome> outcomes =
            Together.run(
                run,
                8,
                i ->
                    (i % 2 == 0 ? store : other)
                        .commit(name + "/" + i, there, List.of(new Remove(key))));

        assertThat(outcomes.stream().filter(Committed.class::isInstance)).hasSize(1);
        assertThat(outcomes.stream().filter(Conflict.class::isInstance)).hasSize(7);
        assertThat(store.get(key)).isEmpty();
      }
    }
  }

  @Test
  void leasesLiveOnWhenTheServerIsKilled() {
    try (MetaStore store = EtcdMetaStore.open(run, config)) {
      Lease lease = store.lease(Duration.ofSeconds(2));
      assertThat(store.commit("l", List.of(), List.of(new PutLeased("n/1", utf8("1"), lease))))
          .isInstanceOf(Committed.class);

      server.kill(0);
      server.restart(0);

      for (int i = 0; i < 6; i++) {
        assertThat(lease.renew()).isTrue();
        run.sleep(Duration.ofMillis(500));
      }
      assertThat(store.get("n/1")).isPresent();
    }
  }

  private CuttingProxy proxy() {
    return new CuttingProxy(config.endpoints().getFirst().port());
  }

  private EtcdConfig through(CuttingProxy proxy) {
    return Etcd.config(List.of("127.0.0.1:" + proxy.port()), config.rootPath());
  }

  private Deadline soon() {
    return Deadline.after(run, Duration.ofSeconds(30));
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
