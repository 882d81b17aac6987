package io.elanus.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import io.elanus.common.meta.MetaKeys;
import io.elanus.common.model.CollectionId;
import io.elanus.common.model.NodeId;
import io.elanus.common.model.ReplicaId;
import io.elanus.common.model.ShardId;
import io.elanus.common.run.Deadline;
import io.elanus.common.run.Task;
import io.elanus.proto.internal.SearchShardRequest;
import io.elanus.proto.milvus.FieldData;
import io.elanus.proto.milvus.GetLoadStateRequest;
import io.elanus.proto.milvus.GetLoadingProgressRequest;
import io.elanus.proto.milvus.LoadCollectionRequest;
import io.elanus.proto.milvus.LoadPartitionsRequest;
import io.elanus.proto.milvus.LoadState;
import io.elanus.proto.milvus.ReleasePartitionsRequest;
import io.elanus.proto.milvus.SearchRequest;
import io.elanus.proto.milvus.ShowPartitionsRequest;
import io.elanus.proto.milvus.ShowType;
import io.elanus.proxy.service.LoadService;
import io.elanus.proxy.service.PartitionService;
import io.elanus.proxy.service.ReadService;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Which query node a read goes to, what it may look at, and what happens when somebody is gone.
class ServingTest {
  private final MemoryCluster cluster = new MemoryCluster();
  private final FilmApi films = new FilmApi(cluster);
  private final LoadService loads = cluster.service(LoadService.class);

  @AfterEach
  void close() {
    cluster.close();
  }

  private void create(int shards) {
    films.create(shards, false);
    films.index();
    films.insert(numbered(1, 5));
  }

  /// Two replicas, the first one on node 41.
  private MemoryQueryNode serveTwice(int shards) {
    create(shards);
    MemoryQueryNode second = cluster.comes(42);
    cluster.call(() ->
        loads.loadCollection(
            LoadCollectionRequest.newBuilder()
                .setCollectionName(FilmApi.NAME)
                .setReplicaNumber(2)
                .build()));
    eventually(() -> {
      search();
      return !node(41).searches().isEmpty() && !second.searches().isEmpty();
    });
    return second;
  }

  private MemoryQueryNode node(int id) {
    return (MemoryQueryNode) cluster.queryNode(new NodeId(id));
  }

  private ShardId shard(int index) {
    return cluster.collection(cluster.catalog.find(FilmApi.NAME).getId()).shard(index);
  }

  private void search() {
    assertThat(films.search(FilmApi.top(5, 0), 1, 0).getTopksList()).containsExactly(5L);
  }

  private void eventually(BooleanSupplier goal) {
    Deadline limit = Deadline.after(cluster.run, Duration.ofSeconds(30));
    while (!goal.getAsBoolean()) {
      assertThat(limit.hasPassed(cluster.run)).isFalse();
      cluster.run.sleep(Duration.ofMillis(1));
    }
  }

  // replicas

  @Test
  void readsAreSpreadOverReplicas() {
    MemoryQueryNode second = serveTwice(1);
    int before = node(41).searches().size() + second.searches().size();

    for (int i = 0; i < 200; i++) {
      search();
    }

    assertThat(node(41).searches()).hasSizeGreaterThan(50);
    assertThat(second.searches()).hasSizeGreaterThan(50);
    assertThat(node(41).searches().size() + second.searches().size()).isEqualTo(before + 200);
  }

  @Test
  void aReplicaThatDoesNotAnswerIsLeftForAnother() {
    MemoryQueryNode second = serveTwice(2);
    for (ErrorCode code :
        List.of(
            ErrorCode.SERVICE_UNAVAILABLE, ErrorCode.NODE_NOT_MATCH, ErrorCode.OUTCOME_UNKNOWN)) {
      second.refuse(code);
      for (int i = 0; i < 50; i++) {
        search();
      }
    }
    assertThat(cluster.proxy.counts().retries()).isPositive();
  }

  @Test
  void aReplicaWhoseNodeIsGoneIsNotAskedAnyMore() {
    serveTwice(1);
    cluster.goes(42);
    eventually(() -> {
      long before = cluster.proxy.counts().retries();
      for (int i = 0; i < 20; i++) {
        search();
      }
      return cluster.proxy.counts().retries() == before;
    });
  }

  @Test
  void whatALeaderRefusesForGoodIsNotTriedElsewhere() {
    MemoryQueryNode second = serveTwice(1);
    node(41).refuse(ErrorCode.MEMORY_LIMIT_EXCEEDED);
    second.refuse(ErrorCode.MEMORY_LIMIT_EXCEEDED);
    long before = cluster.proxy.counts().retries();

    assertThatThrownBy(this::search).hasMessage("the node refuses");
    assertThat(cluster.proxy.counts().retries()).isEqualTo(before);
  }

  @Test
  void oneShardWithoutAnswerIsAnErrorOfTheWhole() {
    create(2);
    films.load();
    search();
    cluster.comes(42).refuse(ErrorCode.SERVICE_UNAVAILABLE);
    cluster.route(shard(1), 1, new NodeId(42));

    assertThatThrownBy(
            () -> {
              for (int i = 0; i < 100; i++) {
                search();
              }
            })
        .hasMessage("the node refuses");
  }

  @Test
  void aReadWaitsForTheNewRoute() {
    create(1);
    films.load();
    search();
    node(41).refuse(ErrorCode.SERVICE_UNAVAILABLE);
    AtomicBoolean found = new AtomicBoolean();
    Task reader =
        cluster.run.fork(
            "reader",
            () -> {
              search();
              found.set(true);
            });
    eventually(() -> cluster.proxy.counts().retries() > 3);

    cluster.comes(42);
    cluster.route(shard(0), 1, new NodeId(42));
    reader.awaitEnd();

    assertThat(found).isTrue();
  }

  // without coordinators

  @Test
  void readsGoOnWithoutAnyCoordinator() {
    MemoryQueryNode second = serveTwice(2);
    cluster.coordinatorsDie();

    search();
    assertThat(films.query("id == 1", "id").getFieldsDataCount()).isEqualTo(1);
    second.refuse(ErrorCode.SERVICE_UNAVAILABLE);
    search();
    cluster.goes(42);
    search();
    assertThatThrownBy(() -> films.insert(Films.ids(9), Films.titles("a"), Films.vectors(1, 1)))
        .isInstanceOfSatisfying(
            DbException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.SERVICE_UNAVAILABLE));
  }

  @Test
  void aProxyThatStartsWithoutCoordinatorsReads() {
    create(2);
    films.load();
    cluster.publishCatalog();
    cluster.coordinatorsDie();

    try (ProxyRole other = cluster.anotherProxy(Duration.ofSeconds(5))) {
      ReadService reads =
          other.services().stream()
              .filter(ReadService.class::isInstance)
              .map(ReadService.class::cast)
              .findFirst()
              .orElseThrow();
      SearchRequest request =
          FilmApi.top(5, 0)
              .setCollectionName(FilmApi.NAME)
              .setPlaceholderGroup(FilmApi.placeholder(1, 0))
              .build();
      eventually(() -> {
        try {
          return cluster.call(() -> reads.search(request)).getResults().getTopks(0) == 5;
        } catch (DbException e) {
          assertThat(e.code()).isEqualTo(ErrorCode.SERVICE_UNAVAILABLE); // the watch is behind
          return false;
        }
      });
      SearchRequest unknown = request.toBuilder().setCollectionName("nobody").build();
      assertThatThrownBy(() -> cluster.call(() -> reads.search(unknown)))
          .isInstanceOfSatisfying(
              DbException.class,
              e -> assertThat(e.code()).isEqualTo(ErrorCode.SERVICE_UNAVAILABLE));
    }
  }

  @Test
  void aCollectionThatIsNotLoadedSaysSoWithoutCoordinators() {
    create(1);
    films.load();
    search();
    long id = cluster.catalog.find(FilmApi.NAME).getId();
    cluster.remove(MetaKeys.load(new CollectionId(id)));
    cluster.remove(MetaKeys.route(shard(0), new ReplicaId(1)));
    cluster.publishCatalog();
    cluster.coordinatorsDie();

    eventually(() -> {
      try {
        search();
        return false; // the watch of loads is behind
      } catch (DbException e) {
        if (e.code() == ErrorCode.SERVICE_UNAVAILABLE) {
          return false; // the watch of the catalog is behind
        }
        assertThat(e).hasMessage("collection not loaded[collection=films]");
        return true;
      }
    });
  }

  @Test
  void aShardNobodyLeadsIsServedByAnyNode() {
    create(2);
    films.load();
    search();
    cluster.coordinatorsDie();
    MemoryQueryNode first = cluster.comes(50);
    MemoryQueryNode second = cluster.comes(51);
    cluster.goes(41);

    try (ProxyRole patient = cluster.anotherProxy(Duration.ofSeconds(20))) {
      long begin = cluster.run.nanoTime();
      coldSearch(patient);
      assertThat(Duration.ofNanos(cluster.run.nanoTime() - begin))
          .as("a leader may come back")
          .isGreaterThan(Duration.ofMillis(1_900));

      coldSearch(patient);
      assertThat(patient.counts().coldCalls()).isGreaterThanOrEqualTo(4);
    }
    List<SearchShardRequest> asked = new ArrayList<>(first.searches());
    asked.addAll(second.searches());
    assertThat(asked).isNotEmpty().allMatch(SearchShardRequest::getCold);
    assertThat(first.searches())
        .extracting(SearchShardRequest::getShard)
        .doesNotContainAnyElementsOf(
            second.searches().stream().map(SearchShardRequest::getShard).toList());
  }

  @Test
  void aNodeWithoutRoomForAColdShardIsLeftForAnother() {
    create(1);
    films.load();
    search();
    MemoryQueryNode first = cluster.comes(50);
    MemoryQueryNode second = cluster.comes(51);
    cluster.goes(41);
    try (ProxyRole patient = cluster.anotherProxy(Duration.ofSeconds(20))) {
      coldSearch(patient);
      (first.searches().isEmpty() ? second : first).refuse(ErrorCode.MEMORY_LIMIT_EXCEEDED);

      coldSearch(patient);
    }
    assertThat(first.searches()).isNotEmpty();
    assertThat(second.searches()).isNotEmpty();
  }

  private void coldSearch(ProxyRole proxy) {
    ReadService reads =
        proxy.services().stream()
            .filter(ReadService.class::isInstance)
            .map(ReadService.class::cast)
            .findFirst()
            .orElseThrow();
    cluster.publishCatalog();
    SearchRequest request =
        FilmApi.top(5, 0)
            .setCollectionName(FilmApi.NAME)
            .setPlaceholderGroup(FilmApi.placeholder(1, 0))
            .build();
    eventually(() -> {
      try {
        return cluster.call(() -> reads.search(request)).getResults().getTopks(0) == 5;
      } catch (DbException e) {
        assertThat(e.code()).isEqualTo(ErrorCode.SERVICE_UNAVAILABLE); // the watch is behind
        return false;
      }
    });
  }

  // versions

  @Test
  void aPlanOfAnOldSchemaIsMadeAnewOnce() {
    create(1);
    films.load();
    search();
    node(41).refuseOlderThan(cluster.catalog.find(FilmApi.NAME).getVersion() + 1);
    assertThatThrownBy(this::search)
        .isInstanceOfSatisfying(
            DbException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.SCHEMA_MISMATCH));

    cluster.catalog.addPartition(FilmApi.NAME, "other");
    search();
    assertThat(node(41).searches().getLast().getCollectionVersion())
        .isEqualTo(cluster.catalog.find(FilmApi.NAME).getVersion());
  }

  // parts

  @Test
  void onlyLoadedPartitionsAreRead() {
    films.create(1, false);
    films.index();
    long other = cluster.catalog.addPartition(FilmApi.NAME, "other");
    films.insert(numbered(1, 5));
    cluster.call(() -> loads.loadPartitions(loading("other")));

    films.search(FilmApi.top(5, 0), 1, 0);
    assertThat(node(41).searches().getLast().getPartitionIdsList()).containsExactly(other);
    assertThatThrownBy(() -> films.search(FilmApi.top(5, 0).addPartitionNames("_default"), 1, 0))
        .isInstanceOfSatisfying(
            DbException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.PARTITION_NOT_LOADED))
        .hasMessageStartingWith("partition not loaded[partition=");
    assertThatThrownBy(() -> films.search(FilmApi.top(5, 0).addPartitionNames("no"), 1, 0))
        .hasMessage("partition name no not found: partition not found[partition=no]");
    assertThatThrownBy(() -> films.delete("title == \"t1\""))
        .hasMessageStartingWith("partition not loaded[partition=");
    films.delete("id in [1]");
    assertThat(shown(ShowType.InMemory)).containsExactly("other");
    assertThat(loadState("_default")).isEqualTo(LoadState.LoadStateNotLoad);
    assertThat(loadState("other")).isEqualTo(LoadState.LoadStateLoaded);

    cluster.call(() -> loads.loadPartitions(loading("_default")));
    films.search(FilmApi.top(5, 0).addPartitionNames("_default"), 1, 0);
    films.search(FilmApi.top(5, 0), 1, 0);
    assertThat(node(41).searches().getLast().getPartitionIdsList()).isEmpty();

    cluster.call(() -> loads.releasePartitions(releasing("other", "_default")));
    assertThatThrownBy(() -> films.search(FilmApi.top(5, 0), 1, 0))
        .hasMessage("collection not loaded[collection=films]");
  }

  private static LoadPartitionsRequest loading(String... names) {
    return LoadPartitionsRequest.newBuilder()
        .setCollectionName(FilmApi.NAME)
        .addAllPartitionNames(List.of(names))
        .build();
  }

  private static ReleasePartitionsRequest releasing(String... names) {
    return ReleasePartitionsRequest.newBuilder()
        .setCollectionName(FilmApi.NAME)
        .addAllPartitionNames(List.of(names))
        .build();
  }

  @SuppressWarnings("deprecation") // type: deprecated, and sent by SDKs
  private List<String> shown(ShowType type) {
    return cluster
        .call(() ->
            cluster
                .service(PartitionService.class)
                .showPartitions(
                    ShowPartitionsRequest.newBuilder()
                        .setCollectionName(FilmApi.NAME)
                        .setType(type)
                        .build()))
        .getPartitionNamesList();
  }

  private LoadState loadState(String partition) {
    return cluster
        .call(() ->
            loads.getLoadState(
                GetLoadStateRequest.newBuilder()
                    .setCollectionName(FilmApi.NAME)
                    .addPartitionNames(partition)
                    .build()))
        .getState();
  }

  @Test
  void fieldsAreLoadedWithTheKeyAndAVector() {
    create(1);
    LoadCollectionRequest.Builder request =
        LoadCollectionRequest.newBuilder().setCollectionName(FilmApi.NAME);

    assertThatThrownBy(() ->
            cluster.call(() -> loads.loadCollection(request.clone().addLoadFields("v").build())))
        .hasMessage("load field list [v] does not contain primary key field id: invalid parameter");
    assertThatThrownBy(() ->
            cluster.call(() -> loads.loadCollection(request.clone().addLoadFields("id").build())))
        .hasMessage("load field list [id] does not contain vector field: invalid parameter");
    assertThatThrownBy(() ->
            cluster.call(() -> loads.loadCollection(request.clone().addLoadFields("x").build())))
        .hasMessage("field not found[field=x]");

    cluster.call(
        () -> loads.loadCollection(request.clone().addLoadFields("id").addLoadFields("v").build()));
    assertThat(films.search(FilmApi.top(5, 0).addOutputFields("*"), 1, 0).getOutputFieldsList())
        .containsExactly("id", "v", "$meta");
    assertThatThrownBy(() -> films.search(FilmApi.top(5, 0).addOutputFields("title"), 1, 0))
        .hasMessageContaining("field title is not loaded");
  }

  @Test
  void aLoadThatCannotBeDoneFailsItsProgress() {
    create(1);
    films.load();
    cluster.queryCoord.fail(ErrorCode.MEMORY_LIMIT_EXCEEDED, "memory limit exceeded[a=b]");
    GetLoadingProgressRequest request =
        GetLoadingProgressRequest.newBuilder().setCollectionName(FilmApi.NAME).build();

    assertThatThrownBy(() -> cluster.call(() -> loads.getLoadingProgress(request)))
        .hasMessage("memory limit exceeded[a=b]")
        .isInstanceOfSatisfying(
            DbException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.MEMORY_LIMIT_EXCEEDED));
  }

  @Test
  void aRefreshNeedsALoadedCollection() {
    create(1);
    LoadCollectionRequest refresh =
        LoadCollectionRequest.newBuilder().setCollectionName(FilmApi.NAME).setRefresh(true).build();

    assertThatThrownBy(() -> cluster.call(() -> loads.loadCollection(refresh)))
        .hasMessage("collection not loaded[collection=films]");
    films.load();
    cluster.call(() -> loads.loadCollection(refresh));
  }

  /// Rows whose title and vector tell their id.
  private static FieldData[] numbered(int first, int count) {
    long[] ids = LongStream.range(first, first + count).toArray();
    String[] titles = new String[count];
    float[] vectors = new float[count * 2];
    for (int i = 0; i < count; i++) {
      titles[i] = "t" + ids[i];
      vectors[i * 2] = ids[i];
    }
    return new FieldData[] {Films.ids(ids), Films.titles(titles), Films.vectors(vectors)};
  }
}
