package io.elanus.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import io.elanus.common.model.CollectionId;
import io.elanus.common.object.ObjectKey;
import io.elanus.common.object.ObjectLayout;
import io.elanus.common.run.Deadline;
import io.elanus.common.run.Run;
import io.elanus.proto.milvus.BoolResponse;
import io.elanus.proto.milvus.CreateSnapshotRequest;
import io.elanus.proto.milvus.DeleteRequest;
import io.elanus.proto.milvus.DescribeCollectionRequest;
import io.elanus.proto.milvus.DescribeSnapshotRequest;
import io.elanus.proto.milvus.DropCollectionRequest;
import io.elanus.proto.milvus.DropSnapshotRequest;
import io.elanus.proto.milvus.GetRestoreSnapshotStateRequest;
import io.elanus.proto.milvus.HasCollectionRequest;
import io.elanus.proto.milvus.ListSnapshotsRequest;
import io.elanus.proto.milvus.ManualCompactionRequest;
import io.elanus.proto.milvus.QueryRequest;
import io.elanus.proto.milvus.QueryResults;
import io.elanus.proto.milvus.RestoreSnapshotInfo;
import io.elanus.proto.milvus.RestoreSnapshotRequest;
import io.elanus.proto.milvus.RestoreSnapshotResponse;
import io.elanus.proto.milvus.RestoreSnapshotState;
import io.elanus.proto.milvus.TruncateCollectionRequest;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A snapshot through everything that can happen to its collection, and the collection that is made of it.
@Timeout(180)
class SnapshotsTest {
  private static final String NAME = "birds";
  private static final String RESTORED = "birds_of_monday";
  private static final String MONDAY = "monday";

  @TempDir Path folder;

  private MemoryCluster cluster;
  private Run run;
  private MemoryCluster.Member member;
  private Birds birds;

  @BeforeEach
  void start() {
    cluster = new MemoryCluster(folder);
    run = cluster.run;
    member = cluster.start(List.of("dataCoord.gc.dropTolerance=2s"), Role.values());
    birds = birds(NAME);
    birds.create();
  }

  private Birds birds(String name) {
    RoleProcess process = member.process();
    assertThat(process.awaitReady(Deadline.after(run, Duration.ofSeconds(30)))).isTrue();
    return new Birds(run, process.publicPort().orElseThrow(), name);
  }

  @AfterEach
  void close() {
    birds.close();
    cluster.close();
  }

  private void take(String name) {
    Birds.require(
        birds
            .stub()
            .createSnapshot(
                CreateSnapshotRequest.newBuilder()
                    .setCollectionName(NAME)
                    .setName(name)
                    .setDescription("before the storm")
                    .build()));
  }

  private List<String> list() {
    var listed =
        birds
            .stub()
            .listSnapshots(ListSnapshotsRequest.newBuilder().setCollectionName(NAME).build());
    Birds.require(listed.getStatus());
    return listed.getSnapshotsList();
  }

  private void delete(String filter) {
    Birds.require(
        birds
            .stub()
            .delete(DeleteRequest.newBuilder().setCollectionName(NAME).setExpr(filter).build())
            .getStatus());
  }

  private RestoreSnapshotInfo restore(String name) {
    return ended(birds, begin(name));
  }

  private long begin(String name) {
    RestoreSnapshotResponse begun =
        birds
            .stub()
            .restoreSnapshot(
                RestoreSnapshotRequest.newBuilder()
                    .setCollectionName(NAME)
                    .setName(name)
                    .setTargetCollectionName(RESTORED)
                    .build());
    Birds.require(begun.getStatus());
    return begun.getJobId();
  }

  /// Asked by `client`, which may not be answered while nobody leads.
  private RestoreSnapshotInfo ended(Birds client, long job) {
    while (true) {
      RestoreSnapshotInfo info =
          client
              .stub()
              .getRestoreSnapshotState(
                  GetRestoreSnapshotStateRequest.newBuilder().setJobId(job).build())
              .getInfo();
      if (info.getState() == RestoreSnapshotState.RestoreSnapshotCompleted
          || info.getState() == RestoreSnapshotState.RestoreSnapshotFailed) {
        return info;
      }
      run.sleep(Duration.ofMillis(20));
    }
  }

  private static Set<Long> keys(Birds of, String name) {
    QueryResults rows =
        of.stub()
            .query(
                QueryRequest.newBuilder()
                    .setCollectionName(name)
                    .setExpr("id >= 0")
                    .addOutputFields("id")
                    .build());
    Birds.require(rows.getStatus());
    return new TreeSet<>(rows.getFieldsData(0).getScalars().getLongData().getDataList());
  }

  private static Set<Long> range(long from, long end) {
    return LongStream.range(from, end).boxed().collect(Collectors.toCollection(TreeSet::new));
  }

  private CollectionId id() {
    return new CollectionId(
        birds
            .stub()
            .describeCollection(
                DescribeCollectionRequest.newBuilder().setCollectionName(NAME).build())
            .getCollectionID());
  }

  private Set<ObjectKey> segments(CollectionId of) {
    return cluster.objects().list(ObjectLayout.prefix(of), "", Integer.MAX_VALUE).stream()
        .filter(key -> key.value().contains("/segment/"))
        .collect(Collectors.toSet());
  }

  /// Until the sweeper has deleted all of `swept`.
  private void awaitSwept(CollectionId of, Set<ObjectKey> swept) {
    while (segments(of).stream().anyMatch(swept::contains)) {
      run.sleep(Duration.ofMillis(50));
    }
  }

  @Test
  void whatIsRestoredIsWhatWasThere() {
    birds.insert(0, 50);
    birds.flush();
    birds.insert(50, 30);
    delete("id in [3, 4, 60]");
    Set<Long> expected = range(0, 80);
    expected.removeAll(Set.of(3L, 4L, 60L));
    take(MONDAY);
    Set<ObjectKey> ofMonday = segments(id());

    birds.insert(80, 40);
    delete("id < 20");
    birds.flush();
    Set<ObjectKey> ofTuesday = segments(id());
    ofTuesday.removeAll(ofMonday);
    assertThat(ofTuesday).isNotEmpty();
    Birds.require(
        birds
            .stub()
            .manualCompaction(ManualCompactionRequest.newBuilder().setCollectionName(NAME).build())
            .getStatus());
    Birds.require(
        birds
            .stub()
            .truncateCollection(
                TruncateCollectionRequest.newBuilder().setCollectionName(NAME).build())
            .getStatus());
    birds.flush();
    assertThat(birds.count()).isZero();
    awaitSwept(id(), ofTuesday);

    assertThat(list()).containsExactly(MONDAY);
    var described =
        birds
            .stub()
            .describeSnapshot(
                DescribeSnapshotRequest.newBuilder()
                    .setCollectionName(NAME)
                    .setName(MONDAY)
                    .build());
    assertThat(described.getDescription()).isEqualTo("before the storm");
    assertThat(described.getPartitionNamesList()).containsExactly("_default");

    RestoreSnapshotInfo done = restore(MONDAY);

    assertThat(done.getState())
        .as(done.getReason())
        .isEqualTo(RestoreSnapshotState.RestoreSnapshotCompleted);
    assertThat(done.getProgress()).isEqualTo(100);
    assertThat(done.getCollectionName()).isEqualTo(RESTORED);
    try (Birds restored = birds(RESTORED)) {
      restored.load();
      assertThat(keys(restored, RESTORED)).isEqualTo(expected);
      assertThat(restored.count()).isEqualTo(expected.size());
      assertThat(restored.nearest(61)).isEqualTo(61);
      restored.insert(3, 1);
      restored.flush();
      assertThat(restored.count("id == 3")).isEqualTo(1);
      assertThat(birds.count()).as("the other collection").isZero();

      CollectionId dropped = id();
      dropAll();
      awaitSwept(dropped, segments(dropped));
      restored.insert(4, 1);
      expected.addAll(Set.of(3L, 4L));
      assertThat(keys(restored, RESTORED)).as("has files of its own").isEqualTo(expected);
    }
  }

  /// The snapshot and its collection.
  private void dropAll() {
    Birds.require(
        birds
            .stub()
            .dropSnapshot(
                DropSnapshotRequest.newBuilder().setCollectionName(NAME).setName(MONDAY).build()));
    assertThat(list()).isEmpty();
    take("tuesday");
    Birds.require(
        birds
            .stub()
            .dropCollection(DropCollectionRequest.newBuilder().setCollectionName(NAME).build()));
  }

  @Test
  void anEmptyCollectionIsRestoredEmpty() {
    take(MONDAY);
    birds.insert(0, 5);

    assertThat(restore(MONDAY).getState()).isEqualTo(RestoreSnapshotState.RestoreSnapshotCompleted);

    BoolResponse there =
        birds
            .stub()
            .hasCollection(HasCollectionRequest.newBuilder().setCollectionName(RESTORED).build());
    assertThat(there.getValue()).isTrue();
    try (Birds restored = birds(RESTORED)) {
      restored.load();
      assertThat(restored.count()).isZero();
      restored.insert(1, 2);
      assertThat(restored.count()).isEqualTo(2);
    }
  }

  @Test
  void aRestoreGoesOnWhenEverybodyWhoWorkedOnItIsGone() {
    birds.insert(0, 50);
    delete("id < 5");
    take(MONDAY);
    MemoryCluster.Member first = member;
    member = cluster.start(Role.values());
    try (Birds other = birds(NAME)) {
      long job = begin(MONDAY);

      first.cutOff();

      assertThat(ended(other, job).getState())
          .isEqualTo(RestoreSnapshotState.RestoreSnapshotCompleted);
    }
    try (Birds restored = birds(RESTORED)) {
      restored.load();
      assertThat(keys(restored, RESTORED)).isEqualTo(range(5, 50));
    }
  }
}
