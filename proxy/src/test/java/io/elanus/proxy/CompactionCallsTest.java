package io.elanus.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import io.elanus.proto.milvus.CompactionState;
import io.elanus.proto.milvus.DescribeCollectionRequest;
import io.elanus.proto.milvus.GetCompactionPlansRequest;
import io.elanus.proto.milvus.GetCompactionPlansResponse;
import io.elanus.proto.milvus.GetCompactionStateRequest;
import io.elanus.proto.milvus.GetCompactionStateResponse;
import io.elanus.proto.milvus.ManualCompactionRequest;
import io.elanus.proto.milvus.ManualCompactionResponse;
import io.elanus.proto.milvus.ShowPartitionsRequest;
import io.elanus.proxy.service.CollectionService;
import io.elanus.proxy.service.MaintenanceService;
import io.elanus.proxy.service.PartitionService;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Compaction as clients ask for it, with a datacoord that has one job done and one under way.
class CompactionCallsTest {
  private final MemoryCluster cluster = new MemoryCluster();
  private final FilmApi films = new FilmApi(cluster);
  private final MaintenanceService maintenance = cluster.service(MaintenanceService.class);

  @BeforeEach
  void create() {
    films.create(1, false);
  }

  @AfterEach
  void close() {
    cluster.close();
  }

  private ManualCompactionRequest.Builder films() {
    return ManualCompactionRequest.newBuilder().setCollectionName(FilmApi.NAME);
  }

  private ManualCompactionResponse compact(ManualCompactionRequest.Builder request) {
    return cluster.call(() -> maintenance.manualCompaction(request.build()));
  }

  private GetCompactionStateResponse state(long id) {
    return cluster.call(() ->
        maintenance.getCompactionState(
            GetCompactionStateRequest.newBuilder().setCompactionID(id).build()));
  }

  @Test
  void aCollectionIsCompactedByNameAndById() {
    long id =
        cluster
            .call(() ->
                cluster
                    .service(CollectionService.class)
                    .describeCollection(
                        DescribeCollectionRequest.newBuilder()
                            .setCollectionName(FilmApi.NAME)
                            .build()))
            .getCollectionID();

    for (ManualCompactionResponse started :
        new ManualCompactionResponse[] {
          compact(films()), compact(ManualCompactionRequest.newBuilder().setCollectionID(id))
        }) {
      assertThat(started.getStatus().getCode()).isZero();
      assertThat(started.getCompactionID()).isEqualTo(88);
      assertThat(started.getCompactionPlanCount()).isEqualTo(1);
    }
  }

  @Test
  void whereThereIsNothingToDoTheIdSaysSo() {
    long partition =
        cluster
            .call(() ->
                cluster
                    .service(PartitionService.class)
                    .showPartitions(
                        ShowPartitionsRequest.newBuilder().setCollectionName(FilmApi.NAME).build()))
            .getPartitionIDs(0);

    ManualCompactionResponse started = compact(films().setPartitionId(partition));

    assertThat(started.getCompactionID()).isEqualTo(-1);
    assertThat(started.getCompactionPlanCount()).isZero();
    assertThat(state(-1).getState()).isEqualTo(CompactionState.Completed);
  }

  @Test
  void whatIsUnderWayIsToldWithWhatBecameOfIt() {
    GetCompactionStateResponse state = state(88);

    assertThat(state.getState()).isEqualTo(CompactionState.Executing);
    assertThat(state.getExecutingPlanNo()).isEqualTo(1);
    assertThat(state.getCompletedPlanNo()).isEqualTo(1);

    GetCompactionPlansResponse plans =
        cluster.call(() ->
            maintenance.getCompactionStateWithPlans(
                GetCompactionPlansRequest.newBuilder().setCompactionID(88).build()));
    assertThat(plans.getState()).isEqualTo(CompactionState.Executing);
    assertThat(plans.getMergeInfosList())
        .extracting(info -> info.getSourcesList() + " -> " + info.getTarget())
        .containsExactly("[3, 4] -> 9", "[5, 6] -> 0");
  }

  @Test
  void anIdThatNobodyKnowsIsCompleted() {
    assertThat(state(4711).getState()).isEqualTo(CompactionState.Completed);
  }

  @Test
  void mistakesAreToldInTheWordsOfMilvus() {
    assertThatThrownBy(() -> compact(films().setTargetSize(1)))
        .isInstanceOfSatisfying(
            DbException.class,
            e -> {
              assertThat(e.code()).isEqualTo(ErrorCode.INVALID_PARAMETER);
              assertThat(e.text())
                  .contains(
                      "targetSize 1 MB should be greater than or equal to configMaxSize 1024 MB");
            });
    assertThat(compact(films().setTargetSize(Long.MAX_VALUE)).getCompactionID()).isEqualTo(88);
    assertThatThrownBy(() -> compact(films().setPartitionId(4711)))
        .isInstanceOfSatisfying(
            DbException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.PARTITION_NOT_FOUND));
    assertThatThrownBy(
            () -> compact(ManualCompactionRequest.newBuilder().setCollectionName("nobody")))
        .isInstanceOfSatisfying(
            DbException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.COLLECTION_NOT_FOUND));
  }
}
