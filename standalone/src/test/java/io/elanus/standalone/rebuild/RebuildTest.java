package io.elanus.standalone.rebuild;

import static io.elanus.standalone.rebuild.LostCluster.films;
import static io.elanus.standalone.rebuild.LostCluster.segmentOf;
import static io.elanus.standalone.rebuild.LostCluster.shard;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import io.elanus.common.manifest.Manifest;
import io.elanus.common.manifest.ManifestStore;
import io.elanus.common.meta.Incarnation;
import io.elanus.common.meta.MemoryMetaStore;
import io.elanus.common.meta.MetaKeys;
import io.elanus.common.meta.MetaStore;
import io.elanus.common.meta.MetaStore.Change;
import io.elanus.common.meta.MetaStore.MetaEntry;
import io.elanus.common.model.Collection;
import io.elanus.common.model.CollectionState;
import io.elanus.common.model.NodeId;
import io.elanus.common.model.Snapshot;
import io.elanus.common.object.ObjectLayout;
import io.elanus.common.wal.LogId;
import io.elanus.rpc.codec.CatalogCodec;
import io.elanus.rpc.codec.SecurityCodec;
import io.elanus.rpc.codec.SnapshotCodec;
import io.elanus.standalone.rebuild.Rebuild.Options;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// The whole way, over the ports in memory.
class RebuildTest {
  private static final Options REPLACE = new Options(true, false, false, false);
  private static final Options DRY = new Options(false, false, true, false);
  private static final Options ACCEPT_LOSS = new Options(false, true, false, false);

  private final LostCluster cluster = new LostCluster();

  @Test
  void aLostMetastoreIsThereAgain() {
    cluster.append(0, 10);
    Manifest manifest = cluster.manifest(shard(0), 3, 2, cluster.at(0, 6));
    cluster.export(films(CollectionState.ACTIVE, 0));

    assertThat(cluster.rebuild(Options.NONE)).isTrue();

    ManifestStore manifests = new ManifestStore(cluster.meta, cluster.objects);
    assertThat(manifests.newest(shard(0)).orElseThrow().manifest()).isEqualTo(manifest);
    assertThat(manifests.newest(shard(1))).isEmpty();
    assertThat(cluster.meta.range(MetaKeys.COLLECTIONS).entries()).hasSize(1);
    assertThat(SecurityCodec.state(cluster.meta.range(MetaKeys.SECURITY).entries()).users())
        .contains(LostCluster.ANN);
    assertThat(cluster.meta.get(MetaKeys.REBUILD)).isEmpty();
    assertThat(Incarnation.find(cluster.meta).orElseThrow().id()).isNotEqualTo(0xabc);
    assertThat(cluster.said)
        .anyMatch(line -> line.startsWith("shard 2001/0: 3 rows in "))
        .anyMatch(line -> line.equals("shard 2001/1: all of it is in the log"));
  }

  @Test
  void snapshotsAreThereAgainIfAllTheyNameIs() {
    Manifest kept = cluster.manifest(shard(0), 1, 1, cluster.at(0, 0));
    Manifest swept = cluster.manifest(shard(0), 1, 2, cluster.at(0, 0));
    cluster.manifest(shard(0), 1, 3, cluster.at(0, 0));
    Manifest other = cluster.manifest(shard(1), 1, 1, cluster.at(1, 0));
    snapshot(7, "monday", kept, other);
    snapshot(8, "tuesday", swept, other);
    cluster.objects.delete(segmentOf(swept));
    cluster.export(films(CollectionState.ACTIVE, 0));

    assertThat(cluster.rebuild(Options.NONE)).isTrue();

    assertThat(cluster.meta.range(MetaKeys.snapshots(LostCluster.FILMS)).entries())
        .extracting(entry -> SnapshotCodec.snapshot(entry).name())
        .containsExactly("monday");
    assertThat(cluster.said)
        .contains("snapshot 'monday' of collection 2001 is there")
        .anyMatch(line -> line.startsWith("passed over: ") && line.contains("is missing"));
  }

  private void snapshot(long id, String name, Manifest... shards) {
    List<Snapshot.Image> images =
        Stream.of(shards).map(m -> new Snapshot.Image(ManifestStore.keyOf(m), 3)).toList();
    Snapshot snapshot =
        new Snapshot(id, name, "", films(CollectionState.ACTIVE, 0), List.of(), 9, images);
    cluster.objects.create(
        ObjectLayout.snapshot(snapshot.of(), id), SnapshotCodec.encodeObject(snapshot));
  }

  @Test
  void whatWasBeingRestoredIsDroppedUnlessAllOfItIsThere() {
    cluster.export(films(CollectionState.RESTORING, 0));

    assertThat(cluster.rebuild(Options.NONE)).isTrue();

    Collection found =
        CatalogCodec.collection(
            cluster.meta.get(MetaKeys.collection(LostCluster.FILMS)).orElseThrow());
    assertThat(found.state()).isEqualTo(CollectionState.DROPPING);
    assertThat(found.ddlSequence()).isEqualTo(1);
    assertThat(cluster.said)
        .anyMatch(line -> line.contains("was being restored from a snapshot; it is dropped"));
  }

  @Test
  void withoutAnExportThereIsNothingToRebuildFrom() {
    assertRefused(ErrorCode.STORAGE_KEY_NOT_FOUND, "no export of a catalog", Options.NONE);
  }

  @Test
  void aLivingClusterIsLeftAlone() {
    cluster.export(films(CollectionState.ACTIVE, 0));
    String node = MetaKeys.node("datanode", new NodeId(7));
    try (MetaStore.Lease lease = cluster.meta.lease(Duration.ofMinutes(1))) {
      put(new Change.PutLeased(node, new byte[1], lease));

      assertRefused(ErrorCode.SERVICE_NOT_READY, node, REPLACE);
    }
    assertThat(cluster.rebuild(Options.NONE)).isTrue();
  }

  @Test
  void aMetastoreThatIsNotEmptyIsReplacedOnlyWhenAsked() {
    cluster.export(films(CollectionState.ACTIVE, 0));
    put(new Change.Put("load/old", new byte[1]));

    assertRefused(ErrorCode.INVALID_PARAMETER, "not empty: it has 1 entries", Options.NONE);
    assertThat(cluster.rebuild(REPLACE)).isTrue();

    assertThat(cluster.meta.get("load/old")).isEmpty();
    assertThat(cluster.meta.range(MetaKeys.COLLECTIONS).entries()).hasSize(1);
  }

  @Test
  void aDryRunWritesNothing() {
    cluster.export(films(CollectionState.ACTIVE, 0));

    assertThat(cluster.rebuild(DRY)).isFalse();

    assertThat(cluster.meta.range("").entries()).isEmpty();
    assertThat(cluster.said).anyMatch(line -> line.startsWith("shard 2001/0"));
  }

  @Test
  void lossesAreAcceptedOnlyWhenAsked() {
    cluster.append(0, 10);
    Manifest damaged = cluster.manifest(shard(0), 1, 1, cluster.at(0, 8));
    cluster.damage(segmentOf(damaged));
    cluster.wal.trim(new LogId(0), cluster.at(0, 4));
    cluster.export(films(CollectionState.ACTIVE, 0));

    assertThat(cluster.rebuild(Options.NONE)).isFalse();
    assertThat(cluster.meta.range("").entries()).isEmpty();
    assertThat(cluster.said).contains("shard 2001/0: ROWS ARE LOST");

    assertThat(cluster.rebuild(ACCEPT_LOSS)).isTrue();
    assertThat(cluster.meta.get(MetaKeys.pointer(shard(0)))).isEmpty();
  }

  @Test
  void sizesAloneDoNotShowDamage() {
    cluster.append(0, 10);
    Manifest damaged = cluster.manifest(shard(0), 1, 1, cluster.at(0, 8));
    cluster.damage(segmentOf(damaged));
    cluster.export(films(CollectionState.ACTIVE, 0));

    assertThat(cluster.rebuild(new Options(false, false, false, true))).isTrue();

    assertThat(cluster.meta.get(MetaKeys.pointer(shard(0)))).isPresent();
  }

  @Test
  void whatWasInterruptedIsBegunAnewAndNobodyIsElectedMeanwhile() {
    cluster.export(films(CollectionState.ACTIVE, 0));
    put(new Change.Put(MetaKeys.REBUILD, "1".getBytes(StandardCharsets.US_ASCII)));
    put(new Change.Put("pointer/half", new byte[1]));

    assertThatThrownBy(() -> Incarnation.require(cluster.run, cluster.meta))
        .isInstanceOf(DbException.class)
        .hasMessageContaining("being rebuilt");
    assertThat(cluster.rebuild(Options.NONE)).isTrue();

    assertThat(cluster.meta.get("pointer/half")).isEmpty();
    assertThat(Incarnation.require(cluster.run, cluster.meta).id()).isPositive();
  }

  /// The second begins in the middle of the first.
  @Test
  void onlyTheLastOfTwoRebuildsIsFinished() {
    List<Change> first = changes("first/", 300);
    List<Change> second = changes("second/", 300);
    int[] commits = {0};
    MetaStore disturbed =
        cluster.meta.on(
            new MemoryMetaStore.Faults() {
              @Override
              public void beforeCommit(String requestId) {
                if (++commits[0] == 3) {
                  new RebuildWriter(cluster.run, cluster.meta, 2).write(second);
                }
              }
            });

    assertThatThrownBy(() -> new RebuildWriter(cluster.run, disturbed, 1).write(first))
        .isInstanceOf(DbException.class)
        .hasMessageContaining("somebody else rebuilds");

    List<String> keys = new ArrayList<>(second.stream().map(Change::key).toList());
    keys.addFirst(MetaKeys.INCARNATION);
    assertThat(cluster.meta.range("").entries().stream().map(MetaEntry::key)).isEqualTo(keys);
    assertThat(Incarnation.find(cluster.meta).orElseThrow().id()).isEqualTo(2);
  }

  /// More than fit into one commit, by number and by size.
  private static List<Change> changes(String prefix, int count) {
    return IntStream.range(0, count)
        .<Change>mapToObj(i -> new Change.Put(prefix + "%03d".formatted(i), new byte[20_000]))
        .toList();
  }

  private void put(Change change) {
    cluster.meta.commit("put/" + change.key(), List.of(), List.of(change));
  }

  private void assertRefused(ErrorCode code, String says, Options options) {
    DbException failure = catchThrowableOfType(DbException.class, () -> cluster.rebuild(options));
    assertThat(failure.code()).isEqualTo(code);
    assertThat(failure.text()).contains(says);
  }
}
