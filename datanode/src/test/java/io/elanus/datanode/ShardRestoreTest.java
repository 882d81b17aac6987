package io.elanus.datanode;

import static io.elanus.datanode.DataNodeWorld.FILMS;
import static io.elanus.datanode.DataNodeWorld.LOG;
import static org.assertj.core.api.Assertions.assertThat;

import io.elanus.common.manifest.Checkpoint;
import io.elanus.common.manifest.Manifest;
import io.elanus.common.manifest.ManifestStore;
import io.elanus.common.manifest.SegmentEntry;
import io.elanus.common.meta.MetaKeys;
import io.elanus.common.model.CollectionId;
import io.elanus.common.model.CollectionState;
import io.elanus.common.model.NodeId;
import io.elanus.common.model.Pin;
import io.elanus.common.model.ShardId;
import io.elanus.common.run.SimulatedProcess;
import io.elanus.proto.internal.DataNodeStatusRequest;
import io.elanus.proto.internal.RestoreJob;
import io.elanus.proto.internal.RestoredPartition;
import io.elanus.rpc.codec.PinsCodec;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a shard of a new collection begins with: ten rows are in each segment of the old one, with keys from 0 on.
@SuppressWarnings("NullAway.Init") // by simulate()
class ShardRestoreTest {
  private static final long COPY = 70;
  private static final ShardId TARGET = new ShardId(new CollectionId(COPY), 0);
  private static final long MARK = 5_000;

  @TempDir private Path scratch;

  private DataNodeWorld w;
  private SimulatedProcess process;
  private DataNodeRole node;

  private void simulate(Runnable body) {
    w = new DataNodeWorld(3, scratch);
    w.run(() -> {
      process = w.world.process("node");
      node = w.start(1, process);
      w.peers.know(new NodeId(1), node.service());
      w.own(1, LOG);
      w.put(
          MetaKeys.pins(new CollectionId(FILMS)),
          PinsCodec.encode(List.of(new Pin(MARK, Duration.ofMinutes(1)))));
      restoring();
      body.run();
    });
  }

  private void restoring() {
    w.catalog(COPY, DataNodeWorld.schema("n"), CollectionState.RESTORING);
  }

  /// 17 rows at the mark, as a manifest knows it that has more of both, rows and deletes.
  private void marked() {
    w.insert(0, 10);
    w.flush(node, 0);
    w.insert(0, 10);
    w.delete(0, 0, 1);
    w.insert(0, 1);
    w.mark(0, MARK);
    w.insert(0, 10);
    w.delete(0, 5);
    w.flush(node, 0);
  }

  private Manifest source() {
    return w.manifest(0).orElseThrow();
  }

  private long version() {
    return source().checkpoint().marks().getFirst().version();
  }

  private RestoreJob job() {
    return RestoreJob.newBuilder()
        .setJobId(w.peers.freshId())
        .setCollectionId(COPY)
        .setShard(0)
        .setManifestKey(ManifestStore.keyOf(source()).value())
        .setVersion(version())
        .addPartitions(RestoredPartition.newBuilder().setSourceId(1).setTargetId(71))
        .setLeaseMillis(30_000)
        .build();
  }

  /// @return "" or why it failed
  private String done(RestoreJob job) {
    w.peers.offer(job);
    w.settle();
    String last = w.peers.finished.getLast();
    assertThat(last).startsWith(job.getJobId() + ": ");
    return last.substring(last.indexOf(' ') + 1);
  }

  private Manifest begun() {
    return w.manifest(TARGET).orElseThrow();
  }

  @Test
  void theRowsAreThoseOfTheMark() {
    simulate(() -> {
      marked();
      assertThat(version()).isLessThan(source().checkpoint().version());

      assertThat(done(job())).isEmpty();

      Manifest first = begun();
      assertThat(first.rowCount()).isEqualTo(17);
      assertThat(first.deleteFiles()).isEmpty();
      assertThat(first.checkpoint().version()).isEqualTo(version());
      assertThat(first.checkpoint().horizon()).isEqualTo(version());
      assertThat(first.segments())
          .allSatisfy(segment -> {
            assertThat(segment.partition().value()).isEqualTo(71);
            assertThat(segment.maxVersion()).isLessThanOrEqualTo(version());
            assertThat(segment.file().key().value()).contains("/c70/s0/segment/");
          });
      assertThat(first.segments().stream().mapToLong(SegmentEntry::minVersion).min())
          .as("rows keep their versions")
          .hasValue(source().segments().getFirst().minVersion());
    });
  }

  @Test
  void theShardGoesOnFromThere() {
    simulate(() -> {
      marked();
      assertThat(done(job())).isEmpty();

      w.importCommit(TARGET, begun().checkpoint().version());
      w.settle();
      assertThat(troubles(node)).isEmpty();
      w.world.kill(process);
      DataNodeRole next = w.start(2, w.world.process("next"));
      w.peers.know(new NodeId(2), next.service());
      w.own(2, LOG);
      w.world.sleep(Duration.ofMinutes(11)); // old enough to be flushed

      Checkpoint checkpoint = begun().checkpoint();
      assertThat(checkpoint.ddlSequence()).isEqualTo(1);
      assertThat(checkpoint.version()).isGreaterThan(version());
      assertThat(begun().rowCount()).isEqualTo(17);
      assertThat(troubles(next)).isEmpty();
    });
  }

  @Test
  void whoHasNoneOfTheRowsHalts() {
    simulate(() -> {
      w.importCommit(TARGET, 900);
      w.settle();

      assertThat(troubles(node)).hasSize(1);
      assertThat(troubles(node).getFirst())
          .contains("rows up to version 900 were imported, this begins with 0");
    });
  }

  private static List<String> troubles(DataNodeRole of) {
    return of
        .service()
        .dataNodeStatus(DataNodeStatusRequest.getDefaultInstance())
        .getLogsList()
        .stream()
        .flatMap(log -> log.getTroublesList().stream())
        .map(trouble -> trouble.getReason())
        .toList();
  }

  @Test
  void theSameAgainChangesNothing() {
    simulate(() -> {
      marked();
      RestoreJob first = job();
      RestoreJob second = job();
      assertThat(done(first)).isEmpty();
      Manifest before = begun();

      assertThat(done(first)).isEmpty();
      assertThat(done(second)).isEmpty();

      assertThat(begun()).isEqualTo(before);
    });
  }

  @Test
  void aCollectionThatIsNotRestoredBeginsWithNothing() {
    simulate(() -> {
      marked();
      w.catalog(COPY, DataNodeWorld.schema("n"), CollectionState.ACTIVE);

      assertThat(done(job())).contains("shard 70/0 is not restored now");

      assertThat(w.manifest(TARGET)).isEmpty();
    });
  }

  @Test
  void anEmptyShardBeginsEmpty() {
    simulate(() -> {
      w.mark(0, MARK);
      w.flush(node, 0);

      assertThat(done(job())).isEmpty();

      assertThat(begun().segments()).isEmpty();
    });
  }
}
