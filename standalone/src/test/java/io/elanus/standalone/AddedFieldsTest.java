package io.elanus.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.elanus.common.run.Deadline;
import io.elanus.proto.milvus.AddCollectionFieldRequest;
import io.elanus.proto.milvus.AlterCollectionRequest;
import io.elanus.proto.milvus.CompactionState;
import io.elanus.proto.milvus.DataType;
import io.elanus.proto.milvus.DescribeCollectionRequest;
import io.elanus.proto.milvus.DescribeCollectionResponse;
import io.elanus.proto.milvus.FieldData;
import io.elanus.proto.milvus.FieldSchema;
import io.elanus.proto.milvus.GetCompactionStateRequest;
import io.elanus.proto.milvus.JSONArray;
import io.elanus.proto.milvus.KeyValuePair;
import io.elanus.proto.milvus.LongArray;
import io.elanus.proto.milvus.ManualCompactionRequest;
import io.elanus.proto.milvus.QueryRequest;
import io.elanus.proto.milvus.QueryResults;
import io.elanus.proto.milvus.ReleaseCollectionRequest;
import io.elanus.proto.milvus.ScalarField;
import io.elanus.proto.milvus.Status;
import io.elanus.proto.milvus.ValueField;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Fields that a collection gets when it has rows already, wherever these are: in the tail, in segments, in files
/// that are opened later, compacted with rows that have the field.
@Timeout(120)
class AddedFieldsTest {
  private static final String NAME = "birds";

  @TempDir Path folder;

  private MemoryCluster cluster;
  private Birds birds;

  @BeforeEach
  void start() {
    cluster = new MemoryCluster(folder);
    cluster.start(Role.QUERYNODE);
    RoleProcess process = cluster.start(Role.values()).process();
    assertThat(process.awaitReady(Deadline.after(cluster.run, Duration.ofSeconds(30)))).isTrue();
    birds = new Birds(cluster.run, process.publicPort().orElseThrow(), NAME);
    birds.create();
  }

  @AfterEach
  void close() {
    birds.close();
    cluster.close();
  }

  @Test
  void rowsThatAreOlderHaveTheDefaultOrNone() {
    birds.insert(0, 100);
    birds.flush();
    birds.insert(100, 50);
    long before = describe().getUpdateTimestamp();

    Birds.require(add(field("wings").setDefaultValue(ValueField.newBuilder().setLongData(2))));
    Birds.require(add(field("eggs")));

    assertThat(describe().getUpdateTimestamp()).isNotEqualTo(before);
    assertThat(describe().getSchema().getFieldsList().stream().map(FieldSchema::getName))
        .containsExactly("id", "vector", "wings", "eggs");
    assertThat(
            birds.stub().insert(birds.rows(900, 1).setSchemaTimestamp(before).build()).getStatus())
        .satisfies(status -> assertThat(status.getCode()).isEqualTo(109));
    assertThat(add(field("eggs")).getReason()).startsWith("duplicate field name: eggs");
    birds.insert(150, 10);
    birds.insert(160, 40, List.of(longs("wings", 160, 40), longs("eggs", 160, 40)));

    requireAllRows();
    birds.flush();
    requireAllRows();
    compact();
    requireAllRows();
    Birds.require(
        birds
            .stub()
            .releaseCollection(
                ReleaseCollectionRequest.newBuilder().setCollectionName(NAME).build()));
    birds.load();
    requireAllRows();
    assertThat(birds.nearest(42)).isEqualTo(42);
  }

  private void requireAllRows() {
    assertThat(birds.count()).isEqualTo(200);
    assertThat(birds.count("wings == 2")).isEqualTo(160);
    assertThat(birds.count("wings >= 160")).isEqualTo(40);
    assertThat(birds.count("eggs is null")).isEqualTo(160);
    assertThat(birds.count("eggs == 170")).isEqualTo(1);
    QueryResults rows = query("id in [5, 120, 155, 170]", "wings", "eggs");
    assertThat(rows.getFieldsDataList().stream().map(FieldData::getFieldName))
        .contains("wings", "eggs");
    assertThat(column(rows, "wings").getScalars().getLongData().getDataList())
        .containsExactly(2L, 2L, 2L, 170L);
    assertThat(column(rows, "eggs").getValidDataList()).containsExactly(false, false, false, true);
    assertThat(column(rows, "eggs").getScalars().getLongData().getData(3)).isEqualTo(170);
  }

  /// Segments that are older have no vector of it, and so an index over none.
  @Test
  void aVectorFieldIsIndexedAndSearchedWhereRowsHaveIt() {
    birds.insert(0, 2_500);
    birds.flush();
    Birds.require(
        add(
            FieldSchema.newBuilder()
                .setName("plumage")
                .setDataType(DataType.FloatVector)
                .setNullable(true)
                .addTypeParams(KeyValuePair.newBuilder().setKey("dim").setValue("2"))));
    Birds.require(birds.index("plumage", "HNSW"));
    birds.insert(2_500, 2_500, List.of(Birds.vectors("plumage", 2_500, 2_500)));
    birds.insert(5_000, 10);

    assertThat(birds.nearest("plumage", 0)).isEqualTo(2_500);
    birds.flush();
    birds.awaitIndexed("plumage");
    assertThat(birds.nearest("plumage", 0)).isEqualTo(2_500);
    assertThat(birds.nearest("plumage", 3_333)).isEqualTo(3_333);
    assertThat(birds.nearest("vector", 7)).isEqualTo(7);
    assertThat(birds.count()).isEqualTo(5_010);
  }

  @Test
  void undeclaredKeysAreAllowedLater() {
    birds.insert(0, 10);
    birds.flush();
    birds.insert(10, 10);

    Birds.require(
        birds
            .stub()
            .alterCollection(
                AlterCollectionRequest.newBuilder()
                    .setCollectionName(NAME)
                    .addProperties(
                        KeyValuePair.newBuilder().setKey("dynamicfield.enabled").setValue("true"))
                    .build()));

    assertThat(describe().getSchema().getEnableDynamicField()).isTrue();
    birds.insert(20, 1, List.of(meta("{\"color\": \"red\"}")));
    assertThat(birds.count()).isEqualTo(21);
    assertThat(birds.count("color == \"red\"")).isEqualTo(1);
    Birds.require(add(field("color")));
    assertThat(birds.count("color is null")).isEqualTo(21);
    assertThat(birds.count("$meta[\"color\"] == \"red\"")).isEqualTo(1);
  }

  private QueryResults query(String filter, String... fields) {
    QueryResults rows =
        birds
            .stub()
            .query(
                QueryRequest.newBuilder()
                    .setCollectionName(NAME)
                    .setExpr(filter)
                    .addAllOutputFields(List.of(fields))
                    .build());
    Birds.require(rows.getStatus());
    return rows;
  }

  private static FieldData column(QueryResults rows, String field) {
    return rows.getFieldsDataList().stream()
        .filter(data -> data.getFieldName().equals(field))
        .findFirst()
        .orElseThrow();
  }

  private DescribeCollectionResponse describe() {
    return birds
        .stub()
        .describeCollection(DescribeCollectionRequest.newBuilder().setCollectionName(NAME).build());
  }

  private Status add(FieldSchema.Builder field) {
    return birds
        .stub()
        .addCollectionField(
            AddCollectionFieldRequest.newBuilder()
                .setCollectionName(NAME)
                .setSchema(field.build().toByteString())
                .build());
  }

  private void compact() {
    var compaction =
        birds
            .stub()
            .manualCompaction(ManualCompactionRequest.newBuilder().setCollectionName(NAME).build());
    Birds.require(compaction.getStatus());
    GetCompactionStateRequest state =
        GetCompactionStateRequest.newBuilder()
            .setCompactionID(compaction.getCompactionID())
            .build();
    while (birds.stub().getCompactionState(state).getState() != CompactionState.Completed) {
      cluster.run.sleep(Duration.ofMillis(20));
    }
  }

  private static FieldSchema.Builder field(String name) {
    return FieldSchema.newBuilder().setName(name).setDataType(DataType.Int64).setNullable(true);
  }

  /// Of each row its key.
  private static FieldData longs(String field, long from, int count) {
    LongArray.Builder values = LongArray.newBuilder();
    FieldData.Builder data = FieldData.newBuilder().setFieldName(field).setType(DataType.Int64);
    LongStream.range(from, from + count)
        .forEach(key -> {
          values.addData(key);
          data.addValidData(true);
        });
    return data.setScalars(ScalarField.newBuilder().setLongData(values)).build();
  }

  private static FieldData meta(String json) {
    return FieldData.newBuilder()
        .setFieldName("$meta")
        .setIsDynamic(true)
        .setType(DataType.JSON)
        .setScalars(
            ScalarField.newBuilder()
                .setJsonData(JSONArray.newBuilder().addData(ByteString.copyFromUtf8(json))))
        .build();
  }
}
