package io.elanus.datanode;

import static io.elanus.datanode.DataNodeWorld.FILMS;
import static io.elanus.datanode.DataNodeWorld.LOG;
import static org.assertj.core.api.Assertions.assertThat;

import io.elanus.common.expr.TtlField;
import io.elanus.common.manifest.Manifest;
import io.elanus.common.manifest.ManifestStore;
import io.elanus.common.manifest.SegmentEntry;
import io.elanus.common.model.CollectionState;
import io.elanus.common.model.NodeId;
import io.elanus.proto.internal.CompactionJob;
import io.elanus.proto.internal.FenceShardRequest;
import io.elanus.proto.internal.FenceShardResponse;
import io.elanus.proto.internal.SubmitEditRequest;
import io.elanus.proto.internal.SwapEdit;
import io.elanus.segment.column.ColumnView;
import io.elanus.segment.file.SegmentReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Compactions of a datanode that owns its logs itself: ten rows in each segment, with keys from 0 on.
@SuppressWarnings("NullAway.Init") // by simulate()
class CompactionTest {
  @TempDir private Path scratch;

  private DataNodeWorld w;
  private DataNodeRole node;

  private void simulate(Runnable body) {
    w = new DataNodeWorld(3, scratch);
    w.run(() -> {
      node = w.start(1, w.world.process("node"));
      w.peers.know(new NodeId(1), node.service());
      w.own(1, LOG);
      body.run();
    });
  }

  private void segments(int count) {
    for (int i = 0; i < count; i++) {
      w.insert(0, 10);
      w.flush(node, 0);
    }
  }

  private Manifest manifest() {
    return w.manifest(0).orElseThrow();
  }

  private List<Long> ids() {
    return manifest().segments().stream().map(segment -> segment.id().value()).toList();
  }

  private CompactionJob.Builder job(List<Long> segments) {
    return CompactionJob.newBuilder()
        .setJobId(w.peers.freshId())
        .setCollectionId(FILMS)
        .setShard(0)
        .addAllSegmentIds(segments)
        .setManifestKey(ManifestStore.keyOf(manifest()).value())
        .setLeaseMillis(30_000);
  }

  /// @return "" or why it failed
  private String done(CompactionJob job) {
    w.peers.offer(job);
    w.settle();
    String last = w.peers.finished.getLast();
    assertThat(last).startsWith(job.getJobId() + ": ");
    return last.substring(last.indexOf(' ') + 1);
  }

  private long keyAt(SegmentEntry entry, int row) {
    Path file = scratch.resolve("looked-at");
    w.objects.download(entry.file().key(), file);
    try (SegmentReader reader = SegmentReader.open(file, entry, DataNodeWorld.schema("n"))) {
      return ((ColumnView.Longs) reader.column(100)).get(row);
    } finally {
      file.toFile().delete();
    }
  }

  @Test
  void severalSegmentsBecomeOneInTheOrderOfTheirKeys() {
    simulate(() -> {
      segments(3);
      CompactionJob job = job(ids()).build();

      assertThat(done(job)).isEmpty();

      assertThat(ids()).containsExactly(job.getJobId());
      SegmentEntry merged = manifest().segments().getFirst();
      assertThat(merged.rowCount()).isEqualTo(30);
      assertThat(IntStream.range(0, 30).mapToLong(row -> keyAt(merged, row)))
          .containsExactly(
              IntStream.range(0, 30).mapToLong(i -> i / 3).boxed().toArray(Long[]::new));
      assertThat(node.counts().compactedRows()).isEqualTo(30);
      assertThat(node.counts().removedRows()).isZero();
    });
  }

  @Test
  void whatIsDeletedGoesAndWhatIsDeletedMeanwhileIsRemembered() {
    simulate(() -> {
      segments(2);
      w.delete(0, 0, 1, 2);
      w.flush(node, 0);
      CompactionJob job = job(ids()).build();
      w.delete(0, 3);
      w.flush(node, 0);
      assertThat(manifest().deleteFiles()).hasSize(2);

      assertThat(done(job)).isEmpty();

      assertThat(manifest().rowCount()).isEqualTo(14);
      assertThat(manifest().deleteFiles()).as("the second").hasSize(1);
      assertThat(node.counts().removedRows()).isEqualTo(6);
      assertThat(done(job(ids()).build())).isEmpty();
      assertThat(manifest().rowCount()).isEqualTo(12);
      assertThat(manifest().deleteFiles()).isEmpty();
    });
  }

  @Test
  void whatHasExpiredGoesAndASegmentWithoutRowsIsNone() {
    simulate(() -> {
      segments(2);
      w.expire(0);
      w.insert(0, 5);
      w.flush(node, 0);
      assertThat(manifest().rowCount()).isEqualTo(25);
      List<Long> expired = ids().subList(0, 2);

      assertThat(done(job(expired).build())).isEmpty();

      assertThat(manifest().rowCount()).isEqualTo(5);
      assertThat(ids()).hasSize(1);
    });
  }

  @Test
  void rowsThatSayUntilWhenTheyLiveGoByTheTimeOfTheLog() {
    simulate(() -> {
      w.catalog(
          DataNodeWorld.FILMS,
          DataNodeWorld.schema("until"),
          CollectionState.ACTIVE,
          Map.of(TtlField.PROPERTY, "until"));
      long now = w.world.wallMillis() * 1_000;
      w.insertNumbers(0, now - 1, now + 60_000_000, 0, now - 5_000_000);
      w.flush(node, 0);
      assertThat(done(job(ids()).build())).isEmpty();
      assertThat(manifest().rowCount()).as("the log has come so far").isEqualTo(2);

      w.world.sleep(Duration.ofMinutes(2));
      assertThat(done(job(ids()).build())).isEmpty();
      assertThat(manifest().rowCount()).as("no node's clock counts").isEqualTo(2);

      w.insertNumbers(0, 0);
      w.flush(node, 0);
      assertThat(done(job(ids()).build())).isEmpty();
      assertThat(manifest().rowCount()).isEqualTo(2);
      assertThat(node.counts().removedRows()).isEqualTo(3);
    });
  }

  @Test
  void aSegmentThatLosesNothingStaysWhereItIs() {
    simulate(() -> {
      segments(1);
      w.delete(0, 77);
      w.flush(node, 0);
      List<Long> before = ids();
      assertThat(manifest().deleteFiles()).hasSize(1);

      assertThat(done(job(before).build())).isEmpty();

      assertThat(ids()).isEqualTo(before);
      assertThat(manifest().deleteFiles()).isEmpty();
    });
  }

  @Test
  void whoComesSecondIsRefused() {
    simulate(() -> {
      segments(2);
      CompactionJob first = job(ids()).build();
      CompactionJob second = job(ids()).build();

      assertThat(done(first)).isEmpty();
      assertThat(done(second)).contains("edit refused").contains("is gone");

      assertThat(ids()).containsExactly(first.getJobId());
    });
  }

  @Test
  void whatWaitsForIndexesIsStagedAndSwapped() {
    simulate(() -> {
      segments(2);
      List<Long> before = ids();
      CompactionJob job = job(before).setStageFromRows(20).build();

      assertThat(done(job)).isEmpty();

      assertThat(ids()).isEqualTo(before);
      assertThat(manifest().staged().getFirst().segments().getFirst().rowCount()).isEqualTo(20);
      segments(1);
      assertThat(manifest().staged()).as("a flush keeps it").hasSize(1);
      SubmitEditRequest swap =
          SubmitEditRequest.newBuilder()
              .setEditId(w.peers.freshId())
              .setCollectionId(FILMS)
              .addSwaps(SwapEdit.newBuilder().addAllRemovedIds(before))
              .build();
      assertThat(node.service().submitEdit(swap).getCommitted()).isTrue();
      assertThat(node.service().submitEdit(swap).getCommitted()).as("again").isTrue();
      assertThat(ids()).hasSize(2).contains(job.getJobId());
      assertThat(manifest().staged()).isEmpty();
    });
  }

  @Test
  void whoWakesUpBehindTheFenceIsRefused() {
    simulate(() -> {
      segments(2);
      CompactionJob late = job(ids()).build();
      long version = manifest().version();
      FenceShardRequest fence =
          FenceShardRequest.newBuilder()
              .setCollectionId(FILMS)
              .setOldestReadable(version)
              .setFence(late.getJobId() + 1)
              .build();

      FenceShardResponse fenced = node.service().fenceShard(fence);

      assertThat(fenced.getOldestReadable()).isEqualTo(version);
      assertThat(fenced.getFence()).isEqualTo(late.getJobId() + 1);
      assertThat(done(late)).contains("came too late");
      assertThat(ids()).hasSize(2);
      assertThat(node.service().fenceShard(fence.toBuilder().setFence(5).build()).getFence())
          .as("it never goes down")
          .isEqualTo(late.getJobId() + 1);

      segments(1);
      CompactionJob fresh = job(ids()).build();
      assertThat(done(fresh)).isEmpty();
      assertThat(ids()).containsExactly(fresh.getJobId());
    });
  }

  @Test
  void nothingIsLeftOnTheDisk() {
    simulate(() -> {
      segments(2);
      done(job(ids()).build());
      done(job(List.of(4711L)).build());

      assertThat(scratch.resolve("node-1-compaction")).isDirectoryNotContaining(Files::exists);
    });
  }
}
