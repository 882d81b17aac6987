package io.elanus.datacoord;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import io.elanus.common.manifest.Checkpoint;
import io.elanus.common.manifest.Expiry;
import io.elanus.common.manifest.Manifest;
import io.elanus.common.manifest.ManifestCodec;
import io.elanus.common.manifest.ManifestStore;
import io.elanus.common.manifest.MarkPoint;
import io.elanus.common.manifest.ShardPointer;
import io.elanus.common.manifest.ShardPointerCodec;
import io.elanus.common.meta.Member;
import io.elanus.common.meta.MemoryMetaStore;
import io.elanus.common.meta.MetaKeys;
import io.elanus.common.meta.MetaStore.Change;
import io.elanus.common.model.Collection;
import io.elanus.common.model.CollectionId;
import io.elanus.common.model.NodeId;
import io.elanus.common.model.PendingDdl;
import io.elanus.common.model.ShardId;
import io.elanus.common.model.Snapshot;
import io.elanus.common.object.MemoryObjectStore;
import io.elanus.common.object.ObjectKey;
import io.elanus.common.object.ObjectLayout;
import io.elanus.common.run.Deadline;
import io.elanus.common.run.SimulatedRun;
import io.elanus.common.wal.MemoryWal;
import io.elanus.common.wal.Position;
import io.elanus.proto.internal.DropSnapshotRequest;
import io.elanus.proto.internal.SnapshotsRequest;
import io.elanus.proto.internal.TakeSnapshotRequest;
import io.elanus.rpc.codec.CatalogCodec;
import io.elanus.rpc.codec.SnapshotCodec;
import io.elanus.rpc.internal.DataCoordApi;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// How a snapshot is taken of a collection with two shards, whose owners flush as soon as a mark is made.
class TakeSnapshotTest {
  private static final CollectionId FILMS = new CollectionId(7);

  private final SimulatedRun world = new SimulatedRun(1);
  private final MemoryMetaStore meta = new MemoryMetaStore(world);
  private final MemoryWal wal = new MemoryWal(world, 4);
  private final MemoryObjectStore objects = new MemoryObjectStore(world);
  private final FakePeers peers = new FakePeers();
  private final List<Long> marks = new ArrayList<>();
  private int commits;
  private long attempt = 100;

  private void simulate(Runnable body) {
    world.run(
        () -> {
          put(MetaKeys.node("datanode", new NodeId(1)), new byte[0]);
          collection(Shards.collection(7, 2));
          peers.counting.marked =
              mark -> {
                marks.add(mark);
                flush(0, mark);
                flush(1, mark);
              };
          body.run();
        },
        Duration.ofHours(3));
  }

  private void put(String key, byte[] value) {
    meta.commit("test-" + commits++, List.of(), List.of(new Change.Put(key, value)));
  }

  private void collection(Collection collection) {
    put(MetaKeys.collection(FILMS), CatalogCodec.encode(collection).toByteArray());
  }

  /// The shard's owner commits a manifest that knows the mark.
  private void flush(int shard, long mark) {
    Manifest next =
        new Manifest(
            new ShardId(FILMS, shard),
            1,
            1,
            attempt++,
            Optional.empty(),
            new Checkpoint(
                new Position(1, 0),
                mark + shard,
                0,
                mark + shard,
                false,
                List.of(),
                List.of(),
                Expiry.NONE,
                List.of(),
                List.of(new MarkPoint(mark, mark + shard))),
            List.of(),
            List.of(),
            List.of());
    objects.create(ManifestStore.keyOf(next), ManifestCodec.encode(next));
    ShardPointer pointer = Shards.pointer(next);
    put(MetaKeys.pointer(next.shard()), ShardPointerCodec.encode(pointer));
  }

  private DataCoordApi leading() {
    DataCoordPorts ports =
        new DataCoordPorts(
            world.process("leader"),
            meta.on(MemoryMetaStore.Faults.NONE),
            wal.on(MemoryWal.Faults.NONE),
            objects,
            peers);
    DataCoordRole role =
        DataCoordRole.start(
            DataCoordConfig.DEFAULT,
            ports,
            new Member(new NodeId(99), DataCoordRole.NAME, "", "test"));
    assertThat(role.awaitLeading(Deadline.after(world, Duration.ofSeconds(30)))).isTrue();
    return role.service();
  }

  private static void take(DataCoordApi api, String name) {
    api.takeSnapshot(TakeSnapshotRequest.newBuilder().setCollectionId(7).setName(name).build());
  }

  private static List<Snapshot> taken(DataCoordApi api) {
    return api
        .snapshots(SnapshotsRequest.newBuilder().setCollectionId(7).build())
        .getSnapshotsList()
        .stream()
        .map(SnapshotCodec::decode)
        .toList();
  }

  private List<ObjectKey> objects() {
    return objects.list(ObjectLayout.snapshots(FILMS), "", 10);
  }

  private static void assertRefused(Runnable call, ErrorCode code, String text) {
    assertThatThrownBy(call::run)
        .isInstanceOfSatisfying(
            DbException.class,
            e -> {
              assertThat(e.code()).isEqualTo(code);
              assertThat(e.text()).contains(text);
            });
  }

  @Test
  void itNamesTheManifestsThatKnowTheMarkAndLetsThePinGo() {
    simulate(() -> {
      DataCoordApi api = leading();

      take(api, "monday");

      long mark = marks.getFirst();
      Snapshot snapshot = taken(api).getFirst();
      assertThat(snapshot.mark()).isEqualTo(mark);
      assertThat(snapshot.shards())
          .extracting(Snapshot.Image::version)
          .containsExactly(mark, mark + 1);
      for (int shard = 0; shard < 2; shard++) {
        assertThat(meta.get(MetaKeys.pointer(new ShardId(FILMS, shard))))
            .map(entry -> ShardPointerCodec.decode(entry.value()).manifest())
            .contains(snapshot.shards().get(shard).manifest());
      }
      assertThat(peers.counting.letGo).containsExactly(mark);
      assertThat(objects())
          .as("for a rebuild")
          .containsExactly(ObjectLayout.snapshot(FILMS, snapshot.id()));
      assertRefused(
          () -> take(api, "monday"), ErrorCode.INVALID_PARAMETER, "monday already exists");
      assertThat(marks).as("nothing is marked for a name that is taken").hasSize(1);
    });
  }

  @Test
  void aChangeOfTheCollectionMeanwhileNeedsAnotherMark() {
    simulate(() -> {
      DataCoordApi api = leading();
      var flushing = peers.counting.marked;
      peers.counting.marked =
          mark -> {
            flushing.accept(mark);
            if (marks.size() == 1) {
              collection(Shards.collection(7, 2));
            }
          };

      take(api, "monday");

      assertThat(marks).hasSize(2);
      assertThat(taken(api)).extracting(Snapshot::mark).containsExactly(marks.getLast());
      assertThat(peers.counting.letGo).isEqualTo(marks);
      assertThat(objects()).hasSize(1);
      api.dropSnapshot(
          DropSnapshotRequest.newBuilder().setCollectionId(7).setName("monday").build());
      assertThat(objects()).isEmpty();
    });
  }

  @Test
  void aControlRecordOnItsWayIsWaitedFor() {
    simulate(() -> {
      DataCoordApi api = leading();
      Collection calm = Shards.collection(7, 2);
      collection(
          new Collection(
              calm.id(),
              calm.database(),
              calm.databaseName(),
              calm.schema(),
              calm.shardLogs(),
              calm.partitions(),
              calm.consistency(),
              calm.properties(),
              2,
              1,
              1,
              1,
              calm.state(),
              List.of(),
              Optional.of(PendingDdl.of(new PendingDdl.Effect.Truncated()))));

      assertRefused(
          () -> take(api, "monday"),
          ErrorCode.TIMEOUT,
          "timeout taking a snapshot: a change of collection films goes on");
      assertThat(marks).isEmpty();
      collection(calm);
      take(api, "monday");
      assertThat(taken(api)).hasSize(1);
    });
  }

  @Test
  void aShardThatIsNotFlushedIsNamed() {
    simulate(() -> {
      DataCoordApi api = leading();
      peers.counting.marked =
          mark -> {
            marks.add(mark);
            Shards.collection(7, 2).shardLogs().forEach(log -> wal.append(log, new byte[] {1}));
            flush(0, mark);
          };

      assertRefused(
          () -> take(api, "monday"),
          ErrorCode.TIMEOUT,
          "timeout taking a snapshot: shard 1 of collection films is not flushed");
      assertThat(taken(api)).isEmpty();
      assertThat(peers.counting.letGo).isEqualTo(marks);
      assertThat(peers.hints).as("the owner is asked to").isNotEmpty();
    });
  }
}
