package io.elanus.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.elanus.proto.milvus.AddCollectionStructFieldRequest;
import io.elanus.proto.milvus.ArrayArray;
import io.elanus.proto.milvus.CollectionSchema;
import io.elanus.proto.milvus.CreateCollectionRequest;
import io.elanus.proto.milvus.CreateIndexRequest;
import io.elanus.proto.milvus.DataType;
import io.elanus.proto.milvus.DescribeCollectionRequest;
import io.elanus.proto.milvus.DropCollectionRequest;
import io.elanus.proto.milvus.FieldData;
import io.elanus.proto.milvus.FieldSchema;
import io.elanus.proto.milvus.FloatArray;
import io.elanus.proto.milvus.LongArray;
import io.elanus.proto.milvus.QueryResults;
import io.elanus.proto.milvus.ScalarField;
import io.elanus.proto.milvus.SearchResultData;
import io.elanus.proto.milvus.StructArrayField;
import io.elanus.proto.milvus.StructArrayFieldSchema;
import io.elanus.proto.milvus.VectorArray;
import io.elanus.proto.milvus.VectorField;
import io.elanus.proxy.service.AlterService;
import io.elanus.proxy.service.CollectionService;
import io.elanus.proxy.service.IndexService;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Fields of structs, through the proxy: a film has scenes, each with a page and a vector.
class StructCallsTest {
  private final MemoryCluster cluster = new MemoryCluster();
  private final FilmApi films = new FilmApi(cluster);

  @BeforeEach
  void create() {
    create(false);
  }

  private void create(boolean nullable) {
    CollectionSchema schema =
        CollectionSchema.newBuilder()
            .setName(FilmApi.NAME)
            .setEnableDynamicField(true)
            .addFields(field("id", DataType.Int64).setIsPrimaryKey(true))
            .addFields(field("v", DataType.FloatVector).addTypeParams(Requests.pair("dim", "2")))
            .addStructArrayFields(
                StructArrayFieldSchema.newBuilder()
                    .setName("scenes")
                    .setNullable(nullable)
                    .addFields(array("page", DataType.Array, DataType.Int64))
                    .addFields(
                        array("look", DataType.ArrayOfVector, DataType.FloatVector)
                            .addTypeParams(Requests.pair("dim", "2"))))
            .build();
    cluster.call(() ->
        cluster
            .service(CollectionService.class)
            .createCollection(
                CreateCollectionRequest.newBuilder()
                    .setCollectionName(FilmApi.NAME)
                    .setSchema(schema.toByteString())
                    .setShardsNum(2)
                    .build()));
    films.index();
    films.load();
  }

  private static FieldSchema.Builder field(String name, DataType type) {
    return FieldSchema.newBuilder().setName(name).setDataType(type);
  }

  private static FieldSchema.Builder array(String name, DataType type, DataType element) {
    return field(name, type)
        .setElementType(element)
        .addTypeParams(Requests.pair("max_capacity", "3"));
  }

  @AfterEach
  void close() {
    cluster.close();
  }

  /// For each row the pages of its scenes; `null` for a row that has none. Vectors are made of them.
  private static FieldData scenes(long[]... rows) {
    return scenes(pages(rows), looks(rows));
  }

  private static FieldData scenes(FieldData... fields) {
    return FieldData.newBuilder()
        .setFieldName("scenes")
        .setType(DataType.ArrayOfStruct)
        .setStructArrays(StructArrayField.newBuilder().addAllFields(List.of(fields)))
        .build();
  }

  private static FieldData pages(long[]... rows) {
    FieldData.Builder data = FieldData.newBuilder().setFieldName("page").setType(DataType.Array);
    ArrayArray.Builder lists = data.getScalarsBuilder().getArrayDataBuilder();
    for (long[] row : rows) {
      LongArray.Builder values = LongArray.newBuilder();
      for (long page : row) {
        values.addData(page);
      }
      lists.addData(ScalarField.newBuilder().setLongData(values));
    }
    return data.build();
  }

  private static FieldData looks(long[]... rows) {
    FieldData.Builder data =
        FieldData.newBuilder().setFieldName("look").setType(DataType.ArrayOfVector);
    VectorArray.Builder lists =
        data.getVectorsBuilder().setDim(2).getVectorArrayBuilder().setDim(2);
    for (long[] row : rows) {
      FloatArray.Builder values = FloatArray.newBuilder();
      for (long page : row) {
        values.addData(page).addData(0.5f);
      }
      lists.addData(VectorField.newBuilder().setDim(2).setFloatVector(values));
    }
    return data.build();
  }

  private static long[] row(long... pages) {
    return pages;
  }

  /// `[page look look]` of each struct of a row, row after row.
  private static List<String> text(List<FieldData> columns) {
    FieldData data =
        columns.stream().filter(c -> c.getFieldName().equals("scenes")).findFirst().orElseThrow();
    assertThat(data.getType()).isEqualTo(DataType.ArrayOfStruct);
    FieldData pages = data.getStructArrays().getFields(0);
    FieldData looks = data.getStructArrays().getFields(1);
    assertThat(pages.getFieldName()).isEqualTo("page");
    assertThat(looks.getFieldName()).isEqualTo("look");
    List<String> rows = new ArrayList<>();
    for (int row = 0; row < pages.getScalars().getArrayData().getDataCount(); row++) {
      List<Long> numbers =
          pages.getScalars().getArrayData().getData(row).getLongData().getDataList();
      List<Float> vectors =
          looks.getVectors().getVectorArray().getData(row).getFloatVector().getDataList();
      boolean valid = pages.getValidDataCount() == 0 || pages.getValidData(row);
      assertThat(looks.getValidDataList()).isEqualTo(pages.getValidDataList());
      rows.add(valid ? numbers + " " + vectors : "null");
    }
    return rows;
  }

  @Test
  void structsComeBackAsTheyWent() {
    films.insert(Films.ids(1, 2), Films.vectors(1, 1, 2, 2), scenes(row(7, 8), row()));

    QueryResults all = films.query("id > 0", "*");
    assertThat(text(all.getFieldsDataList()))
        .containsExactly("[7, 8] [7.0, 0.5, 8.0, 0.5]", "[] []");
    assertThat(all.getOutputFieldsList()).contains("id", "v", "scenes");
    assertThat(text(films.query("id > 0", "scenes").getFieldsDataList())).hasSize(2);
    SearchResultData hits = films.search(FilmApi.top(1, 0).addOutputFields("scenes"), 1, 1);
    assertThat(text(hits.getFieldsDataList())).containsExactly("[7, 8] [7.0, 0.5, 8.0, 0.5]");
  }

  @Test
  void aSubFieldMayBeAskedForAlone() {
    films.insert(Films.ids(1), Films.vectors(1, 1), scenes(row(7)));

    QueryResults rows = films.query("id > 0", "scenes[look]");

    assertThat(rows.getOutputFieldsList()).containsExactlyInAnyOrder("id", "scenes");
    FieldData scenes =
        rows.getFieldsDataList().stream()
            .filter(FieldData::hasStructArrays)
            .findFirst()
            .orElseThrow();
    assertThat(scenes.getStructArrays().getFieldsList())
        .extracting(FieldData::getFieldName)
        .containsExactly("look");
    assertThatThrownBy(() -> films.query("id > 0", "scenes[nosuch]"))
        .hasMessageStartingWith("field scenes[nosuch] not exist");
  }

  @Test
  void theWholeStructIsReplaced() {
    films.insert(Films.ids(1, 2), Films.vectors(1, 1, 2, 2), scenes(row(7), row(8)));

    films.update(Films.ids(1), scenes(row(9, 10)));
    films.update(Films.ids(2), Films.vectors(3, 3));
    assertThat(text(films.query("id > 0", "scenes").getFieldsDataList()))
        .containsExactly("[9, 10] [9.0, 0.5, 10.0, 0.5]", "[8] [8.0, 0.5]");

    films.upsert(Films.ids(2), Films.vectors(2, 2), scenes(row()));
    assertThat(text(films.query("id == 2", "scenes").getFieldsDataList())).containsExactly("[] []");
  }

  @Test
  void aStructMayBeNullAsAWhole() {
    cluster.call(() ->
        cluster
            .service(CollectionService.class)
            .dropCollection(
                DropCollectionRequest.newBuilder().setCollectionName(FilmApi.NAME).build()));
    create(true);
    List<Boolean> valid = List.of(false, true);
    FieldData some =
        scenes(
            pages(row(7)).toBuilder().addAllValidData(valid).build(),
            looks(row(7)).toBuilder().addAllValidData(valid).build());

    films.insert(Films.ids(1, 2), Films.vectors(1, 1, 2, 2), some);
    films.insert(Films.ids(3), Films.vectors(3, 3));

    assertThat(text(films.query("id > 0", "scenes").getFieldsDataList()))
        .containsExactly("null", "[7] [7.0, 0.5]", "null");
  }

  @Test
  void aStructIsAddedToRows() {
    films.insert(Films.ids(1), Films.vectors(1, 1), scenes(row(7)));
    StructArrayFieldSchema.Builder reviews =
        StructArrayFieldSchema.newBuilder()
            .setName("reviews")
            .addFields(array("stars", DataType.Array, DataType.Int64));
    assertThatThrownBy(() -> add(reviews))
        .hasMessageStartingWith(
            "added field must be nullable, please check it, field name = reviews");
    assertThatThrownBy(() -> add(reviews.clone().setNullable(true).setName("scenes")))
        .hasMessageStartingWith("duplicate field name: scenes");

    add(reviews.setNullable(true));

    FieldData stars =
        FieldData.newBuilder()
            .setFieldName("reviews")
            .setType(DataType.ArrayOfStruct)
            .setStructArrays(
                StructArrayField.newBuilder()
                    .addFields(pages(row(5)).toBuilder().setFieldName("stars").addValidData(true)))
            .build();
    films.insert(Films.ids(2), Films.vectors(2, 2), scenes(row()), stars);
    FieldData found =
        films.query("id == 2", "reviews").getFieldsDataList().stream()
            .filter(FieldData::hasStructArrays)
            .findFirst()
            .orElseThrow();
    assertThat(found.getFieldId()).isGreaterThan(104);
    assertThat(
            found
                .getStructArrays()
                .getFields(0)
                .getScalars()
                .getArrayData()
                .getData(0)
                .getLongData()
                .getDataList())
        .containsExactly(5L);
  }

  private void add(StructArrayFieldSchema.Builder struct) {
    cluster.call(() ->
        cluster
            .service(AlterService.class)
            .addCollectionStructField(
                AddCollectionStructFieldRequest.newBuilder()
                    .setCollectionName(FilmApi.NAME)
                    .setStructArrayFieldSchema(struct)
                    .build()));
  }

  @Test
  void theSchemaIsDescribedAsItWasDeclared() {
    CollectionSchema schema =
        cluster
            .call(() ->
                cluster
                    .service(CollectionService.class)
                    .describeCollection(
                        DescribeCollectionRequest.newBuilder()
                            .setCollectionName(FilmApi.NAME)
                            .build()))
            .getSchema();

    assertThat(schema.getFieldsList()).extracting(FieldSchema::getName).containsExactly("id", "v");
    StructArrayFieldSchema scenes = schema.getStructArrayFields(0);
    assertThat(scenes.getName() + scenes.getFieldID()).isEqualTo("scenes102");
    assertThat(scenes.getFieldsList())
        .extracting(field -> field.getName() + field.getFieldID() + field.getElementType())
        .containsExactly("page103Int64", "look104FloatVector");
  }

  @Test
  void whatMilvusHasOverStructsButElanusNotYetIsRefused() {
    assertThatThrownBy(() -> films.query("scenes is null", "id"))
        .hasMessageContaining("filter on struct array field (scenes) is not served yet");
  }

  @Test
  void listsOfVectorsNeedAnIndexToBeSearched() {
    assertThatThrownBy(() ->
            films.search(
                FilmApi.top(1, 0).addSearchParams(Requests.pair("anns_field", "scenes[look]")),
                1,
                1))
        .hasMessageContaining("index not found[field=scenes[look]]");
    assertThatThrownBy(() -> createIndex("HAMMING"))
        .hasMessageStartingWith("float vector index does not support metric type: HAMMING");
    createIndex("MAX_SIM_COSINE");
  }

  private void createIndex(String metric) {
    CreateIndexRequest index =
        CreateIndexRequest.newBuilder()
            .setCollectionName(FilmApi.NAME)
            .setFieldName("scenes[look]")
            .addExtraParams(Requests.pair("index_type", "HNSW"))
            .addExtraParams(Requests.pair("metric_type", metric))
            .build();
    cluster.call(() -> cluster.service(IndexService.class).createIndex(index));
  }

  @Test
  void undeclaredKeysDoNotHideAStruct() {
    assertThatThrownBy(() ->
            films.insert(
                Films.ids(1), Films.vectors(1, 1), scenes(row(7)), Films.meta("{\"scenes\": 1}")))
        .hasMessageStartingWith("dynamic field name cannot include the static field name: scenes");
  }
}
