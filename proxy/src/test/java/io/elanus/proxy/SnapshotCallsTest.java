package io.elanus.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import io.elanus.proto.milvus.CreateSnapshotRequest;
import io.elanus.proto.milvus.DescribeSnapshotRequest;
import io.elanus.proto.milvus.DescribeSnapshotResponse;
import io.elanus.proto.milvus.DropSnapshotRequest;
import io.elanus.proto.milvus.GetRestoreSnapshotStateRequest;
import io.elanus.proto.milvus.ListRestoreSnapshotJobsRequest;
import io.elanus.proto.milvus.ListSnapshotsRequest;
import io.elanus.proto.milvus.RestoreSnapshotInfo;
import io.elanus.proto.milvus.RestoreSnapshotRequest;
import io.elanus.proto.milvus.RestoreSnapshotState;
import io.elanus.proxy.service.SnapshotService;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Snapshots as clients ask for them.
class SnapshotCallsTest {
  private final MemoryCluster cluster = new MemoryCluster();
  private final FilmApi films = new FilmApi(cluster);
  private final SnapshotService snapshots = cluster.service(SnapshotService.class);

  @BeforeEach
  void create() {
    films.create(1, false);
  }

  @AfterEach
  void close() {
    cluster.close();
  }

  private void take(String name) {
    cluster.call(() ->
        snapshots.createSnapshot(
            CreateSnapshotRequest.newBuilder()
                .setCollectionName(FilmApi.NAME)
                .setName(name)
                .setDescription("of " + name)
                .build()));
  }

  private List<String> list() {
    return cluster
        .call(() ->
            snapshots.listSnapshots(
                ListSnapshotsRequest.newBuilder().setCollectionName(FilmApi.NAME).build()))
        .getSnapshotsList();
  }

  private DescribeSnapshotResponse describe(String name) {
    return cluster.call(() ->
        snapshots.describeSnapshot(
            DescribeSnapshotRequest.newBuilder()
                .setCollectionName(FilmApi.NAME)
                .setName(name)
                .build()));
  }

  private void drop(String name) {
    cluster.call(() ->
        snapshots.dropSnapshot(
            DropSnapshotRequest.newBuilder()
                .setCollectionName(FilmApi.NAME)
                .setName(name)
                .build()));
  }

  @Test
  void whatIsTakenIsListedAndDescribedUntilItIsDropped() {
    take("monday");
    take("tuesday");

    assertThat(list()).containsExactly("monday", "tuesday");
    DescribeSnapshotResponse monday = describe("monday");
    assertThat(monday.getStatus().getCode()).isZero();
    assertThat(monday.getName()).isEqualTo("monday");
    assertThat(monday.getDescription()).isEqualTo("of monday");
    assertThat(monday.getCollectionName()).isEqualTo(FilmApi.NAME);
    assertThat(monday.getPartitionNamesList()).containsExactly("_default");
    assertThat(monday.getCreateTs()).isEqualTo(1L << 40);
    assertThat(monday.getS3Location()).endsWith("/snapshot/0000000000000001.snapshot");

    drop("monday");

    assertThat(list()).containsExactly("tuesday");
    assertRefused(
        () -> describe("monday"), ErrorCode.INVALID_PARAMETER, "snapshot monday not found");
    assertRefused(() -> drop("monday"), ErrorCode.INVALID_PARAMETER, "snapshot monday not found");
  }

  @Test
  void mistakesAreToldInTheWordsOfMilvus() {
    take("monday");

    assertRefused(
        () -> take("monday"), ErrorCode.INVALID_PARAMETER, "snapshot name monday already exists");
    assertRefused(() -> take(""), ErrorCode.INVALID_PARAMETER, "snapshot name should be not empty");
    assertRefused(
        () -> take("2024"),
        ErrorCode.INVALID_PARAMETER,
        "the first character of snapshot name must be an underscore or letter");
    assertRefused(
        () ->
            cluster.call(() -> snapshots.listSnapshots(ListSnapshotsRequest.getDefaultInstance())),
        ErrorCode.MISSING_PARAMETER,
        "collection_name is required for ListSnapshots: missing parameter");
    assertRefused(
        () ->
            cluster.call(() ->
                snapshots.createSnapshot(
                    CreateSnapshotRequest.newBuilder()
                        .setCollectionName(FilmApi.NAME)
                        .setName("a")
                        .setCompactionProtectionSeconds(-1)
                        .build())),
        ErrorCode.INVALID_PARAMETER,
        "compaction_protection_seconds must be non-negative");
    assertRefused(
        () ->
            cluster.call(() ->
                snapshots.createSnapshot(
                    CreateSnapshotRequest.newBuilder()
                        .setCollectionName("nobody")
                        .setName("a")
                        .build())),
        ErrorCode.COLLECTION_NOT_FOUND,
        "nobody");
  }

  private long restore(String name, String target) {
    return cluster
        .call(() ->
            snapshots.restoreSnapshot(
                RestoreSnapshotRequest.newBuilder()
                    .setCollectionName(FilmApi.NAME)
                    .setName(name)
                    .setTargetCollectionName(target)
                    .build()))
        .getJobId();
  }

  private RestoreSnapshotInfo state(long job) {
    return cluster
        .call(() ->
            snapshots.getRestoreSnapshotState(
                GetRestoreSnapshotStateRequest.newBuilder().setJobId(job).build()))
        .getInfo();
  }

  private List<Long> jobs(String target) {
    return cluster
        .call(() ->
            snapshots.listRestoreSnapshotJobs(
                ListRestoreSnapshotJobsRequest.newBuilder().setCollectionName(target).build()))
        .getJobsList()
        .stream()
        .map(RestoreSnapshotInfo::getJobId)
        .toList();
  }

  @Test
  void aRestoreIsToldOfAsItGoesOnAndWhenItHasFailed() {
    take("monday");
    long first = restore("monday", "copy");
    long second = restore("monday", "other");

    RestoreSnapshotInfo running = state(first);
    assertThat(running.getState()).isEqualTo(RestoreSnapshotState.RestoreSnapshotPending);
    assertThat(running.getSnapshotName()).isEqualTo("monday");
    assertThat(running.getDbName()).isEqualTo("default");
    assertThat(running.getCollectionName()).isEqualTo("copy");
    assertThat(running.getProgress()).isEqualTo(40);
    assertThat(running.getStartTime()).isEqualTo(1_000);
    assertThat(running.getTimeCost()).isEqualTo(250);
    assertThat(state(second).getState()).isEqualTo(RestoreSnapshotState.RestoreSnapshotFailed);
    assertThat(state(second).getReason()).isEqualTo("no room");
    assertThat(jobs("")).containsExactly(first, second);
    assertThat(jobs("other")).containsExactly(second);
    assertRefused(() -> state(4711), ErrorCode.INVALID_PARAMETER, "restore job 4711 not found");
  }

  @Test
  void aCollectionThatIsThereIsNotRestoredTo() {
    take("monday");

    assertRefused(() -> restore("monday", FilmApi.NAME), ErrorCode.INVALID_PARAMETER, "it exists");
    assertRefused(
        () -> restore("monday", ""),
        ErrorCode.MISSING_PARAMETER,
        "target_collection_name is required for restore snapshot");
    assertRefused(
        () -> restore("monday", "1a"), ErrorCode.INVALID_PARAMETER, "Invalid collection name: 1a.");
  }

  private static void assertRefused(ThrowingCallable call, ErrorCode code, String text) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            DbException.class,
            e -> {
              assertThat(e.code()).isEqualTo(code);
              assertThat(e.text()).contains(text);
            });
  }
}
