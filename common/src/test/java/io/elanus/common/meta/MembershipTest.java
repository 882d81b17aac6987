package io.elanus.common.meta;

import static org.assertj.core.api.Assertions.assertThat;

import io.elanus.common.model.NodeId;
import io.elanus.common.run.SimulatedProcess;
import io.elanus.common.run.SimulatedRun;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class MembershipTest {
  private static final Duration TTL = Duration.ofSeconds(12);
  private static final Member SELF = new Member(new NodeId(7), "querynode", "host:1", "0.1.0");
  private static final String KEY = "node/querynode/0000000000000000007";

  private SimulatedRun world;
  private MemoryMetaStore state;
  private SimulatedProcess process;

  @BeforeEach
  void setUp() {
    world = new SimulatedRun(7);
    state = new MemoryMetaStore(world);
    process = world.process("node");
  }

  private Membership join() {
    MetaStore store = state.on(MemoryMetaStore.Faults.NONE);
    Membership membership = Membership.join(process, store, SELF, MembershipTest::encoded, TTL);
    world.sleep(Duration.ofSeconds(1));
    return membership;
  }

  private static byte[] encoded(Member member) {
    return new byte[] {(byte) (member.draining() ? 2 : 1)};
  }

  private void run(Runnable body) {
    world.run(body, Duration.ofMinutes(5));
    assertThat(Canceling.otherFailures(world)).isEmpty();
  }

  @Test
  void aNodeIsThereWhileItLivesAndGoneSoonAfter() {
    run(() -> {
      Membership membership = join();
      world.sleep(Duration.ofMinutes(2));
      assertThat(state.get(KEY)).isPresent();
      assertThat(membership.isHeld()).isTrue();

      world.kill(process);
      world.sleep(Duration.ofSeconds(13));

      assertThat(state.get(KEY)).isEmpty();
    });
  }

  @Test
  void aNodeThatLeavesIsGoneAtOnce() {
    run(() -> {
      join().close();

      assertThat(state.get(KEY)).isEmpty();
    });
  }

  @Test
  void aNodeThatWasTakenForDeadRegistersAgain() {
    run(() -> {
      Membership membership = join();
      world.pause(process, Duration.ofSeconds(30));
      world.sleep(Duration.ofSeconds(20));
      assertThat(state.get(KEY)).isEmpty();
      assertThat(membership.isHeld()).isFalse();

      world.sleep(Duration.ofSeconds(15));

      assertThat(state.get(KEY)).isPresent();
      assertThat(membership.isHeld()).isTrue();
    });
  }

  @Test
  void aWatcherFollowsNodes() {
    List<String> seen = new ArrayList<>();
    run(() -> {
      MetaStore store = state.on(MemoryMetaStore.Faults.NONE);
      Watcher watcher =
          Watcher.start(
              process,
              store,
              "node/",
              new Watcher.Listener() {
                @Override
                public void listed(List<MetaStore.MetaEntry> entries) {
                  seen.add("listed " + entries.size());
                }

                @Override
                public void changed(List<MetaStore.MetaEvent> events) {
                  events.forEach(
                      e -> seen.add((e.value().isPresent() ? "put " : "gone ") + e.key()));
                }
              });
      world.sleep(Duration.ofSeconds(1));
      Membership membership = Membership.join(world, state, SELF, MembershipTest::encoded, TTL);
      world.sleep(Duration.ofSeconds(1));
      membership.close();
      world.sleep(Duration.ofSeconds(1));
      watcher.close();
    });

    assertThat(seen).containsExactly("listed 0", "put " + KEY, "gone " + KEY);
  }
}
