package io.elanus.indexnode;

import static org.assertj.core.api.Assertions.assertThat;

import io.elanus.common.meta.Member;
import io.elanus.common.meta.MemoryMetaStore;
import io.elanus.common.meta.MetaKeys;
import io.elanus.common.model.NodeId;
import io.elanus.common.object.MemoryObjectStore;
import io.elanus.common.run.CpuPool;
import io.elanus.common.run.Deadline;
import io.elanus.common.run.SimulatedProcess;
import io.elanus.common.run.SimulatedRun;
import io.elanus.rpc.codec.MemberCodec;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Consumer;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A worker and its jobs, which all take a minute here and then fail, for there is no manifest.
@SuppressWarnings("NullAway.Init") // before each test
class IndexWorkerTest {
  private static final Duration BUILD = Duration.ofMinutes(1);

  @TempDir Path scratch;

  private SimulatedRun world;
  private SimulatedProcess process;
  private MemoryMetaStore meta;
  private FakePeers peers;

  private void simulate(long seed, Consumer<IndexNodeRole> body) {
    world = new SimulatedRun(seed);
    process = world.process("indexnode");
    meta = new MemoryMetaStore(world);
    peers = new FakePeers(world);
    MemoryObjectStore objects = new MemoryObjectStore(world);
    IndexNodeConfig config =
        new IndexNodeConfig(
            scratch.resolve("" + seed), 1, 1 << 20, Duration.ofSeconds(50), Duration.ofSeconds(10));
    world.run(
        () ->
            body.accept(
                IndexNodeRole.start(
                    config,
                    new IndexNodeRole.Ports(
                        process,
                        meta.on(MemoryMetaStore.Faults.NONE),
                        objects.on(slow()),
                        CpuPool.inline(process),
                        peers,
                        new Member(new NodeId(31), IndexNodeRole.NAME, "", "test")))),
        Duration.ofHours(2));
  }

  private MemoryObjectStore.Faults slow() {
    return new MemoryObjectStore.Faults() {
      @Override
      public void before(MemoryObjectStore.Operation operation, String key) {
        process.sleep(BUILD);
      }
    };
  }

  private void seconds(int seconds) {
    world.sleep(Duration.ofSeconds(seconds));
  }

  private Deadline in(int seconds) {
    return Deadline.after(world, Duration.ofSeconds(seconds));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void aJobIsFinishedThenTheNextIsPulled(long seed) {
    simulate(
        seed,
        role -> {
          peers.offer(1);
          peers.offer(2);
          seconds(65);
          assertThat(peers.finished).hasSize(1);
          assertThat(peers.finished.getFirst()).startsWith("1: ").hasSizeGreaterThan(5);
          assertThat(role.counts().running()).isEqualTo(1);
          seconds(60);
          assertThat(peers.finished).hasSize(2);
          assertThat(role.counts().failed()).isEqualTo(2);
          assertThat(role.counts().running()).isZero();
          assertThat(role.counts().nanos()).isPositive();
          role.close();
        });
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void aWorkerWhoseJobIsSomebodyElsesStops(long seed) {
    simulate(
        seed,
        role -> {
          peers.offer(1);
          seconds(5);
          peers.take(1);
          seconds(120);

          assertThat(peers.finished).isEmpty();
          assertThat(peers.edits).isEmpty();
          assertThat(role.counts().canceled()).isEqualTo(1);
          role.close();
        });
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void aBuildGoesOnWhileDatacoordIsAway(long seed) {
    simulate(
        seed,
        role -> {
          peers.offer(1);
          seconds(5);
          peers.goDown(true);
          seconds(50);
          peers.goDown(false);
          seconds(20);

          assertThat(peers.finished).hasSize(1);
          role.close();
        });
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void whoLeavesFinishesWhatCanBeFinishedInTime(long seed) {
    simulate(
        seed,
        role -> {
          peers.offer(1);
          peers.offer(2);
          seconds(20);

          assertThat(role.drain(in(60))).isEmpty();

          assertThat(peers.finished).hasSize(1);
          assertThat(peers.finished.getFirst()).startsWith("1: ");
          seconds(120);
          assertThat(peers.finished).hasSize(1);
          assertThat(
                  MemberCodec.decode(
                          meta.get(MetaKeys.node("indexnode", new NodeId(31))).orElseThrow())
                      .draining())
              .isTrue();
          role.close();
        });
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void whoLeavesGivesBackWhatCannot(long seed) {
    simulate(
        seed,
        role -> {
          peers.offer(1);
          seconds(5);
          long before = world.nanoTime();

          assertThat(role.drain(in(20))).isEmpty();

          assertThat(peers.finished).containsExactly("1 returned");
          assertThat(world.nanoTime() - before)
              .isLessThanOrEqualTo(Duration.ofSeconds(20).toNanos());
          seconds(120);
          assertThat(peers.finished).containsExactly("1 returned");
          role.close();
        });
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void whatCannotBeGivenBackIsNamed(long seed) {
    simulate(
        seed,
        role -> {
          peers.offer(1);
          seconds(5);
          peers.goDown(true);

          assertThat(role.drain(in(20))).containsExactly("index job 1");
          role.close();
        });
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void aJobThatComesTooLateGoesBack(long seed) {
    simulate(
        seed,
        role -> {
          seconds(5);
          assertThat(role.drain(in(20))).isEmpty();

          peers.offer(1);
          seconds(5);

          assertThat(peers.finished).containsExactly("1 returned");
          role.close();
        });
  }
}
