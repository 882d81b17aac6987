package io.elanus.datacoord;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import io.elanus.common.manifest.Checkpoint;
import io.elanus.common.manifest.FileRef;
import io.elanus.common.manifest.IndexEntry;
import io.elanus.common.manifest.Manifest;
import io.elanus.common.manifest.ManifestCodec;
import io.elanus.common.manifest.ManifestStore;
import io.elanus.common.manifest.SegmentEntry;
import io.elanus.common.manifest.ShardPointer;
import io.elanus.common.manifest.ShardPointerCodec;
import io.elanus.common.manifest.Staged;
import io.elanus.common.meta.Member;
import io.elanus.common.meta.MemoryMetaStore;
import io.elanus.common.meta.MetaKeys;
import io.elanus.common.meta.MetaStore.Change;
import io.elanus.common.model.CollectionId;
import io.elanus.common.model.IndexId;
import io.elanus.common.model.NodeId;
import io.elanus.common.model.SegmentId;
import io.elanus.common.model.ShardId;
import io.elanus.common.model.Snapshot;
import io.elanus.common.object.MemoryObjectStore;
import io.elanus.common.object.ObjectKey;
import io.elanus.common.object.ObjectLayout;
import io.elanus.common.run.Deadline;
import io.elanus.common.run.SimulatedProcess;
import io.elanus.common.run.SimulatedRun;
import io.elanus.common.wal.MemoryWal;
import io.elanus.common.wal.Position;
import io.elanus.proto.internal.AcquireJobRequest;
import io.elanus.proto.internal.CompactRequest;
import io.elanus.proto.internal.CompactResponse;
import io.elanus.proto.internal.CompactionJob;
import io.elanus.proto.internal.CompactionProgressRequest;
import io.elanus.proto.internal.CompactionProgressResponse;
import io.elanus.proto.internal.DropSnapshotRequest;
import io.elanus.proto.internal.FenceShardRequest;
import io.elanus.proto.internal.FinishJobRequest;
import io.elanus.proto.internal.JobKind;
import io.elanus.rpc.codec.CatalogCodec;
import io.elanus.rpc.codec.SnapshotCodec;
import io.elanus.rpc.internal.DataCoordApi;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/// Compaction and sweeping as datacoord leads them; the owner of the shard is a fake that does what it is told.
class BackgroundWorkTest {
  private static final long FILMS = 7;
  private static final ShardId SHARD = new ShardId(new CollectionId(FILMS), 0);
  private static final Duration GRACE = DataCoordConfig.DEFAULT_SWEEP_GRACE;

  private final SimulatedRun world = new SimulatedRun(1);
  private final MemoryMetaStore meta = new MemoryMetaStore(world);
  private final MemoryWal wal = new MemoryWal(world, 4);
  private final MemoryObjectStore objects = new MemoryObjectStore(world);
  private final FakePeers peers = new FakePeers();
  private int commits;
  private Optional<Manifest> newest = Optional.empty();
  private long attempt = 100;

  private void simulate(Runnable body) {
    world.run(
        () -> {
          put(MetaKeys.node("datanode", new NodeId(1)), new byte[0]);
          put(
              MetaKeys.collection(new CollectionId(FILMS)),
              CatalogCodec.encode(Shards.collection(FILMS, 1)).toByteArray());
          body.run();
        },
        Duration.ofHours(3));
  }

  private DataCoordApi leading(SimulatedProcess process) {
    DataCoordPorts ports =
        new DataCoordPorts(
            process,
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

  private DataCoordApi leading() {
    return leading(world.process("leader"));
  }

  private void put(String key, byte[] value) {
    meta.commit("test-" + commits++, List.of(), List.of(new Change.Put(key, value)));
    world.sleep(Duration.ofSeconds(1));
  }

  private void index(String type) {
    var index = Shards.index(FILMS, 50, type);
    put(MetaKeys.index(index.collection(), index.id()), CatalogCodec.encode(index).toByteArray());
  }

  /// Commits the next manifest, and makes the objects of segments that are new.
  private void manifest(List<Staged> staged, SegmentEntry... segments) {
    Manifest next =
        new Manifest(
            SHARD,
            newest.map(Manifest::version).orElse(0L) + 1,
            1,
            attempt++,
            newest.map(ManifestStore::keyOf),
            Checkpoint.start(new Position(1, 0)),
            List.of(segments),
            List.of(),
            List.of(),
            Optional.empty(),
            staged);
    next.files().forEach(file -> objects.create(file.key(), new byte[] {1}));
    objects.create(ManifestStore.keyOf(next), ManifestCodec.encode(next));
    newest = Optional.of(next);
    point(
        new ShardPointer(
            SHARD, ManifestStore.keyOf(next), next.version(), 1, new Position(1, 0), 0, 0, 1));
  }

  private void point(ShardPointer pointer) {
    put(MetaKeys.pointer(SHARD), ShardPointerCodec.encode(pointer));
  }

  private ShardPointer pointer() {
    return meta.get(MetaKeys.pointer(SHARD))
        .map(entry -> ShardPointerCodec.decode(entry.value()))
        .orElseThrow();
  }

  private static SegmentEntry[] segments(long... ids) {
    return LongStream.of(ids)
        .mapToObj(id -> Shards.segment(SHARD, id, 5_000))
        .toArray(SegmentEntry[]::new);
  }

  private static CompactResponse compact(DataCoordApi api) {
    return api.compact(CompactRequest.newBuilder().setCollectionId(FILMS).build());
  }

  private static Optional<CompactionJob> acquire(DataCoordApi api) {
    var response =
        api.acquireJob(
            AcquireJobRequest.newBuilder()
                .setNodeId(1)
                .setWaitMillis(100)
                .setKind(JobKind.COMPACTION)
                .build());
    return response.hasCompaction() ? Optional.of(response.getCompaction()) : Optional.empty();
  }

  private static void finish(DataCoordApi api, CompactionJob job) {
    api.finishJob(
        FinishJobRequest.newBuilder()
            .setJobId(job.getJobId())
            .setNodeId(1)
            .setKind(JobKind.COMPACTION)
            .build());
  }

  private static CompactionProgressResponse progress(DataCoordApi api, long id) {
    return api.compactionProgress(
        CompactionProgressRequest.newBuilder().setCompactionId(id).build());
  }

  @Test
  void fourSegmentsAreMergedWithoutBeingAskedFor() {
    simulate(() -> {
      DataCoordApi api = leading();
      manifest(List.of(), segments(11, 12, 13));
      assertThat(acquire(api)).isEmpty();

      manifest(List.of(), segments(11, 12, 13, 14));

      CompactionJob job = acquire(api).orElseThrow();
      assertThat(job.getSegmentIdsList()).containsExactly(11L, 12L, 13L, 14L);
      assertThat(job.getManifestKey()).isEqualTo(pointer().manifest().value());
      assertThat(job.getStageFromRows()).as("no index has files").isZero();
      manifest(List.of(), segments(11, 12, 13, 14, 15));
      assertThat(acquire(api)).as("15 alone").isEmpty();
    });
  }

  @Test
  void whatIsAskedForOutlivesTheLeader() {
    simulate(() -> {
      SimulatedProcess first = world.process("first");
      DataCoordApi api = leading(first);
      index("HNSW");
      manifest(List.of(), segments(11, 12));
      assertThat(acquire(api)).isEmpty();

      CompactResponse asked = compact(api);

      assertThat(asked.getJobCount()).isEqualTo(1);
      assertThat(progress(api, asked.getCompactionId()).getExecuting()).isTrue();
      assertThat(compact(api).getJobCount()).as("the same again").isEqualTo(1);
      world.kill(first);
      DataCoordApi next = leading(world.process("next"));
      assertThat(progress(next, asked.getCompactionId()).getWaiting()).isEqualTo(1);
      CompactionJob job = acquire(next).orElseThrow();
      assertThat(job.getSegmentIdsList()).containsExactly(11L, 12L);
      assertThat(job.getStageFromRows()).isEqualTo(IndexPlan.MIN_ROWS);
      finish(next, job);
      manifest(List.of(), segments(job.getJobId()));

      CompactionProgressResponse done = progress(next, asked.getCompactionId());
      assertThat(done.getExecuting()).isFalse();
      assertThat(done.getDone()).isEqualTo(1);
      assertThat(done.getResults(0).getTarget()).isEqualTo(job.getJobId());
      assertThat(meta.range(MetaKeys.COMPACTIONS).entries()).isEmpty();
      assertThat(compact(next)).isEqualTo(CompactResponse.getDefaultInstance());
      assertThat(progress(next, 4711).getExecuting()).isFalse();
    });
  }

  @Test
  void aTargetBelowTheConfiguredOneIsRefused() {
    simulate(() -> {
      DataCoordApi api = leading();

      assertThatThrownBy(() ->
              api.compact(
                  CompactRequest.newBuilder()
                      .setCollectionId(FILMS)
                      .setTargetBytes(512L << 20)
                      .build()))
          .isInstanceOfSatisfying(
              DbException.class,
              e -> {
                assertThat(e.code()).isEqualTo(ErrorCode.INVALID_PARAMETER);
                assertThat(e.text())
                    .contains(
                        "targetSize 512 MB should be greater than or equal to"
                            + " configMaxSize 1024 MB");
              });
    });
  }

  @Test
  void whatIsStagedIsSwappedOnceItHasItsIndex() {
    simulate(() -> {
      DataCoordApi api = leading();
      index("HNSW");
      SegmentEntry merged = Shards.segment(SHARD, 21, 10_000);
      List<SegmentId> replaced = List.of(new SegmentId(11), new SegmentId(12));

      manifest(List.of(new Staged(replaced, List.of(merged))), segments(11, 12));
      assertThat(peers.edits).isEmpty();
      var build =
          api.acquireJob(AcquireJobRequest.newBuilder().setNodeId(2).setWaitMillis(100).build());
      assertThat(build.getJob().getSegmentId()).as("and not for 11 and 12").isEqualTo(21);

      FileRef file = new FileRef(ObjectLayout.index(SHARD, merged.id(), new IndexId(50), 33), 1, 1);
      SegmentEntry indexed =
          merged.withIndexes(List.of(new IndexEntry(new IndexId(50), 101, file)));
      manifest(List.of(new Staged(replaced, List.of(indexed))), segments(11, 12));

      assertThat(peers.edits).hasSize(1);
      assertThat(peers.edits.getFirst().getSwaps(0).getRemovedIdsList()).containsExactly(11L, 12L);
    });
  }

  /// As the owner does it.
  private void fence(FenceShardRequest request) {
    point(pointer().swept(request.getOldestReadable(), request.getFence()));
  }

  private List<String> there() {
    return objects.list(ObjectLayout.prefix(SHARD), "", 100).stream()
        .map(key -> key.value().replaceAll(".*/", ""))
        .toList();
  }

  private static String name(ObjectKey key) {
    return key.value().replaceAll(".*/", "");
  }

  @Test
  void whatNothingNamesGoesAfterTheGraceTimeAndTheFence() {
    simulate(() -> {
      List<FenceShardRequest> fences = new ArrayList<>();
      peers.fences =
          request -> {
            fences.add(request);
            fence(request);
          };
      manifest(List.of(), segments(11, 12));
      ObjectKey first = pointer().manifest();
      manifest(List.of(), segments(13));
      ObjectKey lost = ObjectLayout.segment(SHARD, new SegmentId(99));
      objects.create(lost, new byte[] {1});
      ObjectKey fresh = ObjectLayout.segment(SHARD, new SegmentId(1L << 40));
      objects.create(fresh, new byte[] {1});
      leading();

      world.sleep(GRACE.minusMinutes(1));
      assertThat(there()).hasSize(7);
      world.sleep(GRACE);

      assertThat(fences).hasSize(1);
      assertThat(fences.getFirst().getOldestReadable()).isEqualTo(2);
      assertThat(there())
          .containsExactlyInAnyOrder(
              name(pointer().manifest()),
              name(ObjectLayout.segment(SHARD, new SegmentId(13))),
              name(fresh))
          .doesNotContain(name(first), name(lost));
      world.sleep(GRACE.multipliedBy(3));
      assertThat(fences).as("nothing was left to do").hasSize(1);
    });
  }

  @Test
  void whatASnapshotNamesStaysUntilItIsDropped() {
    simulate(() -> {
      peers.fences = this::fence;
      manifest(List.of(), segments(11, 12));
      ObjectKey kept = pointer().manifest();
      manifest(List.of(), segments(13));
      manifest(List.of(), segments(14));
      Snapshot snapshot =
          new Snapshot(
              77,
              "monday",
              "",
              Shards.collection(FILMS, 1),
              List.of(),
              40,
              List.of(new Snapshot.Image(kept, 30)));
      put(
          MetaKeys.snapshot(snapshot.of(), snapshot.id()),
          SnapshotCodec.encode(snapshot).toByteArray());
      DataCoordApi api = leading();

      world.sleep(GRACE.multipliedBy(3));

      assertThat(there())
          .containsExactlyInAnyOrder(
              name(pointer().manifest()),
              name(ObjectLayout.segment(SHARD, new SegmentId(14))),
              name(kept),
              name(ObjectLayout.segment(SHARD, new SegmentId(11))),
              name(ObjectLayout.segment(SHARD, new SegmentId(12))));

      api.dropSnapshot(
          DropSnapshotRequest.newBuilder().setCollectionId(FILMS).setName("monday").build());
      world.sleep(GRACE.multipliedBy(3));

      assertThat(there())
          .containsExactlyInAnyOrder(
              name(pointer().manifest()), name(ObjectLayout.segment(SHARD, new SegmentId(14))));
    });
  }

  @Test
  void nothingIsDeletedThatIsNotFenced() {
    simulate(() -> {
      manifest(List.of(), segments(11, 12));
      manifest(List.of(), segments(13));
      leading();

      world.sleep(GRACE.multipliedBy(4));

      assertThat(there()).hasSize(5);
    });
  }

  @Test
  void whatIsLeftOfADroppedCollectionGoes() {
    simulate(() -> {
      manifest(List.of(), segments(11));
      ObjectKey other = ObjectLayout.segment(new ShardId(new CollectionId(8), 1), new SegmentId(5));
      ObjectKey unborn =
          ObjectLayout.segment(new ShardId(new CollectionId(1L << 40), 1), new SegmentId(5));
      ObjectKey catalog = ObjectLayout.catalog(1, 1);
      objects.create(other, new byte[] {1});
      objects.create(unborn, new byte[] {1});
      objects.create(catalog, new byte[] {1});
      leading();

      world.sleep(GRACE.minusMinutes(1));
      assertThat(objects.size(other)).isPresent();
      world.sleep(GRACE.plusMinutes(1));

      assertThat(objects.size(other)).isEmpty();
      assertThat(objects.size(unborn)).as("the metastore is older than the bucket").isPresent();
      assertThat(objects.size(catalog)).isPresent();
      assertThat(there()).hasSize(2);
    });
  }
}
