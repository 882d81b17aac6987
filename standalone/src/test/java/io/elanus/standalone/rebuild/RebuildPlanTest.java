package io.elanus.standalone.rebuild;

import static io.elanus.standalone.rebuild.LostCluster.EXPORTED_AT;
import static io.elanus.standalone.rebuild.LostCluster.EXPORTED_IDS;
import static io.elanus.standalone.rebuild.LostCluster.FILMS;
import static io.elanus.standalone.rebuild.LostCluster.films;
import static io.elanus.standalone.rebuild.LostCluster.header;
import static io.elanus.standalone.rebuild.LostCluster.segmentOf;
import static io.elanus.standalone.rebuild.LostCluster.shard;
import static org.assertj.core.api.Assertions.assertThat;

import io.elanus.common.manifest.Checkpoint;
import io.elanus.common.manifest.Manifest;
import io.elanus.common.manifest.ManifestStore;
import io.elanus.common.manifest.ShardPointer;
import io.elanus.common.manifest.ShardPointerCodec;
import io.elanus.common.meta.MetaKeys;
import io.elanus.common.meta.MetaStore.Change;
import io.elanus.common.meta.MetaStore.MetaEntry;
import io.elanus.common.model.Collection;
import io.elanus.common.model.CollectionId;
import io.elanus.common.model.CollectionState;
import io.elanus.common.model.HybridTimestamp;
import io.elanus.common.model.ShardId;
import io.elanus.common.object.ObjectKey;
import io.elanus.common.record.LogRecord;
import io.elanus.common.wal.LogId;
import io.elanus.common.wal.Position;
import io.elanus.proto.internal.OwnerMeta;
import io.elanus.rpc.codec.CatalogCodec;
import io.elanus.rpc.codec.FloorCodec;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// From what is left to what is written.
class RebuildPlanTest {
  private final LostCluster cluster = new LostCluster();

  @BeforeEach
  void export() {
    cluster.export(films(CollectionState.ACTIVE, 0));
  }

  @Test
  void aShardGoesOnFromItsNewestManifest() {
    Position end = cluster.append(0, 10);
    cluster.manifest(shard(0), 3, 1, cluster.at(0, 2));
    Manifest newest = cluster.manifest(shard(0), 3, 2, cluster.at(0, 6));
    cluster.manifest(shard(0), 2, 9, cluster.at(0, 1));

    RebuildPlan plan = cluster.plan();

    ShardPointer pointer = ShardPointerCodec.decode(value(plan, MetaKeys.pointer(shard(0))));
    assertThat(pointer)
        .isEqualTo(
            new ShardPointer(
                shard(0),
                ManifestStore.keyOf(newest),
                2,
                3,
                cluster.at(0, 6),
                4_000,
                0,
                2,
                cluster.at(0, 6),
                plan.marks().nextId()));
    assertThat(plan.losses()).isEmpty();
    assertThat(end).isEqualTo(cluster.at(0, 10));
  }

  @Test
  void aShardWithoutManifestIsInTheLog() {
    RebuildPlan plan = cluster.plan();

    assertThat(plan.fates())
        .containsExactly(new ShardFate.InLog(shard(0)), new ShardFate.InLog(shard(1)));
    assertThat(keys(plan)).noneMatch(key -> key.startsWith(MetaKeys.POINTERS));
  }

  @Test
  void anOlderManifestIsTakenWhenTheLogStillHasWhatFollowsIt() {
    cluster.append(0, 10);
    cluster.wal.trim(new LogId(0), cluster.at(0, 4));
    Manifest older = cluster.manifest(shard(0), 1, 1, cluster.at(0, 4));
    Manifest damaged = cluster.manifest(shard(0), 1, 2, cluster.at(0, 8));
    cluster.damage(segmentOf(damaged));

    RebuildPlan plan = cluster.plan();

    ShardFate.Recovered fate = (ShardFate.Recovered) plan.fates().getFirst();
    assertThat(fate.key()).isEqualTo(ManifestStore.keyOf(older));
    assertThat(fate.passedOver())
        .singleElement()
        .asString()
        .contains(ManifestStore.keyOf(damaged).value())
        .contains(segmentOf(damaged).value())
        .contains("checksum");
  }

  @Test
  void anOlderManifestBelowTheStartOfTheLogIsALoss() {
    cluster.append(0, 10);
    cluster.manifest(shard(0), 1, 1, cluster.at(0, 3));
    Manifest damaged = cluster.manifest(shard(0), 1, 2, cluster.at(0, 8));
    cluster.objects.delete(segmentOf(damaged));
    cluster.wal.trim(new LogId(0), cluster.at(0, 4));

    RebuildPlan plan = cluster.plan();

    assertThat(plan.losses()).singleElement().extracting(ShardFate.Lost::shard).isEqualTo(shard(0));
    assertThat(plan.losses().getFirst().reasons())
        .anyMatch(reason -> reason.contains("is missing"))
        .anyMatch(reason -> reason.contains("is whole, but goes on at"));
    assertThat(keys(plan)).doesNotContain(MetaKeys.pointer(shard(0)));
  }

  @Test
  void anIdleShardsNewestManifestMayLieBelowTheStartOfTheLog() {
    cluster.append(0, 10);
    Manifest idle = cluster.manifest(shard(0), 1, 1, cluster.at(0, 3));
    cluster.wal.trim(new LogId(0), cluster.at(0, 9));

    assertThat(cluster.plan().fates().getFirst())
        .isEqualTo(new ShardFate.Recovered(shard(0), ManifestStore.keyOf(idle), idle, List.of()));
  }

  /// A record that cannot be applied is no reason to keep the log: it and what follows lie in spill files.
  @Test
  void aHaltedShardsManifestReachesToTheEndOfItsSpillFiles() {
    cluster.append(0, 6);
    Manifest halted = cluster.halted(shard(0), cluster.at(0, 3), 9_000);
    cluster.wal.trim(new LogId(0), cluster.at(0, 5));

    RebuildPlan plan = cluster.plan();

    assertThat(halted.covered()).isEqualTo(cluster.at(0, 6));
    assertThat(plan.losses()).isEmpty();
    assertThat(ShardPointerCodec.decode(value(plan, MetaKeys.pointer(shard(0)))).covered())
        .isEqualTo(halted.covered());
    assertThat(timestamp(plan)).isEqualTo(9_000 + Marks.TIMESTAMP_MARGIN);

    cluster.damage(halted.spill().orElseThrow().files().getFirst().file().key());
    assertThat(cluster.plan().losses()).hasSize(1);
  }

  @Test
  void anOlderManifestOfTheSameRowsIsAsGood() {
    cluster.append(0, 10);
    Manifest older = cluster.manifest(shard(0), 1, 1, cluster.at(0, 3));
    Manifest damaged = cluster.manifest(shard(0), 1, 2, cluster.at(0, 3));
    cluster.objects.delete(segmentOf(damaged));
    cluster.wal.trim(new LogId(0), cluster.at(0, 9));

    assertThat(cluster.plan().fates().getFirst())
        .isInstanceOfSatisfying(
            ShardFate.Recovered.class,
            r -> assertThat(r.key()).isEqualTo(ManifestStore.keyOf(older)));
  }

  @Test
  void aManifestThatCannotBeReadMayHaveReachedAnywhere() {
    cluster.append(0, 10);
    cluster.manifest(shard(0), 1, 1, cluster.at(0, 3));
    Manifest damaged = cluster.manifest(shard(0), 1, 2, cluster.at(0, 3));
    cluster.damage(ManifestStore.keyOf(damaged));
    cluster.wal.trim(new LogId(0), cluster.at(0, 9));

    assertThat(cluster.plan().losses()).hasSize(1);
  }

  @Test
  void aManifestOfAnotherLogOrBeyondItsEndIsALoss() {
    cluster.append(0, 3);
    cluster.manifest(shard(0), 1, 1, new Position(0x77, 1));
    cluster.manifest(shard(1), 1, 1, cluster.at(1, 5));

    List<ShardFate.Lost> losses = cluster.plan().losses();

    assertThat(losses.get(0).reasons()).singleElement().asString().contains("another one now");
    assertThat(losses.get(1).reasons()).singleElement().asString().contains("but log 1 ends at");
  }

  @Test
  void whatLiesAmongManifestsAndIsNoneIsNamed() {
    cluster.append(0, 3);
    Manifest good = cluster.manifest(shard(0), 1, 1, cluster.at(0, 3));
    String folder = ManifestStore.keyOf(good).value().replaceAll("[^/]*$", "");
    cluster.objects.create(new ObjectKey(folder + "zzz"), new byte[] {1});

    ShardFate.Recovered fate = (ShardFate.Recovered) cluster.plan().fates().getFirst();

    assertThat(fate.key()).isEqualTo(ManifestStore.keyOf(good));
    assertThat(fate.passedOver()).singleElement().asString().contains("zzz is not the name");
  }

  @Test
  void theFloorIsTheStartOfTheLogAndEpochsGoOnAboveAllThatWere() {
    cluster.append(0, 10);
    cluster.wal.trim(new LogId(0), cluster.at(0, 4));
    cluster.manifest(shard(0), 8, 1, cluster.at(0, 4));
    cluster.manifest(shard(0), 5, 7, cluster.at(0, 4));

    RebuildPlan plan = cluster.plan();

    assertThat(floor(plan, 0)).isEqualTo(cluster.wal.start(new LogId(0)));
    assertThat(floor(plan, 1)).isEqualTo(cluster.wal.start(new LogId(1)));
    assertThat(epoch(plan, 0)).isEqualTo(8 + Marks.EPOCH_MARGIN);
    assertThat(epoch(plan, 1)).isEqualTo(Marks.EPOCH_MARGIN);
  }

  @Test
  void marksLieAboveEverythingThatLeftATrace() {
    assertThat(timestamp(cluster.plan())).isEqualTo(EXPORTED_AT + Marks.TIMESTAMP_MARGIN);
    assertThat(number(cluster.plan(), MetaKeys.ID_MARK)).isEqualTo(EXPORTED_IDS + Marks.ID_MARGIN);

    cluster.append(1, new LogRecord.Barrier(header(shard(1), 0, 6_000)));
    assertThat(timestamp(cluster.plan())).isEqualTo(6_000 + Marks.TIMESTAMP_MARGIN);

    cluster.manifest(
        shard(0), 1, 1, new Checkpoint(cluster.at(0, 0), 7_000, 0, 0, false, List.of()));
    assertThat(timestamp(cluster.plan())).isEqualTo(7_000 + Marks.TIMESTAMP_MARGIN);

    cluster.manifest(
        shard(0), 1, 2, new Checkpoint(cluster.at(0, 0), 8_000, 0, 0, false, List.of()));
    assertThat(timestamp(cluster.plan())).isEqualTo(8_000 + Marks.TIMESTAMP_MARGIN);

    RebuildPlan later = RebuildPlan.of(cluster.survey(), 1_000_000);
    assertThat(timestamp(later))
        .isEqualTo(HybridTimestamp.of(1_000_000, 0) + Marks.TIMESTAMP_MARGIN);
  }

  @Test
  void theCatalogIsWrittenBackAsItWas() {
    RebuildPlan plan = cluster.plan();

    assertThat(collection(plan)).isEqualTo(films(CollectionState.ACTIVE, 0));
    assertThat(value(plan, "catalog/something/new")).containsExactly(1, 2, 3);
  }

  @Test
  void aDropThatReachedTheLogGoesOn() {
    cluster.append(1, new LogRecord.DropCollection(header(shard(1), 1, 6_000)));

    RebuildPlan plan = cluster.plan();

    assertThat(collection(plan).state()).isEqualTo(CollectionState.DROPPING);
    assertThat(collection(plan).ddlSequence()).isEqualTo(1);
    assertThat(collection(plan).version()).isEqualTo(8);
    assertThat(plan.notes()).singleElement().asString().contains("the drop goes on");
  }

  @Test
  void aDropThatIsInAManifestGoesOn() {
    cluster.manifest(shard(0), 1, 1, new Checkpoint(cluster.at(0, 0), 10, 1, 0, true, List.of()));

    assertThat(collection(cluster.plan()).state()).isEqualTo(CollectionState.DROPPING);
  }

  @Test
  void aCollectionThatIsDroppedAnywayHasNothingToLose() {
    cluster.append(1, new LogRecord.DropCollection(header(shard(1), 1, 6_000)));
    cluster.manifest(shard(0), 1, 1, new Position(0x77, 1));

    assertThat(cluster.plan().losses()).isEmpty();
  }

  @Test
  void aNumberThatAControlRecordTookIsNotGivenAgain() {
    cluster.manifest(shard(0), 1, 1, new Checkpoint(cluster.at(0, 0), 10, 4, 0, false, List.of()));

    RebuildPlan plan = cluster.plan();

    assertThat(collection(plan).state()).isEqualTo(CollectionState.ACTIVE);
    assertThat(collection(plan).ddlSequence()).isEqualTo(4);
  }

  @Test
  void recordsOfACollectionThatNobodyKnowsAreCounted() {
    ShardId stranger = new ShardId(new CollectionId(77), 0);
    cluster.append(0, new LogRecord.Barrier(header(stranger, 0, 1)));
    cluster.append(1, new LogRecord.Barrier(header(stranger, 0, 1)));

    assertThat(cluster.plan().notes())
        .singleElement()
        .asString()
        .contains("2 records of collection 77");
  }

  private static byte[] value(RebuildPlan plan, String key) {
    return plan.changes().stream()
        .filter(change -> change.key().equals(key))
        .map(change -> ((Change.Put) change).value())
        .findFirst()
        .orElseThrow(() -> new AssertionError("nothing is written to " + key));
  }

  private static List<String> keys(RebuildPlan plan) {
    return plan.changes().stream().map(Change::key).toList();
  }

  private static Collection collection(RebuildPlan plan) {
    String key = MetaKeys.collection(FILMS);
    return CatalogCodec.collection(new MetaEntry(key, value(plan, key), 0));
  }

  private static Position floor(RebuildPlan plan, int log) {
    String key = MetaKeys.floor(new LogId(log));
    return FloorCodec.decode(new MetaEntry(key, value(plan, key), 0));
  }

  private static long epoch(RebuildPlan plan, int log) {
    String key = MetaKeys.owner(new LogId(log));
    return CatalogCodec.parse(new MetaEntry(key, value(plan, key), 0), OwnerMeta.parser())
        .getEpoch();
  }

  private static long timestamp(RebuildPlan plan) {
    return number(plan, MetaKeys.TIMESTAMP_MARK);
  }

  private static long number(RebuildPlan plan, String key) {
    return Long.parseLong(new String(value(plan, key), StandardCharsets.US_ASCII));
  }
}
