package io.elanus.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import io.elanus.common.run.Deadline;
import io.elanus.common.run.FanOut;
import io.elanus.proto.milvus.AddCollectionFieldRequest;
import io.elanus.proto.milvus.DataType;
import io.elanus.proto.milvus.FieldData;
import io.elanus.proto.milvus.FieldSchema;
import io.elanus.proto.milvus.LongArray;
import io.elanus.proto.milvus.MutationResult;
import io.elanus.proto.milvus.QueryRequest;
import io.elanus.proto.milvus.QueryResults;
import io.elanus.proto.milvus.ScalarField;
import io.elanus.proto.milvus.UpsertRequest;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Upserts of some fields by two proxies at once, while rows are flushed: what one writes the other keeps.
@Timeout(120)
class PartialUpsertsTest {
  private static final String NAME = "birds";
  private static final int KEYS = 8;
  private static final int ROUNDS = 25;

  @TempDir Path folder;

  private MemoryCluster cluster;
  private Birds first;
  private Birds second;

  @BeforeEach
  void start() {
    cluster = new MemoryCluster(folder);
    first = birds(cluster.start(Role.values()).process());
    second = birds(cluster.start(Role.PROXY, Role.QUERYNODE).process());
    first.create();
    for (int field = 0; field < 3; field++) {
      add("f" + field);
    }
  }

  private Birds birds(RoleProcess process) {
    assertThat(process.awaitReady(Deadline.after(cluster.run, Duration.ofSeconds(30)))).isTrue();
    return new Birds(cluster.run, process.publicPort().orElseThrow(), NAME);
  }

  @AfterEach
  void close() {
    first.close();
    second.close();
    cluster.close();
  }

  @Test
  void noUpdateIsLost() {
    first.insert(0, KEYS);
    first.flush();
    List<Runnable> writers =
        List.of(
            () -> write(first, "f0"),
            () -> write(second, "f1"),
            () -> write(second, "f2"),
            () -> IntStream.range(0, 5).forEach(_ -> first.flush()));

    new FanOut(cluster.run)
        .all(
            writers,
            Deadline.NEVER,
            writer -> {
              writer.run();
              return true;
            });

    requireAll();
    first.flush();
    requireAll();
    assertThat(first.nearest(3)).isEqualTo(3);
  }

  /// All keys at once, again and again: the last round writes the last value.
  private static void write(Birds birds, String field) {
    for (int round = 1; round <= ROUNDS; round++) {
      long value = round;
      MutationResult done =
          birds
              .stub()
              .upsert(
                  UpsertRequest.newBuilder()
                      .setCollectionName(NAME)
                      .setPartialUpdate(true)
                      .setNumRows(KEYS)
                      .addFieldsData(birds.rows(0, KEYS).getFieldsData(0))
                      .addFieldsData(longs(field, value))
                      .build());
      Birds.require(done.getStatus());
      assertThat(done.getUpsertCnt()).isEqualTo(KEYS);
    }
  }

  private void requireAll() {
    assertThat(second.count()).isEqualTo(KEYS);
    QueryResults rows =
        second
            .stub()
            .query(
                QueryRequest.newBuilder()
                    .setCollectionName(NAME)
                    .setExpr("id >= 0")
                    .addAllOutputFields(List.of("f0", "f1", "f2"))
                    .build());
    Birds.require(rows.getStatus());
    for (FieldData column : rows.getFieldsDataList()) {
      if (column.getFieldName().startsWith("f")) {
        assertThat(column.getScalars().getLongData().getDataList())
            .as(column.getFieldName())
            .hasSize(KEYS)
            .containsOnly((long) ROUNDS);
      }
    }
  }

  private void add(String name) {
    Birds.require(
        first
            .stub()
            .addCollectionField(
                AddCollectionFieldRequest.newBuilder()
                    .setCollectionName(NAME)
                    .setSchema(
                        FieldSchema.newBuilder()
                            .setName(name)
                            .setDataType(DataType.Int64)
                            .setNullable(true)
                            .build()
                            .toByteString())
                    .build()));
  }

  private static FieldData longs(String field, long value) {
    FieldData.Builder data = FieldData.newBuilder().setFieldName(field).setType(DataType.Int64);
    LongArray.Builder values = LongArray.newBuilder();
    LongStream.range(0, KEYS)
        .forEach(_ -> {
          values.addData(value);
          data.addValidData(true);
        });
    return data.setScalars(ScalarField.newBuilder().setLongData(values)).build();
  }
}
