package io.elanus.datanode;

import static io.elanus.datanode.DataNodeWorld.LOG;
import static io.elanus.datanode.DataNodeWorld.OTHER_LOG;
import static io.elanus.datanode.DataNodeWorld.shard;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.elanus.common.meta.MetaKeys;
import io.elanus.common.meta.MetaStore.Change;
import io.elanus.common.run.SimulatedProcess;
import io.elanus.common.run.Task;
import io.elanus.datanode.DataNodeWorld.Faults;
import io.elanus.proto.internal.AddIndexEdit;
import io.elanus.proto.internal.SubmitEditRequest;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Flushes, floors and trims of a log that is owned; what is put off, and what is counted.
@SuppressWarnings("NullAway.Init") // by simulate()
class OwnedLogTest {
  @TempDir Path scratch;

  private DataNodeWorld w;

  private void simulate(long seed, Runnable body) {
    w = new DataNodeWorld(seed, scratch.resolve("" + seed));
    w.run(body);
  }

  private DataNodeRole started(int id) {
    DataNodeRole node = w.start(id, w.world.process("node"));
    w.own(id, LOG);
    w.settle();
    return node;
  }

  private DataNodeRole started(int id, Faults faults) {
    DataNodeRole node = w.start(w.config(id), id, w.world.process("node"), faults);
    w.own(id, LOG);
    w.settle();
    return node;
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2})
  void aShardWithoutRowsIsFlushedWhileOthersHoldTheFloor(long seed) {
    simulate(
        seed,
        () -> {
          DataNodeRole node = w.start(1, w.world.process("node"));
          w.own(1, LOG);
          w.insert(0, 10);
          w.settle();
          w.flush(node, 1);

          assertThat(w.checkpoint(1)).isEqualTo(w.end(LOG).offset());
          assertThat(w.flushedRows(1)).isZero();
          assertThat(w.floor(LOG)).isLessThanOrEqualTo(0);
        });
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void theLogStaysShortInALongRun(long seed) {
    simulate(
        seed,
        () -> {
          DataNodeRole node = started(1);
          long longest = 0;
          for (int i = 0; i < 600; i++) {
            w.insert(i % 2, 50);
            if (i % 20 == 0) {
              w.askFlush(node, i / 20 % 2);
            }
            w.world.sleep(Duration.ofSeconds(1));
            longest = Math.max(longest, w.logRecords(LOG));
          }

          assertThat(w.end(LOG).offset()).isEqualTo(600);
          assertThat(longest).isLessThan(120);
          assertThat(w.start(LOG)).isLessThanOrEqualTo(w.floor(LOG)).isGreaterThan(480);
        });
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void whatLiesBelowTheFloorIsHeldBackForAWhile(long seed) {
    simulate(
        seed,
        () -> {
          DataNodeRole node = started(1);
          w.insert(0, 10);
          w.insert(1, 10);
          w.flush(node, 0, 1);
          assertThat(w.floor(LOG)).isEqualTo(2);

          w.world.sleep(Duration.ofSeconds(20));
          assertThat(w.start(LOG)).isZero();
          w.world.sleep(Duration.ofSeconds(71)); // the reader may have gone to sleep for a minute
          assertThat(w.start(LOG)).isEqualTo(2);
        });
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void whatATruncateRemovedIsNotCountedAndLeavesTheManifest(long seed) {
    simulate(
        seed,
        () -> {
          DataNodeRole node = started(1);
          w.insert(0, 10);
          w.flush(node, 0);
          w.insert(0, 5);
          w.truncate(0, 1);
          w.insert(0, 3);

          assertThat(w.flushedRows(0) + w.unflushed(node, LOG)).isEqualTo(3);
          w.flush(node, 0);
          assertThat(w.flushedRows(0)).isEqualTo(3);
          assertThat(w.manifest(0).orElseThrow().deleteFiles()).isEmpty();
          assertThat(w.unflushed(node, LOG)).isZero();
        });
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void rowsOfADroppedPartitionAreNoneAlsoAfterARestart(long seed) {
    simulate(
        seed,
        () -> {
          SimulatedProcess process = w.world.process("node");
          DataNodeRole first = w.start(1, process);
          w.own(1, LOG);
          w.insert(0, 10);
          w.flush(first, 0);
          w.dropPartition(0, 1);
          w.insert(0, 3);
          w.flush(first, 0);
          assertThat(w.flushedRows(0)).isZero();
          w.world.kill(process);

          DataNodeRole second = started(2);
          w.insert(0, 4);
          w.flush(second, 0);

          assertThat(w.flushedRows(0)).isZero();
          assertThat(w.unflushed(second, LOG)).isZero();
        });
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void anIdleShardPinsNothingAndIsTakenUpFromTheFloor(long seed) {
    simulate(
        seed,
        () -> {
          SimulatedProcess process = w.world.process("node");
          DataNodeRole first = w.start(1, process);
          w.own(1, LOG);
          w.insert(0, 10);
          w.flush(first, 0);
          for (int i = 0; i < 5; i++) {
            w.insert(1, 10);
            w.flush(first, 1);
          }
          w.world.sleep(Duration.ofMinutes(2));
          assertThat(w.checkpoint(0)).isEqualTo(1);
          assertThat(w.start(LOG)).isEqualTo(6);
          w.world.kill(process);

          DataNodeRole second = started(2);
          w.insert(0, 3);
          w.flush(second, 0);

          assertThat(w.flushedRows(0)).isEqualTo(13);
        });
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void barriersWakeNobodyAndAreTrimmedInTime(long seed) {
    simulate(
        seed,
        () -> {
          started(1);
          for (int i = 0; i < 100; i++) {
            w.barrier(0);
          }
          w.world.sleep(Duration.ofMinutes(5));
          assertThat(w.manifest(0)).isEmpty();
          assertThat(w.floor(LOG)).isEqualTo(-1);

          w.world.sleep(Duration.ofMinutes(10));

          assertThat(w.manifest(0)).isEmpty();
          assertThat(w.start(LOG)).isEqualTo(100);
          long revision = w.meta.range(MetaKeys.FLOORS).entries().getFirst().revision();
          w.world.sleep(Duration.ofHours(1));
          assertThat(w.meta.range(MetaKeys.FLOORS).entries().getFirst().revision())
              .isEqualTo(revision);
        });
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void aShardIsFlushedWhenItIsOldOrFull(long seed) {
    simulate(
        seed,
        () -> {
          started(1);
          w.insert(0, 10);
          w.world.sleep(Duration.ofMinutes(9));
          assertThat(w.flushedRows(0)).isZero();
          w.world.sleep(Duration.ofMinutes(2));
          assertThat(w.flushedRows(0)).isEqualTo(10);

          for (int i = 0; i < 6; i++) {
            w.insert(1, 10_000); // over 300 KiB in the tail
          }
          w.settle();

          assertThat(w.flushedRows(1)).isPositive();
        });
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void whileNothingCanBeFlushedFullTailsReadNoFurther(long seed) {
    simulate(
        seed,
        () -> {
          AtomicBoolean down = new AtomicBoolean();
          DataNodeRole node = started(1, Faults.NONE.with(OwnershipTest.bucketDown(down)));
          down.set(true);
          int tails = w.tails.get();
          for (int i = 0; i < 400; i++) {
            w.insert(i % 2, 2_000);
          }
          w.world.sleep(Duration.ofMinutes(5));

          assertThat(w.status(node, LOG).getTailBytes()).isBetween(1L << 20, 16L << 20);
          assertThat(w.status(node, LOG).getApplied()).isLessThan(200);
          down.set(false);
          w.world.sleep(Duration.ofSeconds(30));
          w.flush(node, 0, 1);
          assertThat(w.flushedRows(0) + w.flushedRows(1)).isEqualTo(800_000);
          assertThat(w.tails).hasValue(tails);
        });
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void withoutRootcoordFlushesWaitAndNothingIsReadTwice(long seed) {
    simulate(
        seed,
        () -> {
          DataNodeRole node = started(1);
          int tails = w.tails.get();
          w.peers.goDown(true);
          w.insert(0, 10);
          w.flush(node, 0);
          w.world.sleep(Duration.ofMinutes(1));
          assertThat(w.flushedRows(0)).isZero();

          w.peers.goDown(false);
          w.world.sleep(Duration.ofSeconds(11));

          assertThat(w.flushedRows(0)).isEqualTo(10);
          assertThat(w.tails).hasValue(tails);
        });
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void aDropDuringAFlushForgetsThatShardOnly(long seed) {
    simulate(
        seed,
        () -> {
          AtomicLong slow = new AtomicLong();
          DataNodeRole node = started(1, Faults.NONE.with(slowBucket(slow)));
          w.insert(0, 10);
          w.flush(node, 0);
          w.insert(0, 5);
          w.insert(1, 7);
          w.settle();
          int tails = w.tails.get();
          slow.set(5);
          w.askFlush(node, 0);
          w.world.sleep(Duration.ofSeconds(2));

          w.commit(
              new Change.Remove(
                  MetaKeys.pointer(shard(0)))); // as datacoord, the catalog entry gone
          slow.set(0);
          w.world.sleep(Duration.ofSeconds(10));
          w.flush(node, 1);

          assertThat(w.flushedRows(1)).isEqualTo(7);
          assertThat(w.manifest(0)).isEmpty();
          assertThat(w.tails).hasValue(tails);
          assertThat(w.floor(LOG)).isEqualTo(w.end(LOG).offset());
        });
  }

  private io.elanus.common.object.MemoryObjectStore.Faults slowBucket(AtomicLong seconds) {
    return new io.elanus.common.object.MemoryObjectStore.Faults() {
      @Override
      public void before(
          io.elanus.common.object.MemoryObjectStore.Operation operation, String key) {
        if (seconds.get() > 0) {
          w.world.sleep(Duration.ofSeconds(seconds.get()));
        }
      }
    };
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void aCountWaitsUntilTheLogIsRead(long seed) {
    simulate(
        seed,
        () -> {
          SimulatedProcess process = w.world.process("node");
          w.start(1, process);
          w.own(1, LOG);
          for (int i = 0; i < 500; i++) {
            w.insert(i % 2, 3);
          }
          w.world.kill(process);
          DataNodeRole second = w.start(2, w.world.process("node"));
          w.own(2, LOG);

          Task counting =
              w.world.fork("count", () -> assertThat(w.unflushed(second, LOG)).isEqualTo(1_500));
          counting.awaitEnd();

          assertThat(counting.failure()).isEmpty();
          assertThatThrownBy(() -> w.unflushed(second, LOG, OTHER_LOG))
              .hasMessageContaining("does not own log 1");
        });
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void anEditTakesEffectOnceWhoeverSubmitsIt(long seed) {
    simulate(
        seed,
        () -> {
          DataNodeRole node = started(1);
          w.insert(0, 10);
          w.flush(node, 0);
          long segment = w.manifest(0).orElseThrow().segments().getFirst().id().value();

          assertThat(submit(node, edit(77, segment, "a"))).isEqualTo("committed");
          long version = w.manifest(0).orElseThrow().version();
          assertThat(submit(node, edit(77, segment, "a"))).isEqualTo("committed");
          assertThat(submit(node, edit(78, segment, "b"))).isEqualTo("committed");
          assertThat(w.manifest(0).orElseThrow().version()).isEqualTo(version);
          assertThat(
                  w.manifest(0)
                      .orElseThrow()
                      .segments()
                      .getFirst()
                      .indexes()
                      .getFirst()
                      .file()
                      .key()
                      .value())
              .isEqualTo("x/a.index");
          assertThat(submit(node, edit(79, 1, "c"))).isEqualTo("a segment of edit 79 is gone");
        });
  }

  private static String submit(DataNodeRole node, SubmitEditRequest edit) {
    var answer = node.service().submitEdit(edit);
    return answer.getCommitted() ? "committed" : answer.getReason();
  }

  private static SubmitEditRequest edit(long id, long segment, String file) {
    return SubmitEditRequest.newBuilder()
        .setEditId(id)
        .setCollectionId(DataNodeWorld.FILMS)
        .setShard(0)
        .addAddIndexes(
            AddIndexEdit.newBuilder()
                .setSegmentId(segment)
                .setIndexId(50)
                .setFieldId(101)
                .setObjectKey("x/" + file + ".index")
                .setSizeBytes(1))
        .build();
  }
}
