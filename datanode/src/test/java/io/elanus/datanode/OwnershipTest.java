package io.elanus.datanode;

import static io.elanus.datanode.DataNodeWorld.LOG;
import static io.elanus.datanode.DataNodeWorld.OTHER_LOG;
import static io.elanus.datanode.DataNodeWorld.TTL;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import io.elanus.common.manifest.ShardPointer;
import io.elanus.common.manifest.ShardPointerCodec;
import io.elanus.common.meta.MemoryMetaStore;
import io.elanus.common.meta.MetaKeys;
import io.elanus.common.object.MemoryObjectStore;
import io.elanus.common.run.Deadline;
import io.elanus.common.run.SimulatedProcess;
import io.elanus.datanode.DataNodeWorld.Faults;
import io.elanus.proto.internal.FenceShardRequest;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Logs that change hands: by death, by pause, by leave.
@SuppressWarnings("NullAway.Init") // by simulate()
class OwnershipTest {
  @TempDir Path scratch;

  private DataNodeWorld w;

  private void simulate(long seed, Runnable body) {
    w = new DataNodeWorld(seed, scratch.resolve("" + seed));
    w.run(body);
  }

  private Deadline seconds(int seconds) {
    return Deadline.after(w.world, Duration.ofSeconds(seconds));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void theNextOwnerGoesOnWhereTheManifestsEnd(long seed) {
    simulate(
        seed,
        () -> {
          SimulatedProcess process = w.world.process("node");
          DataNodeRole first = w.start(1, process);
          w.own(1, LOG, OTHER_LOG);
          w.insert(0, 10);
          w.insert(1, 20);
          w.flush(first, 0);
          w.insert(0, 5);
          w.world.kill(process);

          DataNodeRole second = w.start(2, w.world.process("node"));
          w.own(2, LOG, OTHER_LOG);
          w.settle();

          assertThat(w.flushedRows(0)).isEqualTo(10);
          assertThat(w.unflushed(second, LOG, OTHER_LOG)).isEqualTo(25);
          w.flush(second, 0, 1);
          assertThat(w.flushedRows(0)).isEqualTo(15);
          assertThat(w.flushedRows(1)).isEqualTo(20);
          assertThat(w.manifest(0).orElseThrow().epoch()).isEqualTo(2);
        });
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void aPausedOwnerThatResumesChangesNothing(long seed) {
    simulate(
        seed,
        () -> {
          SimulatedProcess process = w.world.process("zombie");
          DataNodeRole zombie = w.start(1, process);
          w.own(1, LOG);
          for (int i = 0; i < 20; i++) {
            w.insert(i % 2, 10);
            w.flush(zombie, i % 2);
          }
          w.insert(0, 7);
          w.settle();
          process.fork("flush", () -> w.askFlush(zombie, 0));
          w.world.pause(process, Duration.ofMinutes(3));

          DataNodeRole next = w.start(2, w.world.process("next"));
          w.own(2, LOG);
          w.insert(1, 3);
          w.flush(next, 0, 1);
          w.world.sleep(Duration.ofMinutes(1));
          long checkpoint = w.checkpoint(0);
          long floor = w.floor(LOG);
          w.world.sleep(Duration.ofMinutes(3));

          assertThat(w.flushedRows(0)).isEqualTo(107);
          assertThat(w.flushedRows(1)).isEqualTo(103);
          assertThat(w.checkpoint(0)).isEqualTo(checkpoint);
          assertThat(w.manifest(0).orElseThrow().epoch()).isEqualTo(2);
          assertThat(w.floor(LOG)).isEqualTo(floor);
          assertThat(w.start(LOG)).isLessThanOrEqualTo(floor);
          assertThat(w.status(zombie)).isEmpty();
        });
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void anOwnerThatIsToldNothingEndsWithItsFirstCommit(long seed) {
    simulate(
        seed,
        () -> {
          AtomicBoolean deaf = new AtomicBoolean();
          DataNodeRole node =
              w.start(
                  w.config(1),
                  1,
                  w.world.process("node"),
                  Faults.NONE.with(deafFor("owner/", deaf)));
          w.own(1, LOG);
          w.insert(0, 10);
          w.flush(node, 0);
          deaf.set(true);
          w.own(9, OTHER_LOG); // breaks its watch
          w.own(9, LOG);
          w.insert(0, 5);
          w.settle();
          int tails = w.tails.get();

          w.flush(node, 0);
          w.world.sleep(Duration.ofMinutes(1));

          assertThat(w.flushedRows(0)).isEqualTo(10);
          assertThat(w.tails).hasValue(tails);
          assertThatThrownBy(() -> w.unflushed(node, LOG))
              .hasMessageContaining("log 0 is owned elsewhere");
        });
  }

  /// Reads of `prefix` fail while `deaf`.
  private static MemoryMetaStore.Faults deafFor(String prefix, AtomicBoolean deaf) {
    return new MemoryMetaStore.Faults() {
      @Override
      public void beforeRead(String keyOrPrefix) {
        if (deaf.get() && keyOrPrefix.equals(prefix)) {
          throw ErrorCode.STORAGE_IO_FAILED.because("cut off");
        }
      }
    };
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void aLeavingNodeFlushesAndWaitsUntilOthersOwnItsLogs(long seed) {
    simulate(
        seed,
        () -> {
          DataNodeRole leaving = w.start(1, w.world.process("leaving"));
          DataNodeRole staying = w.start(2, w.world.process("staying"));
          w.own(1, LOG, OTHER_LOG);
          w.insert(0, 10);
          w.insert(2, 20);
          w.settle();
          w.world.fork(
              "datacoord",
              () -> {
                w.world.sleep(Duration.ofSeconds(5));
                w.own(2, LOG, OTHER_LOG);
              });

          assertThat(leaving.drain(seconds(60))).isEmpty();

          assertThat(w.flushedRows(0)).isEqualTo(10);
          assertThat(w.flushedRows(2)).isEqualTo(20);
          assertThat(w.floor(LOG)).isEqualTo(w.end(LOG).offset());
          assertThat(w.status(leaving)).isEmpty();
          assertThat(w.status(staying)).hasSize(2);
          leaving.close();
        });
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void theDeadlineOfALeaveIsHard(long seed) {
    simulate(
        seed,
        () -> {
          DataNodeRole leaving = w.start(1, w.world.process("leaving"));
          w.start(2, w.world.process("staying"));
          w.own(1, LOG);
          long before = w.world.nanoTime();

          assertThat(leaving.drain(seconds(20))).containsExactly("log 0");

          assertThat(w.world.nanoTime() - before).isEqualTo(Duration.ofSeconds(20).toNanos());
        });
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void theLastNodeMayGoOnceEverythingIsFlushed(long seed) {
    simulate(
        seed,
        () -> {
          DataNodeRole last = w.start(1, w.world.process("last"));
          w.own(1, LOG, OTHER_LOG);
          w.insert(0, 10);
          w.insert(1, 10);

          assertThat(last.drain(seconds(60))).isEmpty();

          assertThat(w.flushedRows(0) + w.flushedRows(1)).isEqualTo(20);
          assertThat(w.meta.range(MetaKeys.nodes("datanode")).entries()).hasSize(1);
        });
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void theLastNodeSaysWhenItCouldNotFlush(long seed) {
    simulate(
        seed,
        () -> {
          AtomicBoolean down = new AtomicBoolean();
          DataNodeRole last =
              w.start(w.config(1), 1, w.world.process("last"), Faults.NONE.with(bucketDown(down)));
          w.own(1, LOG);
          w.insert(0, 10);
          w.settle();
          down.set(true);

          assertThat(last.drain(seconds(60))).containsExactly("log 0: 503 slow down");
        });
  }

  /// An owner whose tails are full and cannot be flushed reads nothing, so nobody's closing its reader tells it
  /// of the doubt.
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void aFullOwnerStartsOverWhenAFenceLeavesDoubt(long seed) {
    simulate(
        seed,
        () -> {
          AtomicBoolean down = new AtomicBoolean();
          DataNodeRole node =
              w.start(
                  holdingLittle(w.config(1)),
                  1,
                  w.world.process("node"),
                  Faults.NONE.with(bucketDown(down)));
          w.own(1, LOG);
          w.insert(0, 10);
          w.flush(node, 0);
          down.set(true);
          w.insert(0, 1_000);
          w.settle();

          landLate();
          assertThatThrownBy(() -> node.service().fenceShard(fence(2)))
              .isInstanceOfSatisfying(
                  DbException.class,
                  e -> assertThat(e.code()).isEqualTo(ErrorCode.LEADERSHIP_LOST));
          down.set(false);
          w.world.sleep(Duration.ofMinutes(1));

          assertThat(w.flushedRows(0)).isEqualTo(1_010);
          assertThat(w.status(node, LOG).getFailure()).isEmpty();
        });
  }

  private static DataNodeConfig holdingLittle(DataNodeConfig c) {
    return new DataNodeConfig(
        c.scratch(), 4_096, c.flushAge(), c.segmentRows(), TTL, c.trimHoldBack(), c.jobWait());
  }

  private static FenceShardRequest fence(long fence) {
    return FenceShardRequest.newBuilder()
        .setCollectionId(DataNodeWorld.FILMS)
        .setShard(0)
        .setOldestReadable(1)
        .setFence(fence)
        .build();
  }

  /// A commit of the owner that it had given up takes place after all.
  private void landLate() {
    ShardPointer pointer = w.pointer(0).orElseThrow();
    w.put(MetaKeys.pointer(pointer.shard()), ShardPointerCodec.encode(pointer.swept(1, 1)));
  }

  static MemoryObjectStore.Faults bucketDown(AtomicBoolean down) {
    return new MemoryObjectStore.Faults() {
      @Override
      public void before(MemoryObjectStore.Operation operation, String key) {
        if (down.get()) {
          throw ErrorCode.STORAGE_IO_FAILED.because("503 slow down");
        }
      }
    };
  }
}
