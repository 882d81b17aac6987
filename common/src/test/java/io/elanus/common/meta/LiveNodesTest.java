package io.elanus.common.meta;

import static org.assertj.core.api.Assertions.assertThat;

import io.elanus.common.error.ErrorCode;
import io.elanus.common.meta.MetaStore.Change;
import io.elanus.common.model.NodeId;
import io.elanus.common.run.SimulatedProcess;
import io.elanus.common.run.SimulatedRun;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class LiveNodesTest {
  private final SimulatedRun world = new SimulatedRun(7);
  private final MemoryMetaStore meta = new MemoryMetaStore(world);
  private final AtomicBoolean cut = new AtomicBoolean();
  private int commits;

  private void put(int node, boolean draining) {
    byte[] value = {(byte) (draining ? 1 : 0)};
    commit(new Change.Put(MetaKeys.node("datanode", new NodeId(node)), value));
  }

  private void commit(Change change) {
    meta.commit("c" + commits++, List.of(), List.of(change));
    world.sleep(Duration.ofSeconds(1));
  }

  private LiveNodes watch() {
    SimulatedProcess process = world.process("watching");
    MetaStore store =
        meta.on(
            new MemoryMetaStore.Faults() {
              @Override
              public void beforeRead(String keyOrPrefix) {
                if (cut.get()) {
                  throw ErrorCode.STORAGE_IO_FAILED.because("cut off");
                }
              }
            });
    return LiveNodes.watch(process, store, "datanode", LiveNodesTest::decode, () -> {});
  }

  private static Member decode(MetaStore.MetaEntry entry) {
    Member member = new Member(new NodeId(1), "datanode", "", "test");
    return entry.value()[0] == 1 ? member.leaving() : member;
  }

  private static List<Long> ids(LiveNodes nodes) {
    return nodes.now().stream().map(NodeId::value).toList();
  }

  @Test
  void thoseThatLeaveAreMembersThatDoNotStay() {
    world.run(
        () -> {
          put(1, false);
          LiveNodes nodes = watch();
          put(2, false);
          put(1, true);

          assertThat(ids(nodes)).containsExactly(2L);
          assertThat(nodes.members()).hasSize(2);
          nodes.close();
        },
        Duration.ofMinutes(5));
  }

  @Test
  void aGapInContactIsRemembered() {
    world.run(
        () -> {
          LiveNodes nodes = watch();
          put(1, false);
          assertThat(nodes.regainedNanoTime()).isEmpty();

          cut.set(true);
          put(2, false); // the last news that arrives
          commit(new Change.Remove(MetaKeys.node("datanode", new NodeId(1))));
          assertThat(ids(nodes)).containsExactly(1L, 2L);
          long before = world.nanoTime();
          cut.set(false);
          world.sleep(Duration.ofSeconds(10));

          assertThat(ids(nodes)).containsExactly(2L);
          assertThat(nodes.regainedNanoTime()).isPresent();
          assertThat(nodes.regainedNanoTime().get()).isGreaterThan(before);
          nodes.close();
        },
        Duration.ofMinutes(5));
  }
}
