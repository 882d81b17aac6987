package io.elanus.adapters.etcd;

import static org.assertj.core.api.Assertions.assertThat;

import io.elanus.adapters.CommitChains;
import io.elanus.common.meta.MetaStore;
import io.elanus.common.run.Run;
import io.elanus.common.run.SystemRun;
import io.elanus.servers.EtcdServer;
import io.elanus.servers.InstalledServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/// Three members, of which one at a time fails.
class EtcdClusterTest {
  private static final Duration LIMIT = Duration.ofSeconds(30);

  private static final Shared SHARED = new Shared();

  private final Run run = new SystemRun();
  private final EtcdServer server = SHARED.server();
  private final EtcdConfig config = Etcd.config(server, Etcd.newRoot());

  /// Started by the first test.
  private static final class Shared {
    private Optional<EtcdServer> started = Optional.empty();

    EtcdServer server() {
      InstalledServer.ETCD.require();
      if (started.isEmpty()) {
        Path folder = Path.of("target", "etcd3-%d".formatted(ProcessHandle.current().pid()));
        started = Optional.of(EtcdServer.start(folder.toAbsolutePath(), 3));
      }
      return started.get();
    }
  }

  @AfterAll
  static void stopServer() {
    SHARED.started.ifPresent(EtcdServer::close);
  }

  @Test
  void killsOfTheLeaderLoseAndDoubleNothing() {
    try (MetaStore store = EtcdMetaStore.open(run, config);
        MetaStore other = EtcdMetaStore.open(run, config);
        CommitChains chains = CommitChains.start(run, List.of(store, other), 8)) {
      for (int i = 0; i < 2; i++) {
        chains.awaitMore(100);
        int leader = leader();
        server.kill(leader);
        chains.awaitMore(100);
        server.restart(leader);
      }
      chains.stopAndCheck();
    }
  }

  @Test
  void aLeaderThatStandsStillIsLeft() {
    try (MetaStore store = EtcdMetaStore.open(run, config);
        MetaStore other = EtcdMetaStore.open(run, config);
        CommitChains chains = CommitChains.start(run, List.of(store, other), 8)) {
      chains.awaitMore(100);
      int leader = leader();
      long begun = run.nanoTime();
      server.pause(leader, true);
      chains.awaitMore(500);

      assertThat(Duration.ofNanos(run.nanoTime() - begun)).isLessThan(LIMIT);
      server.pause(leader, false);
      chains.awaitMore(100);
      chains.stopAndCheck();
    }
  }

  @Test
  void theMemberThatOneTalksToMayDie() {
    try (MetaStore store = EtcdMetaStore.open(run, config);
        CommitChains chains = CommitChains.start(run, List.of(store), 4)) {
      for (int node = 0; node < 3; node++) {
        chains.awaitMore(50);
        server.kill(node);
        chains.awaitMore(50);
        server.restart(node);
      }
      chains.stopAndCheck();
    }
  }

  private int leader() {
    server.node(0).awaitReady(LIMIT, () -> server.leader().isPresent());
    return server.leader().orElseThrow();
  }
}
