package io.elanus.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import io.elanus.common.run.Deadline;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Roles in processes of their own, over real ports.
@Timeout(60)
class SevenProcessesTest {
  private static final Duration SOON = Duration.ofSeconds(30);

  @TempDir Path folder;

  private MemoryCluster cluster;

  @BeforeEach
  void make() {
    cluster = new MemoryCluster(folder);
  }

  @AfterEach
  void close() {
    cluster.close();
  }

  @Test
  void theOrderOfStartIsNobodysAffair() {
    RoleProcess proxy = cluster.start(Role.PROXY).process();
    RoleProcess index = cluster.start(Role.INDEXNODE).process();
    RoleProcess query = cluster.start(Role.QUERYNODE).process();
    RoleProcess data = cluster.start(Role.DATANODE).process();
    assertThat(ready(proxy, Duration.ofMillis(200))).isFalse();
    assertThat(proxy.notReady())
        .containsExactly(
            "coordinators: INITIALIZING waiting for rootcoord, querycoord, datacoord to be led");

    cluster.start(Role.DATACOORD);
    cluster.start(Role.QUERYCOORD);
    cluster.start(Role.ROOTCOORD);

    for (RoleProcess process : Set.of(proxy, index, query, data)) {
      assertThat(ready(process, SOON)).as("%s", process.notReady()).isTrue();
    }
    useBy(proxy);
  }

  @Test
  void rolesShareAProcessOrDoNot() {
    cluster.start(Role.ROOTCOORD, Role.QUERYCOORD, Role.DATACOORD, Role.QUERYNODE);
    RoleProcess rest = cluster.start(Role.DATANODE, Role.INDEXNODE, Role.PROXY).process();
    assertThat(ready(rest, SOON)).isTrue();

    useBy(rest);
  }

  @Test
  void aStandbyTakesOverAndWhoeverWaitsIsServed() {
    MemoryCluster.Member active = cluster.start(Role.ROOTCOORD, Role.QUERYCOORD, Role.DATACOORD);
    assertThat(ready(active.process(), SOON)).isTrue();
    RoleProcess standby = cluster.start(Role.ROOTCOORD, Role.QUERYCOORD, Role.DATACOORD).process();
    cluster.start(Role.DATANODE, Role.QUERYNODE, Role.INDEXNODE);
    RoleProcess proxy = cluster.start(Role.PROXY).process();
    assertThat(ready(proxy, SOON)).isTrue();
    assertThat(ready(standby, SOON)).as("a standby is ready").isTrue();
    try (Birds before = new Birds(cluster.run, proxy.publicPort().orElseThrow(), "before");
        Birds after = new Birds(cluster.run, proxy.publicPort().orElseThrow(), "after")) {
      before.create();
      before.insert(0, 10);

      active.cutOff();

      assertThat(before.nearest(7)).isEqualTo(7);
      before.insert(10, 10);
      after.create();
      after.insert(0, 10);
      assertThat(before.count()).isEqualTo(20);
      assertThat(after.nearest(3)).isEqualTo(3);
    }
  }

  @Test
  void aProxyThatStopsEndsItsCallsAndACoordinatorThatStopsGivesItsRoleUp() {
    RoleProcess active = cluster.start(Role.ROOTCOORD, Role.QUERYCOORD, Role.DATACOORD).process();
    assertThat(ready(active, SOON)).isTrue();
    cluster.start(Role.ROOTCOORD, Role.QUERYCOORD, Role.DATACOORD);
    cluster.start(Role.DATANODE, Role.QUERYNODE, Role.INDEXNODE);
    RoleProcess first = cluster.start(Role.PROXY).process();
    RoleProcess second = cluster.start(Role.PROXY).process();
    assertThat(ready(first, SOON) && ready(second, SOON)).isTrue();

    assertThat(active.stop()).isEmpty();
    assertThat(first.stop()).isEmpty();

    useBy(second);
  }

  private void useBy(RoleProcess proxy) {
    try (Birds birds = new Birds(cluster.run, proxy.publicPort().orElseThrow(), "birds")) {
      birds.create();
      birds.insert(0, 100);
      assertThat(birds.nearest(42)).isEqualTo(42);
      birds.flush();
      birds.insert(100, 10);
      assertThat(birds.count()).isEqualTo(110);
      assertThat(birds.nearest(105)).isEqualTo(105);
    }
  }

  private boolean ready(RoleProcess process, Duration within) {
    return process.awaitReady(Deadline.after(cluster.run, within));
  }
}
