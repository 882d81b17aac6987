package io.elanus.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.elanus.proto.milvus.FieldData;
import io.elanus.proto.milvus.QueryRequest;
import io.elanus.proto.milvus.QueryResults;
import io.elanus.proto.milvus.SearchRequest;
import io.elanus.proto.milvus.SearchResults;
import io.elanus.proxy.service.ReadService;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Iterators as SDKs drive them, through a proxy.
final class IteratorCallsTest {
  private final MemoryCluster cluster = new MemoryCluster();
  private final FilmApi films = new FilmApi(cluster);

  @AfterEach
  void close() {
    cluster.close();
  }

  private void serve(int shards) {
    films.create(shards, false);
    films.index();
    films.load();
  }

  private void insert(int first, int count) {
    long[] ids = IntStream.range(first, first + count).asLongStream().toArray();
    float[] vectors = new float[2 * count];
    for (int i = 0; i < count; i++) {
      vectors[2 * i] = (first + i) / 3; // three rows are equally near each
    }
    String[] titles = IntStream.range(0, count).mapToObj(i -> "t").toArray(String[]::new);
    films.insert(Films.ids(ids), Films.titles(titles), Films.vectors(vectors));
  }

  private QueryResults page(String filter, int limit, long session) {
    QueryRequest request =
        QueryRequest.newBuilder()
            .setCollectionName(FilmApi.NAME)
            .setExpr(filter)
            .setGuaranteeTimestamp(session)
            .addOutputFields("id")
            .addQueryParams(Requests.pair("iterator", "True"))
            .addQueryParams(Requests.pair("limit", "" + limit))
            .build();
    return cluster.call(() -> cluster.service(ReadService.class).query(request));
  }

  private static List<Long> ids(QueryResults results) {
    return results.getFieldsDataList().stream()
        .filter(column -> column.getFieldName().equals("id"))
        .map(FieldData::getScalars)
        .flatMap(scalars -> scalars.getLongData().getDataList().stream())
        .toList();
  }

  @Test
  void pagesOfAQueryAreAsOfTheFirst() {
    serve(3);
    insert(1, 10);

    QueryResults first = page("id > 0", 4, 0);
    films.delete("id in [6]");
    insert(11, 5);
    QueryResults second = page("id > 4", 4, first.getSessionTs());
    QueryResults third = page("id > 8", 4, first.getSessionTs());

    assertThat(first.getSessionTs()).isGreaterThan(MemoryCatalog.FIRST_TIMESTAMP);
    assertThat(ids(first)).containsExactly(1L, 2L, 3L, 4L);
    assertThat(ids(second)).containsExactly(5L, 6L, 7L, 8L);
    assertThat(ids(third)).containsExactly(9L, 10L);
  }

  @Test
  void aFirstPageThatIsNotFullPinsNothingAndIsAllThereIs() {
    serve(2);
    insert(1, 3);

    QueryResults first = page("id > 0", 4, 0);
    insert(4, 3);
    cluster.catalog.goDown();
    QueryResults second = page("id > 3", 4, first.getSessionTs());

    assertThat(ids(first)).containsExactly(1L, 2L, 3L);
    assertThat(first.getSessionTs()).isPositive();
    assertThat(second.getFieldsDataList()).isNotEmpty();
    assertThat(ids(second)).isEmpty();
  }

  @Test
  void laterPagesNeedNoCoordinator() {
    serve(2);
    insert(1, 6);
    long session = page("id > 0", 4, 0).getSessionTs();

    cluster.catalog.goDown();

    assertThat(ids(page("id > 4", 4, session))).containsExactly(5L, 6L);
  }

  private SearchResults batch(int size, SearchResults before) {
    SearchRequest.Builder request =
        SearchRequest.newBuilder()
            .setCollectionName(FilmApi.NAME)
            .setPlaceholderGroup(FilmApi.placeholder(0, 0))
            .setNq(1)
            .setGuaranteeTimestamp(before.getSessionTs())
            .addSearchParams(Requests.pair("anns_field", "v"))
            .addSearchParams(Requests.pair("topk", "" + size))
            .addSearchParams(Requests.pair("iterator", "True"))
            .addSearchParams(Requests.pair("search_iter_v2", "True"))
            .addSearchParams(Requests.pair("search_iter_batch_size", "" + size));
    if (before.getSessionTs() != 0) {
      var last = before.getResults().getSearchIteratorV2Results();
      request
          .addSearchParams(Requests.pair("search_iter_id", last.getToken()))
          .addSearchParams(Requests.pair("search_iter_last_bound", "" + last.getLastBound()));
    }
    return cluster.call(() -> cluster.service(ReadService.class).search(request.build()));
  }

  @Test
  void batchesOfASearchLoseNoRowAndRepeatNone() {
    serve(3);
    insert(0, 20);

    List<Long> all = new ArrayList<>();
    SearchResults batch = batch(4, SearchResults.getDefaultInstance());
    String token = batch.getResults().getSearchIteratorV2Results().getToken();
    insert(20, 4);
    while (batch.getResults().getScoresCount() > 0) {
      all.addAll(batch.getResults().getIds().getIntId().getDataList());
      batch = batch(4, batch);
      assertThat(batch.getResults().getSearchIteratorV2Results().getToken()).isEqualTo(token);
    }

    assertThat(token).isNotEmpty();
    assertThat(all)
        .containsExactlyElementsOf(IntStream.range(0, 20).asLongStream().boxed().toList());
  }

  @Test
  void aBatchEndsWhereADistanceEnds() {
    serve(2);
    insert(0, 9);

    SearchResults batch = batch(4, SearchResults.getDefaultInstance());

    assertThat(batch.getResults().getIds().getIntId().getDataList())
        .containsExactly(0L, 1L, 2L, 3L, 4L, 5L);
    assertThat(batch.getResults().getSearchIteratorV2Results().getLastBound()).isEqualTo(1f);
  }
}
