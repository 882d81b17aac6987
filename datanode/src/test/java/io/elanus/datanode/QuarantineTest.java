package io.elanus.datanode;

import static io.elanus.datanode.DataNodeWorld.LOG;
import static io.elanus.datanode.DataNodeWorld.shard;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.elanus.common.manifest.Manifest;
import io.elanus.common.manifest.ShardPointer;
import io.elanus.common.manifest.ShardPointerCodec;
import io.elanus.common.manifest.Spill;
import io.elanus.common.manifest.SpillEntry;
import io.elanus.common.manifest.SpillFile;
import io.elanus.common.meta.MetaKeys;
import io.elanus.common.object.ObjectKey;
import io.elanus.common.object.ObjectLayout;
import io.elanus.common.run.SimulatedProcess;
import io.elanus.common.wal.Position;
import io.elanus.common.wal.Wal.WalRecord;
import io.elanus.proto.internal.AddIndexEdit;
import io.elanus.proto.internal.ShardTrouble;
import io.elanus.proto.internal.SubmitEditRequest;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What cannot be applied or read stops its own shard, keeps everything, and stops no other.
@SuppressWarnings("NullAway.Init") // by simulate()
class QuarantineTest {
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

  private Spill spill(int shard) {
    return w.manifest(shard).flatMap(Manifest::spill).orElseThrow();
  }

  private List<Long> spilledOffsets(int shard) {
    List<Long> offsets = new ArrayList<>();
    for (SpillEntry file : spill(shard).files()) {
      byte[] bytes = w.objects.read(file.file().key());
      for (WalRecord record : SpillFile.read(bytes, shard(shard), file)) {
        offsets.add(record.position().offset());
      }
    }
    return offsets;
  }

  private ShardTrouble trouble(DataNodeRole node) {
    return w.status(node, LOG).getTroubles(0);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void aRecordOfAnUnknownKindHaltsItsShardAlone(long seed) {
    simulate(
        seed,
        () -> {
          DataNodeRole node = started(1);
          w.insert(0, 10);
          w.insert(1, 20);
          Position bad = w.appendUnknownKind(0);
          Position after = w.insert(0, 5);
          w.insert(1, 7);
          w.flush(node, 0, 1);

          assertThat(w.flushedRows(0)).isEqualTo(10);
          assertThat(w.checkpoint(0)).isEqualTo(bad.offset());
          assertThat(spill(0).reason()).contains("unknown kind 99");
          assertThat(spill(0).through()).isEqualTo(w.end(LOG));
          assertThat(spilledOffsets(0)).containsExactly(bad.offset(), after.offset());
          assertThat(w.flushedRows(1)).isEqualTo(27);
          assertThat(w.floor(LOG)).isEqualTo(w.end(LOG).offset());
          ShardPointer pointer =
              ShardPointerCodec.decode(
                  w.meta.get(MetaKeys.pointer(shard(0))).orElseThrow().value());
          assertThat(pointer.isHalted()).isTrue();
          assertThat(trouble(node).getKind()).isEqualTo(ShardTrouble.Kind.HALTED);
          assertThat(trouble(node).getReason()).contains("unknown kind 99");
          assertThat(trouble(node).getSpilledBytes()).isPositive();
          assertThat(w.status(node, LOG).getTroublesCount()).isEqualTo(1);
          w.insert(1, 1);
          w.flush(node, 1);
          w.world.sleep(Duration.ofMinutes(5));
          assertThat(w.start(LOG)).isEqualTo(w.floor(LOG)).isEqualTo(w.end(LOG).offset());
        });
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void softwareThatCanAppliesTheSpillAndGoesOn(long seed) {
    simulate(
        seed,
        () -> {
          SimulatedProcess process = w.world.process("node");
          DataNodeRole old = w.start(1, process);
          w.own(1, LOG);
          w.insert(0, 10);
          w.insertWithoutNumber(0, 3);
          w.flush(old, 0);
          w.insertWithoutNumber(0, 4);
          w.insert(0, 5);
          w.flush(old, 0);
          assertThat(trouble(old).getReason()).contains("no column for field 'n'");
          assertThat(spill(0).files()).hasSize(2);
          w.insertWithoutNumber(0, 2); // in the log only
          w.insert(1, 1);
          w.world.kill(process);

          w.catalog(DataNodeWorld.schema());
          DataNodeRole next = started(2);
          w.world.sleep(Duration.ofSeconds(5));

          assertThat(w.manifest(0).orElseThrow().spill()).isEmpty();
          w.flush(next, 0);
          assertThat(w.flushedRows(0)).isEqualTo(24);
          assertThat(w.checkpoint(0)).isEqualTo(w.end(LOG).offset());
          assertThat(w.status(next, LOG).getTroublesList()).isEmpty();
        });
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void whoStillCannotKeepsTheSpillAndAddsToIt(long seed) {
    simulate(
        seed,
        () -> {
          SimulatedProcess process = w.world.process("node");
          DataNodeRole first = w.start(1, process);
          w.own(1, LOG);
          w.insert(0, 10);
          Position bad = w.appendUnknownKind(0);
          w.flush(first, 0);
          w.world.kill(process);
          Position later = w.insert(0, 5);

          DataNodeRole second = started(2);
          w.flush(second, 0);

          assertThat(w.checkpoint(0)).isEqualTo(bad.offset());
          assertThat(spilledOffsets(0)).containsExactly(bad.offset(), later.offset());
          assertThat(w.flushedRows(0)).isEqualTo(10);
        });
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2})
  void controlRecordsThatDoNotFollowEachOtherHaltTheShard(long seed) {
    simulate(
        seed,
        () -> {
          DataNodeRole node = started(1);
          w.insert(0, 10);
          Position gap = w.drop(0, 2);
          w.flush(node, 0);

          assertThat(spill(0).reason()).contains("control record 2 follows 0");
          assertThat(w.checkpoint(0)).isEqualTo(gap.offset());
          assertThat(w.flushedRows(0)).isEqualTo(10);
        });
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2})
  void manySmallSpillFilesBecomeOne(long seed) {
    simulate(
        seed,
        () -> {
          DataNodeRole node = started(1);
          List<Long> offsets = new ArrayList<>();
          offsets.add(w.appendUnknownKind(0).offset());
          for (int i = 0; i < 40; i++) {
            offsets.add(w.insert(0, 1).offset());
            w.flush(node, 0);
          }

          assertThat(spill(0).files().size()).isLessThanOrEqualTo(16);
          assertThat(spilledOffsets(0)).isEqualTo(offsets);
        });
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2})
  void anEditOfAHaltedShardKeepsItsSpill(long seed) {
    simulate(
        seed,
        () -> {
          DataNodeRole node = started(1);
          w.insert(0, 10);
          Position bad = w.appendUnknownKind(0);
          w.flush(node, 0);
          long segment = w.manifest(0).orElseThrow().segments().getFirst().id().value();

          assertThat(node.service().submitEdit(edit(77, segment)).getCommitted()).isTrue();

          assertThat(w.manifest(0).orElseThrow().segments().getFirst().indexes()).hasSize(1);
          assertThat(spilledOffsets(0)).containsExactly(bad.offset());
        });
  }

  private static SubmitEditRequest edit(long id, long segment) {
    return SubmitEditRequest.newBuilder()
        .setEditId(id)
        .setCollectionId(DataNodeWorld.FILMS)
        .setShard(0)
        .addAddIndexes(
            AddIndexEdit.newBuilder()
                .setSegmentId(segment)
                .setIndexId(50)
                .setFieldId(101)
                .setObjectKey("x/y.index")
                .setSizeBytes(1))
        .build();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void aDamagedManifestSetsItsShardAsideUntilItIsWholeAgain(long seed) {
    simulate(
        seed,
        () -> {
          SimulatedProcess process = w.world.process("node");
          DataNodeRole first = w.start(1, process);
          w.own(1, LOG);
          w.insert(0, 10);
          w.insert(1, 20);
          w.flush(first, 0, 1);
          w.world.kill(process);
          ObjectKey key =
              ShardPointerCodec.decode(w.meta.get(MetaKeys.pointer(shard(0))).orElseThrow().value())
                  .manifest();
          byte[] whole = w.objects.read(key);
          w.objects.delete(key);
          w.objects.create(key, new byte[] {1, 2, 3});
          Position kept = w.insert(0, 5);
          w.insert(1, 7);

          DataNodeRole second = started(2);
          w.flush(second, 0, 1);

          assertThat(w.flushedRows(1)).isEqualTo(27);
          assertThat(trouble(second).getKind()).isEqualTo(ShardTrouble.Kind.SET_ASIDE);
          assertThat(w.floor(LOG)).isLessThanOrEqualTo(kept.offset());
          assertThatThrownBy(() -> w.unflushed(second, LOG))
              .hasMessageContaining("shard 7/0 is set aside");
          w.objects.delete(key);
          w.objects.create(key, whole);
          w.world.sleep(Duration.ofMinutes(2));
          assertThat(w.unflushed(second, LOG)).isEqualTo(5);
          w.flush(second, 0);
          assertThat(w.flushedRows(0)).isEqualTo(15);
          assertThat(w.floor(LOG)).isEqualTo(w.end(LOG).offset());
        });
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2})
  void aDamagedSpillSetsItsShardAside(long seed) {
    simulate(
        seed,
        () -> {
          SimulatedProcess process = w.world.process("node");
          DataNodeRole first = w.start(1, process);
          w.own(1, LOG);
          w.appendUnknownKind(0);
          w.flush(first, 0);
          w.world.kill(process);
          ObjectKey key = spill(0).files().getFirst().file().key();
          w.objects.delete(key);
          w.insert(1, 7);

          DataNodeRole second = started(2);
          w.flush(second, 1);

          assertThat(w.flushedRows(1)).isEqualTo(7);
          assertThat(trouble(second).getKind()).isEqualTo(ShardTrouble.Kind.SET_ASIDE);
        });
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2})
  void bytesThatAreNoRecordAreKeptAndHaltNobody(long seed) {
    simulate(
        seed,
        () -> {
          DataNodeRole node = started(1);
          w.insert(0, 10);
          Position stray = w.wal.append(LOG, new byte[] {9, 8, 7});
          w.insert(0, 5);
          w.flush(node, 0);

          assertThat(w.flushedRows(0)).isEqualTo(15);
          assertThat(w.objects.read(ObjectLayout.stray(LOG, stray)))
              .isEqualTo(new byte[] {9, 8, 7});
        });
  }
}
