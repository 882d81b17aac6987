package io.elanus.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.elanus.common.run.Deadline;
import io.elanus.common.run.FanOut;
import io.elanus.proto.milvus.FieldData;
import io.elanus.proto.milvus.FieldPartialUpdateOp;
import io.elanus.proto.milvus.MutationResult;
import io.elanus.proto.milvus.QueryResults;
import io.elanus.proto.milvus.UpsertRequest;
import io.elanus.proxy.service.WriteService;
import java.util.List;
import java.util.function.IntConsumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Upserts of some fields, through the proxy.
class PartialUpsertTest {
  private static final int ROUNDS = 30;

  private final MemoryCluster cluster = new MemoryCluster();
  private final FilmApi films = new FilmApi(cluster);

  @BeforeEach
  void create() {
    films.create(2, false);
    films.index();
    films.load();
    films.insert(
        Films.ids(1, 2), Films.titles("a", "b"), Films.vectors(1, 1, 2, 2), Films.meta("{}", "{}"));
  }

  @AfterEach
  void close() {
    cluster.close();
  }

  @Test
  void fieldsThatAreNotGivenKeepTheirValues() {
    MutationResult done = films.update(Films.ids(2, 1), Films.titles("b2", "a2"));

    assertThat(done.getUpsertCnt()).isEqualTo(2);
    assertThat(done.getIDs().getIntId().getDataList()).containsExactly(2L, 1L);
    QueryResults rows = films.query("id in [1, 2]", "title", "v");
    assertThat(column(rows, "title").getScalars().getStringData().getDataList())
        .containsExactly("a2", "b2");
    assertThat(column(rows, "v").getVectors().getFloatVector().getDataList())
        .containsExactly(1f, 1f, 2f, 2f);
  }

  @Test
  void aKeyThatIsNotThereIsInserted() {
    assertThatThrownBy(() -> films.update(Films.ids(3), Films.titles("c")))
        .hasMessageStartingWith("fieldSchema(v) has no corresponding fieldData pass in");
    assertThatThrownBy(() -> films.update(Films.titles("c")))
        .hasMessageStartingWith("must assign pk when upsert, primary field: id");
    assertThatThrownBy(() -> films.update(Films.ids(1, 1), Films.titles("c", "c")))
        .hasMessageStartingWith("duplicate primary keys are not allowed in the same batch");

    films.update(Films.ids(3), Films.titles("c"), Films.vectors(3, 3));

    assertThat(
            column(films.query("id in [3]", "title"), "title")
                .getScalars()
                .getStringData()
                .getDataList())
        .containsExactly("c");
  }

  @Test
  void opsOfArraysAreRefusedForOtherFields() {
    UpsertRequest request =
        UpsertRequest.newBuilder()
            .setCollectionName(FilmApi.NAME)
            .setNumRows(1)
            .addFieldsData(Films.ids(1))
            .addFieldsData(Films.titles("a"))
            .addFieldOps(
                FieldPartialUpdateOp.newBuilder()
                    .setFieldName("title")
                    .setOp(FieldPartialUpdateOp.OpType.ARRAY_APPEND))
            .build();

    assertThatThrownBy(
            () -> cluster.call(() -> cluster.service(WriteService.class).upsert(request)))
        .hasMessageStartingWith("field op ARRAY_APPEND is for arrays, field title is none");
  }

  /// Whoever loses a race reads again: nobody's field is set back to what another one had read.
  @Test
  void noUpdateIsLost() {
    List<IntConsumer> writers =
        List.of(
            round -> films.update(Films.ids(1, 2), Films.titles("t" + round, "u" + round)),
            round -> films.update(Films.ids(1), Films.vectors(round, round)),
            round -> films.update(Films.ids(1), Films.meta("{\"x\": %d}".formatted(round))),
            round ->
                films.update(
                    Films.ids(2, 1),
                    Films.meta("{\"y\": %d}".formatted(round), "{\"y\": %d}".formatted(round))));
    new FanOut(cluster.run)
        .all(
            writers,
            Deadline.NEVER,
            writer -> {
              for (int round = 1; round <= ROUNDS; round++) {
                writer.accept(round);
              }
              return true;
            });

    QueryResults row = films.query("id in [1]", "title", "v", "x", "y");
    assertThat(column(row, "title").getScalars().getStringData().getData(0))
        .isEqualTo("t" + ROUNDS);
    assertThat(column(row, "v").getVectors().getFloatVector().getData(0)).isEqualTo(ROUNDS);
    String meta =
        row.getFieldsDataList().stream()
            .filter(FieldData::getIsDynamic)
            .map(data -> data.getScalars().getJsonData().getData(0).toStringUtf8())
            .findFirst()
            .orElseThrow();
    assertThat(meta).contains("\"x\":%d".formatted(ROUNDS), "\"y\":%d".formatted(ROUNDS));
  }

  private static FieldData column(QueryResults rows, String field) {
    return rows.getFieldsDataList().stream()
        .filter(data -> data.getFieldName().equals(field))
        .findFirst()
        .orElseThrow();
  }
}
