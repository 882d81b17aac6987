package io.elanus.datacoord;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.elanus.common.error.ErrorCode;
import io.elanus.common.manifest.Manifest;
import io.elanus.common.manifest.ManifestCodec;
import io.elanus.common.manifest.SegmentEntry;
import io.elanus.common.manifest.ShardPointer;
import io.elanus.common.manifest.ShardPointerCodec;
import io.elanus.common.meta.Member;
import io.elanus.common.meta.MemoryMetaStore;
import io.elanus.common.meta.MetaKeys;
import io.elanus.common.meta.MetaStore.Change;
import io.elanus.common.model.CollectionId;
import io.elanus.common.model.NodeId;
import io.elanus.common.model.ShardId;
import io.elanus.common.object.MemoryObjectStore;
import io.elanus.common.run.Deadline;
import io.elanus.common.run.SimulatedProcess;
import io.elanus.common.run.SimulatedRun;
import io.elanus.common.wal.LogId;
import io.elanus.common.wal.MemoryWal;
import io.elanus.common.wal.Position;
import io.elanus.proto.internal.AcquireJobRequest;
import io.elanus.proto.internal.CollectionStatisticsRequest;
import io.elanus.proto.internal.FinishJobRequest;
import io.elanus.proto.internal.FloorMeta;
import io.elanus.proto.internal.FlushRequest;
import io.elanus.proto.internal.FlushStateRequest;
import io.elanus.proto.internal.IndexJob;
import io.elanus.proto.internal.IndexProgressRequest;
import io.elanus.proto.internal.IndexProgressResponse;
import io.elanus.rpc.codec.CatalogCodec;
import io.elanus.rpc.codec.MemberCodec;
import io.elanus.rpc.internal.DataCoordApi;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Datacoord over the ports in memory; datanodes are entries of the metastore and take hints.
class DataCoordRoleTest {
  private static final long FILMS = 7;

  private SimulatedRun world = new SimulatedRun(0);
  private MemoryMetaStore meta = new MemoryMetaStore(world);
  private MemoryWal wal = new MemoryWal(world, 4);
  private MemoryObjectStore objects = new MemoryObjectStore(world);
  private FakePeers peers = new FakePeers();
  private int commits;

  private void simulate(long seed, Runnable body) {
    world = new SimulatedRun(seed);
    meta = new MemoryMetaStore(world);
    wal = new MemoryWal(world, 4);
    objects = new MemoryObjectStore(world);
    peers = new FakePeers();
    world.run(body, Duration.ofMinutes(60));
  }

  private DataCoordApi leading(SimulatedProcess process) {
    return leading(process, new AtomicBoolean());
  }

  /// @param cut whether its reads of the metastore fail
  private DataCoordApi leading(SimulatedProcess process, AtomicBoolean cut) {
    Member self = new Member(new NodeId(99), DataCoordRole.NAME, "", "test");
    DataCoordPorts ports =
        new DataCoordPorts(
            process, meta.on(cutOff(cut)), wal.on(MemoryWal.Faults.NONE), objects, peers);
    DataCoordRole role = DataCoordRole.start(DataCoordConfig.DEFAULT, ports, self);
    assertThat(role.awaitLeading(Deadline.after(world, Duration.ofSeconds(30)))).isTrue();
    return role.service();
  }

  private static MemoryMetaStore.Faults cutOff(AtomicBoolean cut) {
    return new MemoryMetaStore.Faults() {
      @Override
      public void beforeRead(String keyOrPrefix) {
        if (cut.get()) {
          throw ErrorCode.STORAGE_IO_FAILED.because("cut off");
        }
      }
    };
  }

  private void commit(Change change) {
    meta.commit("test-" + commits++, List.of(), List.of(change));
    world.sleep(Duration.ofSeconds(1));
  }

  private void put(String key, byte[] value) {
    commit(new Change.Put(key, value));
  }

  private void nodeComes(int id) {
    put(MetaKeys.node("datanode", new NodeId(id)), new byte[0]);
  }

  private void nodeLeaves(int id) {
    NodeId node = new NodeId(id);
    put(
        MetaKeys.node("datanode", node),
        MemberCodec.encode(new Member(node, "datanode", "", "test").leaving()));
  }

  private void nodeGoes(int id) {
    commit(new Change.Remove(MetaKeys.node("datanode", new NodeId(id))));
  }

  private void collection(int shards) {
    put(
        MetaKeys.collection(new CollectionId(FILMS)),
        CatalogCodec.encode(Shards.collection(FILMS, shards)).toByteArray());
  }

  private void index(long id, String type) {
    var index = Shards.index(FILMS, id, type);
    put(MetaKeys.index(index.collection(), index.id()), CatalogCodec.encode(index).toByteArray());
  }

  private static ShardId shard(int index) {
    return new ShardId(new CollectionId(FILMS), index);
  }

  private void manifest(int shard, long version, Position checkpoint, SegmentEntry... segments) {
    Manifest manifest = Shards.manifest(shard(shard), version, checkpoint, segments);
    ShardPointer pointer = Shards.pointer(manifest);
    objects.create(pointer.manifest(), ManifestCodec.encode(manifest));
    put(MetaKeys.pointer(shard(shard)), ShardPointerCodec.encode(pointer));
  }

  private void floor(int log, Position position) {
    FloorMeta floor =
        FloorMeta.newBuilder()
            .setIncarnation(position.incarnation())
            .setOffset(position.offset())
            .build();
    put(MetaKeys.floor(new LogId(log)), floor.toByteArray());
  }

  private void append(int log, int records) {
    for (int i = 0; i < records; i++) {
      wal.append(new LogId(log), new byte[] {1});
    }
  }

  private Position end(int log) {
    return wal.end(new LogId(log));
  }

  private String owners() {
    return DataLoader.load(meta).owners().entrySet().stream()
        .map(e -> e.getKey() + " -> " + e.getValue().node() + " @" + e.getValue().epoch())
        .collect(Collectors.joining("; "));
  }

  private static long flush(DataCoordApi api) {
    return api.flush(FlushRequest.newBuilder().setCollectionId(FILMS).build()).getNoteId();
  }

  private static boolean isFlushed(DataCoordApi api, long note) {
    return api.flushState(FlushStateRequest.newBuilder().addNoteIds(note).build()).getFlushed();
  }

  private static Optional<IndexJob> acquire(DataCoordApi api, int worker, int seconds) {
    var reply =
        api.acquireJob(
            AcquireJobRequest.newBuilder()
                .setNodeId(worker)
                .setWaitMillis(seconds * 1_000L)
                .build());
    return reply.hasJob() ? Optional.of(reply.getJob()) : Optional.empty();
  }

  private static IndexProgressResponse progress(DataCoordApi api, long index) {
    return api.indexProgress(
        IndexProgressRequest.newBuilder().setCollectionId(FILMS).setIndexId(index).build());
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void logsFollowTheDatanodes(long seed) {
    simulate(
        seed,
        () -> {
          SimulatedProcess process = world.process("data");
          leading(process);
          nodeComes(1);
          assertThat(owners()).isEqualTo("0 -> 1 @1; 1 -> 1 @1; 2 -> 1 @1; 3 -> 1 @1");

          nodeComes(2);
          world.sleep(Duration.ofSeconds(20));
          assertThat(owners()).isEqualTo("0 -> 1 @1; 1 -> 1 @1; 2 -> 1 @1; 3 -> 1 @1");
          world.sleep(Duration.ofSeconds(10));
          assertThat(owners()).isEqualTo("0 -> 1 @1; 1 -> 1 @1; 2 -> 1 @1; 3 -> 2 @2");
          world.sleep(Duration.ofSeconds(3));
          assertThat(owners()).isEqualTo("0 -> 1 @1; 1 -> 1 @1; 2 -> 2 @2; 3 -> 2 @2");
          assertThat(peers.handovers).containsExactly("1: 3", "1: 2");

          world.kill(process);
          nodeGoes(1);
          leading(world.process("data"));
          world.sleep(Duration.ofSeconds(1));
          assertThat(owners()).isEqualTo("0 -> 2 @2; 1 -> 2 @2; 2 -> 2 @2; 3 -> 2 @2");
        });
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void aNodeThatLeavesFlushesAndGivesItsLogsUpAtOnce(long seed) {
    simulate(
        seed,
        () -> {
          leading(world.process("data"));
          nodeComes(1);
          nodeComes(2);
          world.sleep(Duration.ofSeconds(60));
          peers.handovers.clear();

          nodeLeaves(2);

          assertThat(owners()).isEqualTo("0 -> 1 @1; 1 -> 1 @1; 2 -> 1 @3; 3 -> 1 @3");
          assertThat(peers.handovers).containsExactlyInAnyOrder("2: 2", "2: 3");
          nodeLeaves(1);
          assertThat(owners()).isEqualTo("0 -> 1 @1; 1 -> 1 @1; 2 -> 1 @3; 3 -> 1 @3");
        });
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void aLogThatWasMovedToANodeThatDiedMeanwhileMovesOn(long seed) {
    simulate(
        seed,
        () -> {
          leading(world.process("data"));
          nodeComes(1);
          nodeComes(2);
          peers.duringHandover =
              () -> {
                if (meta.get(MetaKeys.node("datanode", new NodeId(2))).isPresent()) {
                  nodeGoes(2);
                }
              };

          world.sleep(Duration.ofSeconds(60));

          assertThat(owners()).isEqualTo("0 -> 1 @1; 1 -> 1 @1; 2 -> 1 @1; 3 -> 1 @3");
        });
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void aNodeThatLeavesAndDoesNotAnswerLosesItsLogsAllTheSame(long seed) {
    simulate(
        seed,
        () -> {
          leading(world.process("data"));
          nodeComes(1);
          peers.refuse(1);
          nodeComes(2);
          world.sleep(Duration.ofSeconds(60));
          assertThat(owners()).isEqualTo("0 -> 1 @1; 1 -> 1 @1; 2 -> 1 @1; 3 -> 1 @1");

          nodeLeaves(1);

          assertThat(owners()).isEqualTo("0 -> 2 @2; 1 -> 2 @2; 2 -> 2 @2; 3 -> 2 @2");
        });
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void aNodeThatRestartsMovesNothingButWhatItHad(long seed) {
    simulate(
        seed,
        () -> {
          leading(world.process("data"));
          nodeComes(1);
          nodeComes(2);
          world.sleep(Duration.ofSeconds(60));
          assertThat(owners()).isEqualTo("0 -> 1 @1; 1 -> 1 @1; 2 -> 2 @2; 3 -> 2 @2");

          nodeComes(3); // node 2 anew, while its lease lives
          world.sleep(Duration.ofSeconds(9));
          nodeGoes(2);

          assertThat(owners()).isEqualTo("0 -> 1 @1; 1 -> 1 @1; 2 -> 3 @3; 3 -> 3 @3");
        });
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void whoIsMissingAfterALapseOfOurOwnIsGivenTime(long seed) {
    simulate(
        seed,
        () -> {
          AtomicBoolean cut = new AtomicBoolean();
          leading(world.process("data"), cut);
          nodeComes(1);
          nodeComes(2);
          world.sleep(Duration.ofSeconds(60));
          cut.set(true);
          nodeComes(1); // the last news that arrives
          nodeGoes(2);
          nodeGoes(1);
          world.sleep(Duration.ofSeconds(2));
          cut.set(false);
          nodeComes(1);
          world.sleep(Duration.ofSeconds(4));
          assertThat(owners()).isEqualTo("0 -> 1 @1; 1 -> 1 @1; 2 -> 2 @2; 3 -> 2 @2");

          world.sleep(Duration.ofSeconds(12));

          assertThat(owners()).isEqualTo("0 -> 1 @1; 1 -> 1 @1; 2 -> 1 @3; 3 -> 1 @3");
        });
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2})
  void aDamagedManifestKeepsNoOtherShardWithoutIndexes(long seed) {
    simulate(
        seed,
        () -> {
          DataCoordApi api = leading(world.process("data"));
          nodeComes(1);
          collection(2);
          index(50, "HNSW");
          ShardPointer damaged = Shards.pointer(Shards.manifest(shard(0), 1, end(0)));
          objects.create(damaged.manifest(), new byte[] {1, 2, 3});
          put(MetaKeys.pointer(shard(0)), ShardPointerCodec.encode(damaged));

          manifest(1, 1, end(1), Shards.segment(shard(1), 5, 2_000));

          assertThat(acquire(api, 31, 5).orElseThrow().getSegmentId()).isEqualTo(5);
        });
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void aFlushIsDoneWhenEveryShardHasPassedIt(long seed) {
    simulate(
        seed,
        () -> {
          SimulatedProcess process = world.process("data");
          DataCoordApi api = leading(process);
          nodeComes(1);
          nodeComes(2);
          world.sleep(Duration.ofSeconds(60)); // balanced by then
          collection(3);
          append(0, 5);
          append(2, 3);
          Position asked = end(0);
          floor(1, end(1));

          long note = flush(api);
          append(0, 1);
          world.sleep(Duration.ofSeconds(1));

          assertThat(isFlushed(api, note)).isFalse();
          assertThat(peers.hints).contains("1: 0@5", "2: 2@3").doesNotContain("1: 1@0");
          manifest(0, 1, asked);
          assertThat(isFlushed(api, note)).isFalse();
          world.kill(process);
          DataCoordApi next = leading(world.process("data"));
          peers.hints.clear();
          world.sleep(Duration.ofSeconds(15));
          assertThat(peers.hints).contains("2: 2@3").doesNotContain("1: 0@5");
          manifest(2, 1, end(2));
          assertThat(isFlushed(next, note)).isTrue();
          world.sleep(Duration.ofSeconds(15));
          assertThat(meta.range(MetaKeys.FLUSHES).entries()).isEmpty();
          peers.hints.clear();
          world.sleep(Duration.ofMinutes(5));
          assertThat(peers.hints).isEmpty();
        });
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2})
  void whatNobodyAskedForIsFlushed(long seed) {
    simulate(
        seed,
        () -> {
          DataCoordApi api = leading(world.process("data"));
          nodeComes(1);
          collection(1);
          assertThat(isFlushed(api, 12_345)).isTrue();
          assertThat(api.flushState(FlushStateRequest.getDefaultInstance()).getFlushed()).isTrue();
          assertThatThrownBy(() -> api.flush(FlushRequest.newBuilder().setCollectionId(8).build()))
              .hasMessage("collection not found[collection=8]");
          long ofNothing = flush(api);
          assertThat(isFlushed(api, ofNothing)).isTrue();

          append(0, 1);
          long note = flush(api);
          var both = FlushStateRequest.newBuilder().setCollectionId(FILMS);
          assertThat(api.flushState(both.build()).getFlushed()).isFalse();
          assertThat(api.flushState(both.setTimestamp(1).build()).getFlushed()).isTrue();
          commit(new Change.Remove(MetaKeys.collection(new CollectionId(FILMS))));
          assertThat(isFlushed(api, note)).isTrue();
        });
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void indexJobsComeFromManifestsAndDefinitions(long seed) {
    simulate(
        seed,
        () -> {
          DataCoordApi api = leading(world.process("data"));
          nodeComes(1);
          collection(2);
          index(50, "HNSW");
          index(52, "FLAT");
          assertThat(progress(api, 50).getFinished()).isTrue();
          manifest(
              1, 1, end(1), Shards.segment(shard(1), 5, 2_000), Shards.segment(shard(1), 6, 100));

          IndexJob job = acquire(api, 31, 0).orElseThrow();
          assertThat(job.getSegmentId()).isEqualTo(5);
          assertThat(job.getIndexId()).isEqualTo(50);
          assertThat(job.getShard()).isEqualTo(1);
          assertThat(job.getManifestKey()).endsWith(".manifest");
          assertThat(acquire(api, 32, 10)).isEmpty();
          assertThat(progress(api, 52).getFinished()).isTrue();
          IndexProgressResponse building = progress(api, 50);
          assertThat(building.getTotalRows()).isEqualTo(2_100);
          assertThat(building.getPendingRows()).isEqualTo(2_000);
          assertThat(building.getIndexedRows()).isEqualTo(100);
          assertThat(building.getFinished()).isFalse();

          api.finishJob(
              FinishJobRequest.newBuilder()
                  .setJobId(job.getJobId())
                  .setNodeId(31)
                  .setFailure("no memory")
                  .build());
          assertThat(progress(api, 50).getFailure()).isEqualTo("no memory");
          IndexJob again = acquire(api, 32, 10).orElseThrow();
          assertThat(again.getAttempt()).isNotEqualTo(job.getAttempt());
          manifest(1, 2, end(1), Shards.segment(shard(1), 5, 2_000, 50));

          assertThat(progress(api, 50).getFinished()).isTrue();
          assertThat(acquire(api, 31, 60)).isEmpty();
        });
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void aWorkerThatDiesLosesItsJob(long seed) {
    simulate(
        seed,
        () -> {
          DataCoordApi api = leading(world.process("data"));
          nodeComes(1);
          collection(1);
          manifest(0, 1, end(0), Shards.segment(shard(0), 5, 2_000));
          index(50, "AUTOINDEX");
          assertThat(acquire(api, 31, 0)).isPresent();

          assertThat(acquire(api, 32, 20)).isEmpty();
          assertThat(acquire(api, 32, 20)).isPresent();
        });
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void pointersOfADroppedCollectionAreRemoved(long seed) {
    simulate(
        seed,
        () -> {
          leading(world.process("data"));
          collection(2);
          manifest(0, 1, end(0));
          manifest(1, 1, end(1));
          assertThat(meta.range(MetaKeys.POINTERS).entries()).hasSize(2);

          commit(new Change.Remove(MetaKeys.collection(new CollectionId(FILMS))));

          assertThat(meta.range(MetaKeys.POINTERS).entries()).isEmpty();
          manifest(0, 2, end(0));
          assertThat(meta.range(MetaKeys.POINTERS).entries()).isEmpty();
        });
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2})
  void rowsAreCountedInSegmentsAndInTheLog(long seed) {
    simulate(
        seed,
        () -> {
          DataCoordApi api = leading(world.process("data"));
          nodeComes(1);
          nodeComes(2);
          world.sleep(Duration.ofSeconds(60)); // balanced by then
          collection(3);
          manifest(
              0, 1, end(0), Shards.segment(shard(0), 5, 2_000), Shards.segment(shard(0), 6, 11));
          manifest(2, 1, end(2), Shards.segment(shard(2), 8, 300));
          peers.unflushed(1, 7);
          peers.unflushed(2, 1);

          var request = CollectionStatisticsRequest.newBuilder().setCollectionId(FILMS).build();
          assertThat(api.collectionStatistics(request).getRowCount()).isEqualTo(2_319);
        });
  }
}
