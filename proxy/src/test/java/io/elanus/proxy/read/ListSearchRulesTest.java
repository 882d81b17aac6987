package io.elanus.proxy.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.elanus.common.error.DbException;
import io.elanus.common.model.CollectionSchema;
import io.elanus.common.model.DataType;
import io.elanus.common.model.Field;
import io.elanus.common.model.IndexDefinition;
import io.elanus.common.model.IndexId;
import io.elanus.common.model.LoadScope;
import io.elanus.common.run.SystemRun;
import io.elanus.proto.internal.SearchShardRequest;
import io.elanus.proto.milvus.IDs;
import io.elanus.proto.milvus.PlaceholderGroup;
import io.elanus.proto.milvus.PlaceholderType;
import io.elanus.proto.milvus.PlaceholderValue;
import io.elanus.proto.milvus.SearchRequest;
import io.elanus.proxy.Films;
import io.elanus.proxy.Requests;
import io.elanus.proxy.catalog.CollectionView;
import io.elanus.proxy.catalog.LoadedPart;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// What a search for lists of vectors asks shards for, and what it is told else.
class ListSearchRulesTest {
  private static final LoadedPart WHOLE = new LoadedPart(LoadScope.WHOLE, List.of());
  private static final Field LOOK = lists("look", DataType.FLOAT16_VECTOR);
  private static final Field MARKS = lists("marks", DataType.BINARY_VECTOR);

  private static Field lists(String name, DataType element) {
    return new Field(
        element.number(),
        "scenes[%s]".formatted(name),
        "",
        DataType.ARRAY_OF_VECTOR,
        false,
        false,
        false,
        false,
        false,
        Optional.empty(),
        Optional.of(element),
        Map.of("dim", "8"));
  }

  @Test
  void listsTravelOneAfterTheOther() {
    SearchShardRequest request =
        plan(LOOK, PlaceholderType.EmbListFloatVector, floats(2), floats(1));

    assertThat(request.getVectorCount()).isEqualTo(2);
    assertThat(request.getListLengthsList()).containsExactly(2, 1);
    FloatBuffer values =
        request.getVectors().asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
    assertThat(values.remaining()).isEqualTo(3 * 8);
    assertThat(values.get(9)).isEqualTo(9f);
    assertThat(values.get(17)).as("second of the second list").isEqualTo(1f);
    assertThat(request.getMetric()).isEqualTo("MAX_SIM_COSINE");
    assertThat(request.getEf()).isEqualTo(64);
  }

  @Test
  void bitsTravelAsTheyAre() {
    SearchShardRequest request =
        plan(
            MARKS,
            PlaceholderType.EmbListBinaryVector,
            ByteString.copyFrom(new byte[] {5, 6, 7}),
            ByteString.copyFrom(new byte[] {8}));

    assertThat(request.getVectorCount()).isEqualTo(2);
    assertThat(request.getListLengthsList()).containsExactly(3, 1);
    assertThat(request.getEncodedVectorsList())
        .extracting(bytes -> (int) bytes.byteAt(0))
        .containsExactly(5, 6, 7, 8);
    assertThat(request.getExact()).isTrue();
  }

  @Test
  void byAMetricOfVectorsOneOfThemIsSearchedFor() {
    SearchRequest request =
        with(search(LOOK, PlaceholderType.FloatVector, floats(1), floats(1)), "radius", "0.5")
            .build();

    SearchPlan plan = plan(request, Map.of("index_type", "HNSW", "metric_type", "IP"));

    assertThat(plan.withPlaces()).isTrue();
    assertThat(plan.request().getVectorCount()).isEqualTo(2);
    assertThat(plan.request().getListLengthsList()).isEmpty();
    assertThat(plan.request().getMetric()).isEqualTo("IP");
    assertThatThrownBy(() ->
            plan(
                search(LOOK, PlaceholderType.EmbListFloatVector, floats(1)).build(),
                Map.of("metric_type", "IP")))
        .hasMessageContaining(
            "vector type must be the same, field scenes[look] - type Float16Vector, search info"
                + " type EmbListFloatVector");
  }

  @ParameterizedTest
  @MethodSource("badSearches")
  void aBadSearchIsToldWhy(UnaryOperator<SearchRequest.Builder> change, String text) {
    SearchRequest.Builder request = search(LOOK, PlaceholderType.EmbListFloatVector, floats(2));

    assertThatThrownBy(() -> plan(change.apply(request).build()))
        .isInstanceOf(DbException.class)
        .hasMessageContaining(text);
  }

  static Stream<Arguments> badSearches() {
    String lists =
        "%s is not supported for vector array (embedding list) fields, fieldName:->scenes[look]:"
            + " invalid parameter[expected=][actual=]";
    String types =
        "vector type must be the same, field scenes[look] - type ArrayOfVector, search info type ";
    return Stream.of(
        bad(r -> with(r, "radius", "1"), lists.formatted("range search")),
        bad(r -> with(r, "iterator", "True"), lists.formatted("search iterator")),
        bad(
            r -> r.setIds(IDs.getDefaultInstance()),
            "search by ids in an array of vector field is not supported yet"),
        bad(r -> with(r, "metric_type", "COSINE"), "[expected=MAX_SIM_COSINE][actual=COSINE]"),
        bad(r -> query(r, PlaceholderType.FloatVector, floats(1)), types + "FloatVector"),
        bad(
            r -> query(r, PlaceholderType.EmbListInt8Vector, floats(1)),
            types + "EmbListInt8Vector"),
        bad(
            r -> query(r, PlaceholderType.EmbListFloatVector, ByteString.EMPTY),
            "vector dimension mismatch, expected vector size(byte) 32, actual 0"),
        bad(
            r -> query(r, PlaceholderType.EmbListFloat16Vector, floats(1).substring(1)),
            "vector dimension mismatch, expected vector size(byte) 16, actual 31"),
        bad(r -> with(r, "ef", "5"), "ef(5) should be larger than k(10)"));
  }

  private static Arguments bad(UnaryOperator<SearchRequest.Builder> change, String text) {
    return Arguments.of(change, text);
  }

  private static SearchRequest.Builder with(
      SearchRequest.Builder request, String param, String value) {
    return request.addSearchParams(Requests.pair(param, value));
  }

  private static SearchRequest.Builder search(
      Field field, PlaceholderType type, ByteString... lists) {
    return query(SearchRequest.newBuilder(), type, lists)
        .addSearchParams(Requests.pair("anns_field", field.name()))
        .addSearchParams(Requests.pair("topk", "10"));
  }

  private static SearchRequest.Builder query(
      SearchRequest.Builder request, PlaceholderType type, ByteString... lists) {
    PlaceholderValue value =
        PlaceholderValue.newBuilder()
            .setTag("$0")
            .setType(type)
            .addAllValues(List.of(lists))
            .build();
    return request.setPlaceholderGroup(
        PlaceholderGroup.newBuilder().addPlaceholders(value).build().toByteString());
  }

  /// So many vectors of 0, 1, 2...
  private static ByteString floats(int vectors) {
    ByteBuffer bytes =
        ByteBuffer.allocate(vectors * 8 * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < vectors * 8; i++) {
      bytes.putFloat(i * Float.BYTES, i);
    }
    return ByteString.copyFrom(bytes);
  }

  private static SearchShardRequest plan(Field field, PlaceholderType type, ByteString... lists) {
    return plan(search(field, type, lists).build());
  }

  private static SearchShardRequest plan(SearchRequest request) {
    SearchPlan plan = plan(request, Map.of("index_type", "AUTOINDEX"));
    assertThat(plan.withPlaces()).isFalse();
    return plan.request();
  }

  private static SearchPlan plan(SearchRequest request, Map<String, String> index) {
    CollectionSchema schema =
        new CollectionSchema("films", "", List.of(Films.ID, Films.VECTOR, LOOK, MARKS), 1);
    var collection = Films.collection(schema, 1);
    List<IndexDefinition> indexes =
        Stream.of(LOOK, MARKS)
            .map(field ->
                new IndexDefinition(
                    new IndexId(field.id()), collection.id(), field.id(), field.name(), index, 0))
            .toList();
    SearchPlanner planner =
        new SearchPlanner(new CollectionView(collection, indexes), WHOLE, request);
    QueryVectors vectors =
        QueryVectors.decode(planner.queried(), request.getPlaceholderGroup(), request.getNq());
    return planner.plan(vectors, Duration.ofSeconds(5), new SystemRun());
  }
}
