package io.elanus.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import io.elanus.common.model.Column.Int64Column;
import io.elanus.common.model.Key;
import io.elanus.common.model.KeyHash;
import io.elanus.common.record.LogRecord;
import io.elanus.common.wal.LogId;
import io.elanus.proto.internal.CreateCollectionRequest;
import io.elanus.proto.internal.DropCollectionRequest;
import io.elanus.proto.milvus.FieldData;
import io.elanus.proto.milvus.IDs;
import io.elanus.proto.milvus.LongArray;
import io.elanus.proto.milvus.MutationResult;
import io.elanus.proto.milvus.QueryResults;
import io.elanus.proto.milvus.ReleaseCollectionRequest;
import io.elanus.proto.milvus.SearchRequest;
import io.elanus.proto.milvus.SearchResultData;
import io.elanus.proxy.service.LoadService;
import io.elanus.proxy.service.ReadService;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ProxyRoleTest {
  private final MemoryCluster cluster = new MemoryCluster();
  private final FilmApi films = new FilmApi(cluster);

  @AfterEach
  void close() {
    cluster.close();
  }

  @Test
  void whatIsInsertedIsFoundNearestFirst() {
    serve(3);
    films.insert(numbered(1, 20));

    SearchResultData found = films.search(FilmApi.top(3, 0).addOutputFields("title"), 5.2f, 0);

    assertThat(found.getIds().getIntId().getDataList()).containsExactly(5L, 6L, 4L);
    assertThat(found.getTopksList()).containsExactly(3L);
    assertThat(found.getNumQueries()).isEqualTo(1);
    assertThat(found.getPrimaryFieldName()).isEqualTo("id");
    assertThat(found.getOutputFieldsList()).containsExactly("title");
    assertThat(found.getFieldsData(0).getScalars().getStringData().getDataList())
        .containsExactly("t5", "t6", "t4");
    assertThat(found.getScores(0)).isEqualTo(0.04f, within(1e-4f));
  }

  @Test
  void pagesAreSlicesOfOneList() {
    serve(3);
    films.insert(numbered(1, 20));

    List<Long> pages = new ArrayList<>();
    for (int offset = 0; offset < 9; offset += 3) {
      pages.addAll(films.search(FilmApi.top(3, offset), 5.2f, 0).getIds().getIntId().getDataList());
    }

    assertThat(pages)
        .isEqualTo(films.search(FilmApi.top(9, 0), 5.2f, 0).getIds().getIntId().getDataList());
  }

  @Test
  void aSearchThatFindsNothingIsStillAWholeAnswer() {
    serve(2);

    SearchResultData found =
        films.search(FilmApi.top(3, 0).addOutputFields("*").addOutputFields("color"), 1, 1);

    assertThat(found.getTopksList()).containsExactly(0L);
    assertThat(found.getIds().hasIntId()).isTrue();
    assertThat(found.getOutputFieldsList()).containsExactly("id", "title", "v", "$meta", "color");
    assertThat(found.getFieldsDataList())
        .extracting(FieldData::getFieldName)
        .containsExactly("id", "title", "v", "$meta");
  }

  @Test
  void undeclaredKeysComeInsideTheDynamicFieldOnlyAsAskedFor() {
    serve(1);
    films.insert(
        Films.ids(1),
        Films.titles("a"),
        Films.vectors(1, 1),
        Films.meta("{\"color\":\"red\",\"year\":1999}"));

    QueryResults rows = films.query("id == 1", "color");

    assertThat(rows.getOutputFieldsList()).containsExactly("color", "id");
    FieldData meta =
        rows.getFieldsDataList().stream().filter(FieldData::getIsDynamic).findFirst().orElseThrow();
    assertThat(meta.getScalars().getJsonData().getData(0).toStringUtf8())
        .isEqualTo("{\"color\":\"red\"}");
  }

  @Test
  void aQueryReturnsRowsInKeyOrderAndCounts() {
    serve(4);
    films.insert(numbered(1, 50));

    QueryResults rows = films.query("id in [40, 3, 17]", "title");

    assertThat(column(rows, "id").getScalars().getLongData().getDataList())
        .containsExactly(3L, 17L, 40L);
    assertThat(column(rows, "title").getScalars().getStringData().getDataList())
        .containsExactly("t3", "t17", "t40");
    assertThat(
            films.query("", "count(*)").getFieldsData(0).getScalars().getLongData().getDataList())
        .containsExactly(50L);
  }

  @Test
  void aSearchCanStartFromStoredRows() {
    serve(3);
    films.insert(numbered(1, 20));
    SearchRequest request =
        FilmApi.top(1, 0)
            .setCollectionName(FilmApi.NAME)
            .setIds(IDs.newBuilder().setIntId(LongArray.newBuilder().addData(9).addData(2)))
            .build();

    SearchResultData found =
        cluster.call(() -> cluster.service(ReadService.class).search(request)).getResults();

    assertThat(found.getTopksList()).containsExactly(1L, 1L);
    assertThat(found.getIds().getIntId().getDataList()).containsExactly(9L, 2L);
  }

  @Test
  void rowsGoToTheShardOfTheirKeyAndSequencesAreDense() {
    films.create(3, false);

    MutationResult first = films.insert(numbered(1, 30));
    films.insert(numbered(31, 30));

    assertThat(first.getInsertCnt()).isEqualTo(30);
    assertThat(first.getSuccIndexList()).hasSize(30);
    assertThat(first.getTimestamp()).isPositive();
    for (int shard = 0; shard < 3; shard++) {
      List<LogRecord> records = cluster.shards.records(new LogId(shard));
      assertThat(records).extracting(r -> r.header().sequence()).containsExactly(1L, 2L);
      assertThat(records).allMatch(r -> r.header().writer() == 99 && r.header().attempt() == 0);
      LogRecord.Insert insert = (LogRecord.Insert) records.getFirst();
      Int64Column ids = (Int64Column) insert.rows().column(Films.ID);
      for (long id : ids.values()) {
        assertThat(KeyHash.shard(Key.of(id), 3)).isEqualTo(shard);
      }
    }
  }

  @Test
  void assignedKeysAreReturned() {
    films.create(2, true);

    MutationResult done = films.insert(Films.titles("a", "b"), Films.vectors(1, 1, 2, 2));

    assertThat(done.getIDs().getIntId().getDataList()).hasSize(2).doesNotHaveDuplicates();
    assertThatThrownBy(() -> films.insert(Films.ids(1), Films.titles("a"), Films.vectors(1, 1)))
        .hasMessageContaining("can not assign primary field data when auto id enabled id");
  }

  @Test
  void anUpsertReplacesInOneRecordAlsoWhenItsKeyIsAssigned() {
    films.create(3, true);
    MutationResult inserted = films.insert(Films.titles("a"), Films.vectors(1, 1));
    long old = inserted.getIDs().getIntId().getData(0);

    MutationResult done = films.upsert(Films.ids(old), Films.titles("b"), Films.vectors(2, 2));

    long fresh = done.getIDs().getIntId().getData(0);
    assertThat(done.getUpsertCnt()).isEqualTo(1);
    assertThat(fresh).isNotEqualTo(old);
    assertThat(KeyHash.shard(Key.of(fresh), 3)).isEqualTo(KeyHash.shard(Key.of(old), 3));
    assertThat(cluster.shards.records(new LogId(KeyHash.shard(Key.of(old), 3))))
        .hasSize(2)
        .last()
        .isInstanceOf(LogRecord.Upsert.class);
  }

  @Test
  void anUpsertOfTheSameKeyTwiceIsRefused() {
    films.create(1, false);

    assertThatThrownBy(
            () -> films.upsert(Films.ids(1, 1), Films.titles("a", "b"), Films.vectors(1, 1, 2, 2)))
        .hasMessageContaining("duplicate primary keys are not allowed in the same batch");
  }

  @Test
  void listedKeysAreDeletedWithoutLoading() {
    films.create(3, false);
    films.insert(numbered(1, 10));

    MutationResult done = films.delete("id in [1, 2, 400]");

    assertThat(done.getDeleteCnt()).isEqualTo(3);
    assertThat(done.getIDs().hasIntId()).isFalse();
    assertThat(deletes()).allMatch(delete -> delete.upTo().isEmpty());
  }

  @Test
  void aDeleteByConditionSaysAtWhichVersionItWasEvaluated() {
    serve(3);
    films.insert(numbered(1, 10));

    MutationResult done = films.delete("title == \"t4\"");

    assertThat(done.getDeleteCnt()).isEqualTo(1);
    assertThat(deletes()).hasSize(1).allMatch(delete -> delete.upTo().isPresent());
    assertThat(
            films.query("id == 4", "id").getFieldsData(0).getScalars().getLongData().getDataCount())
        .isZero();
  }

  @Test
  void aDeleteOfEverythingIsRefused() {
    films.create(1, false);

    for (String filter : List.of("", "1 == 1")) {
      assertThatThrownBy(() -> films.delete(filter))
          .hasMessageContaining("delete plan can't be empty or always true");
    }
  }

  @Test
  void aClientWithAnOldSchemaIsToldSo() {
    films.create(1, false);

    assertThatThrownBy(
            () -> films.insert(4711, Films.ids(1), Films.titles("a"), Films.vectors(1, 1)))
        .isInstanceOfSatisfying(
            DbException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.SCHEMA_MISMATCH));
  }

  @Test
  void aWriteIntoACollectionMadeAnewBehindTheProxysBackGoesToTheNewOne() {
    films.create(1, false);
    films.insert(Films.ids(1), Films.titles("a"), Films.vectors(1, 1));
    var schema = cluster.catalog.find(FilmApi.NAME).getSchema();
    cluster.catalog.dropCollection(
        DropCollectionRequest.newBuilder().setName(FilmApi.NAME).build());
    cluster.catalog.createCollection(
        CreateCollectionRequest.newBuilder().setSchema(schema).setShardCount(1).build());

    films.insert(Films.ids(2), Films.titles("b"), Films.vectors(2, 2));

    assertThat(cluster.shards.records(new LogId(0)))
        .extracting(record -> record.header().shard().collection())
        .doesNotHaveDuplicates()
        .hasSize(2);
  }

  @Test
  void aWriteIntoADroppedCollectionFails() {
    films.create(1, false);
    films.insert(Films.ids(1), Films.titles("a"), Films.vectors(1, 1));
    cluster.catalog.dropCollection(
        DropCollectionRequest.newBuilder().setName(FilmApi.NAME).build());

    assertThatThrownBy(() -> films.insert(Films.ids(2), Films.titles("b"), Films.vectors(2, 2)))
        .hasMessage("can't find collection[database=default][collection=films]");
    assertThat(cluster.shards.records(new LogId(0))).hasSize(1);
  }

  @Test
  void aCollectionThatIsNotLoadedSaysSo() {
    films.create(2, false);
    films.index();

    assertThatThrownBy(() -> films.search(FilmApi.top(1, 0), 1, 1))
        .hasMessage("collection not loaded[collection=films]");

    films.load();
    films.search(FilmApi.top(1, 0), 1, 1);
    cluster.call(() ->
        cluster
            .service(LoadService.class)
            .releaseCollection(
                ReleaseCollectionRequest.newBuilder().setCollectionName(FilmApi.NAME).build()));

    assertThatThrownBy(() -> films.query("id == 1", "id"))
        .hasMessage("collection not loaded[collection=films]");
  }

  @Test
  void aLeaderThatLostItsShardIsAskedAgain() {
    serve(2);
    films.insert(numbered(1, 5));
    cluster.shards.refuse(3);

    assertThat(films.search(FilmApi.top(5, 0), 1, 0).getTopksList()).containsExactly(5L);
  }

  @Test
  void readsGoOnWithoutRootcoord() {
    serve(2);
    films.insert(numbered(1, 5));
    films.search(FilmApi.top(5, 0), 1, 0);

    cluster.catalog.goDown();

    assertThat(films.search(FilmApi.top(5, 0), 1, 0).getTopksList()).containsExactly(5L);
    assertThatThrownBy(() -> films.insert(Films.ids(9), Films.titles("a"), Films.vectors(1, 1)))
        .isInstanceOfSatisfying(
            DbException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.SERVICE_UNAVAILABLE));
  }

  private List<LogRecord.Delete> deletes() {
    List<LogRecord.Delete> deletes = new ArrayList<>();
    for (int log = 0; log < 4; log++) {
      for (LogRecord record : cluster.shards.records(new LogId(log))) {
        if (record instanceof LogRecord.Delete delete) {
          deletes.add(delete);
        }
      }
    }
    return deletes;
  }

  private void serve(int shards) {
    films.create(shards, false);
    films.index();
    films.load();
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

  private static FieldData column(QueryResults rows, String name) {
    return rows.getFieldsDataList().stream()
        .filter(column -> column.getFieldName().equals(name))
        .findFirst()
        .orElseThrow();
  }
}
