package io.elanus.common.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import io.elanus.common.model.ResolvedIndex.Breadth;
import io.elanus.common.model.ResolvedIndex.Codes;
import io.elanus.common.model.ResolvedIndex.Flat;
import io.elanus.common.model.ResolvedIndex.Hnsw;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IndexSpecTest {
  private static final Hnsw GRAPH = new Hnsw(Metric.COSINE, 18, 240, Codes.NONE, Breadth.EF);

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          index_type=FLAT metric_type=L2               | Flat[metric=L2]
          index_type=HNSW metric_type=IP               | Hnsw[metric=IP, m=30, efConstruction=360, codes=NONE, breadth=EF]
          index_type=HNSW metric_type=ip M=2           | Hnsw[metric=IP, m=2, efConstruction=360, codes=NONE, breadth=EF]
          index_type=HNSW metric_type=L2 M=2048 efConstruction=1 | Hnsw[metric=L2, m=2048, efConstruction=1, codes=NONE, breadth=EF]
          index_type=HNSW metric_type=L2 M=None efConstruction=null | Hnsw[metric=L2, m=30, efConstruction=360, codes=NONE, breadth=EF]
          index_type=HNSW metric_type=L2 other=thing   | Hnsw[metric=L2, m=30, efConstruction=360, codes=NONE, breadth=EF]
          index_type=IVF_FLAT metric_type=L2           | Ivf[metric=L2, lists=128, codes=NONE]
          index_type=IVF_FLAT metric_type=IP nlist=65536 | Ivf[metric=IP, lists=65536, codes=NONE]
          index_type=HNSW_SQ metric_type=L2            | Hnsw[metric=L2, m=30, efConstruction=360, codes=BYTES, breadth=EF]
          index_type=HNSW_SQ metric_type=L2 M=8 sq_type=sq4u refine=true | Hnsw[metric=L2, m=8, efConstruction=360, codes=HALF_BYTES, breadth=EF]
          index_type=HNSW_SQ metric_type=L2 sq_type=BF16 | Hnsw[metric=L2, m=30, efConstruction=360, codes=NONE, breadth=EF]
          index_type=IVF_SQ8 metric_type=L2 nlist=16   | Ivf[metric=L2, lists=16, codes=BYTES]
          index_type=SCANN metric_type=COSINE with_raw_data=true | Ivf[metric=COSINE, lists=128, codes=HALF_BYTES]
          index_type=HNSW_SQ metric_type=L2 sq_type=None refine=None refine_type=FLAT | Hnsw[metric=L2, m=30, efConstruction=360, codes=BYTES, breadth=EF]
          index_type=HNSW_SQ metric_type=L2 refine=TRUE refine_type=sq4u | Hnsw[metric=L2, m=30, efConstruction=360, codes=BYTES, breadth=EF]
          index_type=HNSW_PQ metric_type=L2 M=4 m=4 nbits=8 refine=true refine_type=fp32 | Hnsw[metric=L2, m=4, efConstruction=360, codes=HALF_BYTES, breadth=LOOSE_EF]
          index_type=HNSW_PQ metric_type=IP m=8 nbits=5 | Hnsw[metric=IP, m=30, efConstruction=360, codes=BYTES, breadth=LOOSE_EF]
          index_type=HNSW_PRQ metric_type=L2           | Hnsw[metric=L2, m=30, efConstruction=360, codes=HALF_BYTES, breadth=LOOSE_EF]
          index_type=HNSW_PRQ metric_type=L2 m=2 nrq=2 | Hnsw[metric=L2, m=30, efConstruction=360, codes=HALF_BYTES, breadth=LOOSE_EF]
          index_type=HNSW_PRQ metric_type=L2 m=4 nbits=24 nrq=16 | Hnsw[metric=L2, m=30, efConstruction=360, codes=BYTES, breadth=LOOSE_EF]
          index_type=IVF_PQ metric_type=L2 m=1 nbits=1 nlist=5 | Ivf[metric=L2, lists=5, codes=HALF_BYTES]
          index_type=IVF_RABITQ metric_type=COSINE refine=True refine_type=SQ6 | Ivf[metric=COSINE, lists=128, codes=BITS]
          index_type=DISKANN metric_type=L2 max_degree=-1 search_list_size=x | Paged[metric=L2, maxDegree=56, efConstruction=100]
          index_type=AISAQ metric_type=IP              | Paged[metric=IP, maxDegree=56, efConstruction=100]
          index_type=GPU_BRUTE_FORCE metric_type=L2    | Flat[metric=L2]
          index_type=GPU_CAGRA metric_type=L2 intermediate_graph_degree=64 | Hnsw[metric=L2, m=32, efConstruction=128, codes=NONE, breadth=LOOSE_EF]
          index_type=GPU_HNSW metric_type=L2 M=16      | Hnsw[metric=L2, m=16, efConstruction=360, codes=NONE, breadth=EF]
          index_type=GPU_HNSW_SQ metric_type=L2 M=16   | Hnsw[metric=L2, m=16, efConstruction=360, codes=BYTES, breadth=EF]
          index_type=GPU_IVF_FLAT metric_type=L2       | Ivf[metric=L2, lists=128, codes=NONE]
          index_type=GPU_IVF_PQ metric_type=L2 m=4     | Ivf[metric=L2, lists=128, codes=HALF_BYTES]
          index_type=AUTOINDEX                         | Hnsw[metric=COSINE, m=18, efConstruction=240, codes=BYTES, breadth=EF]
          index_type=AUTOINDEX metric_type=L2          | Hnsw[metric=L2, m=18, efConstruction=240, codes=BYTES, breadth=EF]
          index_type=AUTOINDEX mmap.enabled=true       | Hnsw[metric=COSINE, m=18, efConstruction=240, codes=BYTES, breadth=EF]
          metric_type=IP                               | Hnsw[metric=IP, m=18, efConstruction=240, codes=BYTES, breadth=EF]
          index_type=                                  | Hnsw[metric=COSINE, m=18, efConstruction=240, codes=BYTES, breadth=EF]
          """)
  void resolves(String params, String expected) {
    ResolvedIndex index = IndexSpec.resolve(field(DataType.FLOAT_VECTOR), params(params));

    assertThat(index).hasToString(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          index_type=HNSW metric_type=L2 M=2049 | param 'M' (2049) should be in range [2, 2048]
          index_type=HNSW metric_type=L2 M=-1 | param 'M' (-1) should be in range [2, 2048]
          index_type=HNSW metric_type=L2 M=True | invalid integer value, key: 'M', value: 'True': invalid parameter
          index_type=HNSW metric_type=L2 M=[16] | invalid integer value, key: 'M', value: '[16]': invalid parameter
          index_type=HNSW metric_type=L2 M=- | invalid integer value, key: 'M', value: '-': invalid parameter
          index_type=HNSW metric_type=L2 M=16.0 | wrong data type in json
          index_type=HNSW metric_type=L2 M=99999999999999999999 | integer value out of range, key: 'M'
          index_type=HNSW metric_type=L2 efConstruction=-1 | param 'efConstruction' (-1) should be in range [1, 2147483647]
          index_type=HNSW | metric type not set for vector index: invalid parameter[expected=valid index params][actual=invalid index params]
          index_type=INVERTED | metric type not set for vector index
          index_type=HNSW metric_type=HAMMING | float vector index does not support metric type: HAMMING: invalid parameter[expected=valid index params][actual=invalid index params]
          metric_type=invalid | float vector index does not support metric type: invalid: invalid parameter
          index_type=NOPE metric_type=L2 | invalid parameter[expected=valid index][actual=invalid index type: NOPE]
          index_type=hnsw | invalid parameter[expected=valid index][actual=invalid index type: hnsw]
          index_type=IVF_PQ metric_type=L2 m=3 | The dimension of a vector (dim) should be a multiple of the number of subquantizers (m). Dimension:8, m:3: invalid parameter
          index_type=IVF_PQ metric_type=L2 | a multiple of the number of subquantizers (m). Dimension:8, m:32
          index_type=IVF_PQ metric_type=L2 m=4 nbits=25 | Out of range in json: param 'nbits' (25) should be in range [1, 24]: invalid parameter
          index_type=HNSW_PQ metric_type=L2 m=7 | The dimension of the vector (dim) should be a multiple of the number of subquantizers (m). Dimension: 8, m: 7
          index_type=HNSW_PQ metric_type=L2 m=-1 | Out of range in json: param 'm' (-1) should be in range [1, 65536]
          index_type=HNSW_PQ metric_type=L2 m=16.0 | wrong data type in json, key: 'm', value: '16.0': invalid parameter
          index_type=HNSW_PRQ metric_type=L2 m=7 | The dimension of a vector (dim) should be a multiple of the number of subquantizers (m). Dimension:8, m:7
          index_type=HNSW_PRQ metric_type=L2 m=4 nrq=17 | Out of range in json: param 'nrq' (17) should be in range [1, 16]
          index_type=HNSW_PQ metric_type=L2 m=4 refine=1 | Type conflict in json: param 'refine' ("1") should be a boolean: invalid parameter
          index_type=HNSW_PQ metric_type=L2 m=4 refine_type=INT8 | invalid refine type : INT8, optional types are [sq6, sq8, fp16, bf16, fp32, flat]: invalid parameter
          index_type=IVF_RABITQ metric_type=L2 refine_type=Sq8.0 | invalid refine type : Sq8.0, optional types are [sq6, sq8, fp16, bf16, fp32, flat]: invalid parameter
          index_type=HNSW_SQ metric_type=L2 refine_type=1 | invalid refine type : 1, optional types are [sq4u, sq6, sq8, fp16, bf16, fp32, flat]: invalid parameter
          index_type=HNSW_SQ metric_type=L2 sq_type=FP32 | invalid scalar quantizer type: invalid parameter
          index_type=HNSW_SQ metric_type=L2 M=2049 | param 'M' (2049) should be in range [2, 2048]
          index_type=IVF_FLAT metric_type=L2 nlist=65537 | param 'nlist' (65537) should be in range [1, 65536]
          index_type=FAISS metric_type=L2 | index type FAISS is not served yet
          index_type=STL_SORT metric_type=L2 | data type FloatVector can't build with this index STL_SORT
          index_type=AUTOINDEX M=16 | only metric type can be passed when use AutoIndex
          """)
  void refuses(String params, String text) {
    assertThatThrownBy(() -> IndexSpec.check(field(DataType.FLOAT_VECTOR), params(params)))
        .isInstanceOfSatisfying(
            DbException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_PARAMETER))
        .hasMessageContaining(text);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          INT64       | index_type=STL_SORT
          INT64       | index_type=INVERTED
          INT64       | index_type=AUTOINDEX
          INT64       | index_type=
          BOOL        | index_type=BITMAP
          INT8        | index_type=BITMAP
          VARCHAR     | index_type=BITMAP
          VARCHAR     | index_type=Trie
          VARCHAR     | index_type=marisa-trie
          VARCHAR     | index_type=NGRAM min_gram=2 max_gram=3
          TEXT        | index_type=INVERTED
          DOUBLE      | index_type=STL_SORT
          TIMESTAMPTZ | index_type=STL_SORT
          TIMESTAMPTZ | index_type=INVERTED
          GEOMETRY    | index_type=RTREE
          GEOMETRY    | index_type=AUTOINDEX
          JSON        | index_type=INVERTED json_cast_type=DOUBLE json_path=f["a"] json_cast_function=STRING_TO_DOUBLE
          JSON        | index_type=AUTOINDEX json_cast_type=array_varchar json_path=f["a"]
          JSON        | index_type=INVERTED json_cast_type=json
          JSON        | index_type=BITMAP json_cast_type=BOOL json_path=f["a"]
          JSON        | index_type=STL_SORT json_cast_type=VARCHAR json_path=f["a"]
          JSON        | index_type=NGRAM min_gram=2 max_gram=2 json_cast_type=varchar json_path=f["a"]
          """)
  void otherFieldsHaveIndexesToo(DataType type, String params) {
    assertThatCode(() -> IndexSpec.check(field(type), params(params))).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          INT64    | index_type=HNSW metric_type=L2        | index HNSW only supports vector data type: invalid parameter
          INT64    | index_type=HYBRID                     | invalid parameter[expected=valid index][actual=invalid index type: HYBRID]
          INT64    | index_type=NOPE                       | invalid parameter[expected=valid index][actual=invalid index type: NOPE]
          INT64    | index_type=TRIE                       | TRIE are only supported on varchar field: invalid parameter[expected=valid index params][actual=invalid index params]
          INT64    | index_type=RTREE                      | RTREE index can only be built on geometry field, got Int64
          INT64    | index_type=NGRAM min_gram=2 max_gram=3 | ngram index can only be created on VARCHAR or JSON field
          VARCHAR  | index_type=NGRAM min_gram=2           | Ngram index must specify both min_gram and max_gram
          VARCHAR  | index_type=NGRAM min_gram=2 max_gram=b | max_gram for Ngram index must be an integer, got: b
          VARCHAR  | index_type=NGRAM min_gram=3 max_gram=2 | invalid min_gram or max_gram value for Ngram index, min_gram: 3, max_gram: 2
          VARCHAR  | index_type=NGRAM min_gram=0 max_gram=2 | invalid min_gram or max_gram value for Ngram index
          GEOMETRY | index_type=INVERTED                   | INVERTED are not supported on Geometry field
          BOOL     | index_type=STL_SORT                   | STL_SORT are only supported on numeric, varchar, timestamptz, date or time field, got Bool
          DOUBLE   | index_type=BITMAP                     | bitmap index are only supported on bool, int, string and array field
          JSON     | index_type=INVERTED                   | json index must specify cast type: missing parameter[missing_param=json_cast_type]: invalid parameter
          JSON     | index_type=INVERTED json_cast_type=INT json_path=f | json_cast_type INT is not supported
          JSON     | index_type=BITMAP json_cast_type=DOUBLE json_path=f | json_cast_type DOUBLE is not supported for BITMAP index
          JSON     | index_type=STL_SORT json_cast_type=BOOL json_path=f | json_cast_type BOOL is not supported for STL_SORT index
          JSON     | index_type=NGRAM min_gram=2 max_gram=3 json_cast_type=BOOL json_path=f | JSON field with ngram index only supports VARCHAR cast type, got: BOOL
          JSON     | index_type=INVERTED json_cast_type=VARCHAR json_path=f json_cast_function=STRING_TO_DOUBLE | json_cast_function STRING_TO_DOUBLE is not supported for json_cast_type VARCHAR
          JSON     | index_type=INVERTED json_cast_type=DOUBLE json_path=f json_cast_function=X | json_cast_function X is not supported
          """)
  void whatDoesNotFitOtherFieldsIsRefused(DataType type, String params, String text) {
    assertThatThrownBy(() -> IndexSpec.check(field(type), params(params)))
        .isInstanceOfSatisfying(
            DbException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_PARAMETER))
        .hasMessageContaining(text);
  }

  @Test
  void bitmapsAreOfFewValues() {
    Field key = new Field(100, "f", "", DataType.INT64, true, false, false, false, Map.of());
    assertThatThrownBy(() -> IndexSpec.check(key, Map.of("index_type", "BITMAP")))
        .hasMessageContaining("create bitmap index on primary key not supported");
    assertThatCode(() -> IndexSpec.check(arrayOf(DataType.INT8), Map.of("index_type", "BITMAP")))
        .doesNotThrowAnyException();
    assertThatThrownBy(
            () -> IndexSpec.check(arrayOf(DataType.FLOAT), Map.of("index_type", "BITMAP")))
        .hasMessageContaining(
            "bitmap index are only supported on bool, int, string for array field");
  }

  private static Field arrayOf(DataType element) {
    return field(DataType.ARRAY, element);
  }

  private static Field field(DataType type, DataType element) {
    return new Field(
        100,
        "f",
        "",
        type,
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
  void anIndexOverAPathIsNamedByIt() {
    Field json = field(DataType.JSON);
    assertThat(IndexSpec.defaultName(json, Map.of("json_path", "f[\"a\"]"))).isEqualTo("f[\"a\"]");
    assertThat(IndexSpec.defaultName(json, Map.of("json_path", "/a"))).isEqualTo("f/a");
    assertThat(IndexSpec.defaultName(field(DataType.INT64), Map.of("json_path", "/a")))
        .as("of a field without paths")
        .isEqualTo("f");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          FLOAT16_VECTOR      | index_type=HNSW metric_type=L2                  | Hnsw[metric=L2, m=30, efConstruction=360, codes=NONE, breadth=EF]
          BFLOAT16_VECTOR     | index_type=IVF_FLAT metric_type=IP nlist=8      | Ivf[metric=IP, lists=8, codes=NONE]
          BFLOAT16_VECTOR     | index_type=GPU_HNSW metric_type=IP              | Hnsw[metric=IP, m=30, efConstruction=360, codes=NONE, breadth=EF]
          FLOAT16_VECTOR      | index_type=DISKANN metric_type=IP               | Paged[metric=IP, maxDegree=56, efConstruction=100]
          INT8_VECTOR         | index_type=FLAT metric_type=L2                  | Flat[metric=L2]
          INT8_VECTOR         | index_type=AUTOINDEX                            | Hnsw[metric=COSINE, m=18, efConstruction=240, codes=NONE, breadth=EF]
          BINARY_VECTOR       | index_type=AUTOINDEX                            | Flat[metric=HAMMING]
          BINARY_VECTOR       | index_type=BIN_IVF_FLAT metric_type=JACCARD     | Flat[metric=JACCARD]
          """)
  void resolvesOverOtherVectors(DataType type, String params, String expected) {
    assertThat(IndexSpec.resolve(field(type), params(params))).hasToString(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          FLOAT_VECTOR    | index_type=HNSW metric_type=MAX_SIM M=8         | Hnsw[metric=MAX_SIM_COSINE, m=8, efConstruction=360, codes=NONE, breadth=EF]
          FLOAT_VECTOR    | index_type=HNSW metric_type=max_sim_l2          | Hnsw[metric=MAX_SIM_L2, m=30, efConstruction=360, codes=NONE, breadth=EF]
          FLOAT16_VECTOR  | index_type=IVF_FLAT metric_type=MAX_SIM_IP      | Ivf[metric=MAX_SIM_IP, lists=128, codes=NONE]
          BFLOAT16_VECTOR | index_type=DISKANN metric_type=MAX_SIM_COSINE   | Paged[metric=MAX_SIM_COSINE, maxDegree=56, efConstruction=100]
          INT8_VECTOR     | index_type=HNSW_PQ metric_type=MAX_SIM_L2 m=4   | Hnsw[metric=MAX_SIM_L2, m=30, efConstruction=360, codes=HALF_BYTES, breadth=LOOSE_EF]
          INT8_VECTOR     | index_type=AUTOINDEX                            | Hnsw[metric=MAX_SIM_COSINE, m=18, efConstruction=240, codes=NONE, breadth=EF]
          BINARY_VECTOR   | index_type=HNSW metric_type=MAX_SIM_JACCARD     | Flat[metric=MAX_SIM_JACCARD]
          BINARY_VECTOR   | index_type=AUTOINDEX                            | Flat[metric=MAX_SIM_HAMMING]
          FLOAT_VECTOR    | index_type=HNSW metric_type=L2                  | Hnsw[metric=L2, m=30, efConstruction=360, codes=NONE, breadth=EF]
          FLOAT16_VECTOR  | index_type=IVF_SQ8 metric_type=IP               | Ivf[metric=IP, lists=128, codes=BYTES]
          INT8_VECTOR     | index_type=AUTOINDEX metric_type=COSINE         | Hnsw[metric=COSINE, m=18, efConstruction=240, codes=NONE, breadth=EF]
          BINARY_VECTOR   | index_type=BIN_FLAT metric_type=JACCARD         | Flat[metric=JACCARD]
          """)
  void resolvesOverListsOfVectorsAndTheVectorsInThem(
      DataType vectors, String params, String expected) {
    assertThat(IndexSpec.resolve(field(DataType.ARRAY_OF_VECTOR, vectors), params(params)))
        .hasToString(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          FLOAT_VECTOR  | index_type=HNSW metric_type=HAMMING          | float vector index does not support metric type: HAMMING
          FLOAT_VECTOR  | index_type=BIN_FLAT metric_type=L2           | data type FloatVector can't build with this index BIN_FLAT
          FLOAT_VECTOR  | index_type=HNSW metric_type=MAX_SIM_HAMMING  | embedding list index does not support metric type: MAX_SIM_HAMMING: invalid parameter[expected=valid index params]
          FLOAT_VECTOR  | index_type=FLAT metric_type=MAX_SIM          | data type ArrayOfVector can't build with this index FLAT
          FLOAT_VECTOR  | index_type=HNSW                              | metric type not set for vector index
          INT8_VECTOR   | index_type=IVF_FLAT metric_type=MAX_SIM      | data type ArrayOfVector can't build with this index IVF_FLAT
          BINARY_VECTOR | index_type=BIN_FLAT metric_type=MAX_SIM_HAMMING | data type ArrayOfVector can't build with this index BIN_FLAT
          BINARY_VECTOR | index_type=AUTOINDEX metric_type=MHJACCARD   | embedding list index does not support metric type: MHJACCARD
          BINARY_VECTOR | index_type=MINHASH_LSH metric_type=MHJACCARD | data type ArrayOfVector can't build with this index MINHASH_LSH
          BINARY_VECTOR | index_type=HNSW metric_type=MAX_SIM_COSINE   | embedding list index does not support metric type: MAX_SIM_COSINE
          """)
  void whatDoesNotFitListsOfVectorsIsRefused(DataType vectors, String params, String text) {
    Field lists = field(DataType.ARRAY_OF_VECTOR, vectors);
    assertThatThrownBy(() -> IndexSpec.resolve(lists, params(params)))
        .isInstanceOf(DbException.class)
        .hasMessageContaining(text);
  }

  @Test
  void listsAreNotComparedByTheMetricsOfVectors() {
    assertThatThrownBy(() ->
            IndexSpec.resolve(
                field(DataType.FLOAT_VECTOR), params("index_type=HNSW metric_type=MAX_SIM")))
        .hasMessageContaining("float vector index does not support metric type: MAX_SIM");
    ResolvedIndex lists = DenseSpec.auto(Metric.MAX_SIM_COSINE, DataType.FLOAT_VECTOR);
    assertThatCode(() -> IndexSpec.searchEffort(lists, Map.of("metric_type", "MAX_SIM"), 10))
        .as("one metric of two names")
        .doesNotThrowAnyException();
    assertThatThrownBy(() -> IndexSpec.searchEffort(lists, Map.of("metric_type", "COSINE"), 10))
        .hasMessageContaining(
            "metric type not match: invalid parameter[expected=MAX_SIM_COSINE][actual=COSINE]");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "index_type=SPARSE_INVERTED_INDEX metric_type=IP",
        "index_type=SPARSE_WAND metric_type=ip drop_ratio_build=0.2",
        "index_type=SPARSE_WAND metric_type=IP drop_ratio_build=0 inverted_index_algo=DAAT_WAND",
        "index_type=SPARSE_INVERTED_INDEX metric_type=IP inverted_index_algo=TAAT_NAIVE",
        "index_type=SPARSE_INVERTED_INDEX metric_type=IP inverted_index_algo=DAAT_MAXSCORE",
        "index_type=SPARSE_INVERTED_INDEX metric_type=IP inverted_index_algo=BLOCK_MAX_MAXSCORE",
        "index_type=SPARSE_INVERTED_INDEX metric_type=IP inverted_index_algo=BLOCK_MAX_WAND",
        "index_type=SPARSE_INVERTED_INDEX metric_type=IP inverted_index_algo=SINDI",
        "index_type=AUTOINDEX",
        "index_type=AUTOINDEX metric_type=IP",
        "index_type="
      })
  void sparseVectorsAreFoundByTheirTerms(String params) {
    assertThat(IndexSpec.resolve(field(DataType.SPARSE_FLOAT_VECTOR), params(params)))
        .isEqualTo(new ResolvedIndex.Sparse(Metric.IP));
  }

  @Test
  void aSearchByTermsLeavesOutWhatIsAsked() {
    ResolvedIndex terms = new ResolvedIndex.Sparse(Metric.IP);

    assertThat(IndexSpec.searchEffort(terms, Map.of("drop_ratio_search", "0.0"), 10))
        .isEqualTo(IndexSpec.searchEffort(terms, Map.of("dim_max_score_ratio", "1.3"), 10))
        .isEqualTo(new SearchEffort.All());
    assertThat(IndexSpec.searchEffort(terms, Map.of("drop_ratio_search", "0.25"), 10))
        .isEqualTo(new SearchEffort.Terms(0.25f));
    assertThat(IndexSpec.searchEffort(terms, Map.of("drop_ratio_search", "0.9999999999"), 10))
        .isEqualTo(new SearchEffort.Terms(Math.nextDown(1f)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          drop_ratio_search=1     | Out of range in json: param 'drop_ratio_search' (1.0) should be in range [0.000000, 1.000000)
          drop_ratio_search=-0.1  | param 'drop_ratio_search' (-0.1) should be in range [0.000000, 1.000000)
          drop_ratio_search=NaN   | param 'drop_ratio_search' (NaN) should be in range
          drop_ratio_search=a     | Type conflict in json: param 'drop_ratio_search' (a) should be a number
          dim_max_score_ratio=1.4 | param 'dim_max_score_ratio' (1.4) should be in range [0.500000, 1.300000]
          metric_type=L2          | metric type not match: invalid parameter[expected=IP][actual=L2]
          """)
  void refusesASearchByTerms(String params, String text) {
    ResolvedIndex terms = new ResolvedIndex.Sparse(Metric.IP);

    assertThatThrownBy(() -> IndexSpec.searchEffort(terms, params(params), 10))
        .isInstanceOf(DbException.class)
        .hasMessageContaining(text);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          BINARY_VECTOR       | index_type=HNSW metric_type=L2               | data type BinaryVector can't build with this index HNSW
          BINARY_VECTOR       | index_type=BIN_FLAT metric_type=L2           | binary vector index does not support metric type: L2
          SPARSE_FLOAT_VECTOR | index_type=SPARSE_WAND metric_type=L2        | only IP&BM25 is the supported metric type for sparse index
          SPARSE_FLOAT_VECTOR | index_type=FLAT metric_type=IP               | data type SparseFloatVector can't build with this index FLAT
          SPARSE_FLOAT_VECTOR | index_type=SPARSE_WAND metric_type=IP inverted_index_algo=sindi | sparse inverted index algo sindi not found or not supported, supported: [TAAT_NAIVE DAAT_WAND DAAT_MAXSCORE BLOCK_MAX_MAXSCORE BLOCK_MAX_WAND SINDI]: invalid parameter[expected=valid index params][actual=invalid index params]
          SPARSE_FLOAT_VECTOR | index_type=SPARSE_WAND metric_type=L2 inverted_index_algo=sindi | only IP&BM25 is the supported metric type
          SPARSE_FLOAT_VECTOR | index_type=SPARSE_WAND metric_type=IP drop_ratio_build=-0.3 | Out of range in json: param 'drop_ratio_build' (-0.3) should be in range [0.000000, 1.000000)
          SPARSE_FLOAT_VECTOR | index_type=SPARSE_WAND metric_type=IP drop_ratio_build=a | invalid float value, key: 'drop_ratio_build', value: 'a': invalid parameter
          SPARSE_FLOAT_VECTOR | index_type=AUTOINDEX M=16                    | only metric type can be passed when use AutoIndex
          FLOAT16_VECTOR      | index_type=BIN_FLAT metric_type=L2           | data type Float16Vector can't build with this index BIN_FLAT
          FLOAT16_VECTOR      | index_type=HNSW metric_type=HAMMING          | float vector index does not support metric type: HAMMING
          INT8_VECTOR         | index_type=IVF_FLAT metric_type=L2 nlist=0   | param 'nlist' (0) should be in range [1, 65536]
          BINARY_VECTOR       | index_type=BIN_IVF_FLAT metric_type=HAMMING nlist=65537 | param 'nlist' (65537) should be in range [1, 65536]
          FLOAT_VECTOR        | index_type=SCANN metric_type=L2 with_raw_data=1 | param 'with_raw_data' ("1") should be a boolean
          INT8_VECTOR         | index_type=IVF_RABITQ metric_type=L2         | data type Int8Vector can't build with this index IVF_RABITQ: invalid parameter
          INT8_VECTOR         | index_type=DISKANN metric_type=L2            | data type Int8Vector can't build with this index DISKANN: invalid parameter
          FLOAT16_VECTOR      | index_type=GPU_CAGRA metric_type=L2          | data type Float16Vector can't build with this index GPU_CAGRA: invalid parameter
          BINARY_VECTOR       | index_type=FAISS metric_type=HAMMING         | index type FAISS is not served yet
          """)
  void whatDoesNotFitOtherVectorsIsRefused(DataType type, String params, String text) {
    assertThatThrownBy(() -> IndexSpec.check(field(type), params(params)))
        .isInstanceOf(DbException.class)
        .hasMessageContaining(text);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "none",
      textBlock =
          """
          nprobe=8            | 10  | 64
          nprobe=8            | 100 | 100
          ef=10               | 10  | 10
          ef=9                | 10  | 10
          ef=2147483647       | 10  | 2147483647
          metric_type=COSINE  | 10  | 64
          metric_type=cosine  | 10  | 64
          metric_type=        | 10  | 64
          """)
  void aSearchKeepsEnoughCandidates(String params, int topK, int ef) {
    assertThat(IndexSpec.searchEffort(GRAPH, params(params), topK))
        .isEqualTo(new SearchEffort.Candidates(ef, 1));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          ef=-1            | param 'ef' (-1) should be in range [1, 2147483647]
          ef=32.0          | Type conflict in json: param 'ef' (32.0) should be integer
          ef=true          | Type conflict in json: param 'ef' (true) should be integer
          ef=null          | Type conflict in json: param 'ef' (null) should be integer
          ef=[32]          | param 'ef' ([32]) should be integer
          ef=3000000000    | param 'ef' (3000000000) should be in range [1, 2147483647]
          metric_type=L2   | metric type not match: invalid parameter[expected=COSINE][actual=L2]
          """)
  void refusesASearch(String params, String text) {
    assertThatThrownBy(() -> IndexSpec.searchEffort(GRAPH, params(params), 10))
        .isInstanceOf(DbException.class)
        .hasMessageContaining(text);
  }

  @Test
  void otherParametersSayHowManyCandidates() {
    ResolvedIndex loose = new Hnsw(Metric.L2, 18, 240, Codes.NONE, Breadth.LOOSE_EF);
    ResolvedIndex disk = new ResolvedIndex.Paged(Metric.L2, 56, 100);

    assertThat(candidates(loose, "ef=1")).isEqualTo(10);
    assertThat(candidates(loose, "ef=20")).isEqualTo(20);
    assertThat(candidates(disk, "ef=x")).isEqualTo(100);
    assertThat(candidates(disk, "search_list=30")).isEqualTo(30);
    assertThat(candidates(disk, "search_list_size=10 search_list=40")).isEqualTo(10);
    assertThat(candidates(disk, "search_list=9")).isEqualTo(10);
    assertThatThrownBy(() -> candidates(disk, "search_list_size=-1"))
        .hasMessageContaining("param 'search_list_size' (-1) should be in range [1, 2147483647]");
  }

  private static int candidates(ResolvedIndex index, String params) {
    return ((SearchEffort.Candidates) IndexSpec.searchEffort(index, params(params), 10)).count();
  }

  @Test
  void theNearestAreAmongThoseThatASearchKeeps() {
    ResolvedIndex loose = new Hnsw(Metric.L2, 18, 240, Codes.NONE, Breadth.LOOSE_EF);
    ResolvedIndex codes = new Hnsw(Metric.L2, 18, 240, Codes.BYTES, Breadth.EF);
    ResolvedIndex lists = new ResolvedIndex.Ivf(Metric.L2, 128, Codes.BYTES);
    ResolvedIndex disk = new ResolvedIndex.Paged(Metric.L2, 56, 100);

    assertTooFew(GRAPH, "ef=9", "ef(9) should be larger than k(10)");
    assertTooFew(codes, "reorder_k=9", "reorder_k(9) should be larger than k(10)");
    assertTooFew(lists, "reorder_k=9", "reorder_k(9) should be larger than k(10)");
    assertTooFew(disk, "search_list_size=1", "search_list_size(1) should be larger than k(10)");
    assertTooFew(disk, "search_list=9", "search_list(9) should be larger than k(10)");
    assertEnough(GRAPH, "ef=10");
    assertEnough(GRAPH, "reorder_k=9");
    assertEnough(loose, "ef=9");
    assertEnough(disk, "nprobe=9");
  }

  private static void assertTooFew(ResolvedIndex index, String params, String text) {
    assertThatThrownBy(() -> IndexSpec.requireEnough(index, params(params), 10))
        .isInstanceOf(DbException.class)
        .hasMessage(text);
  }

  private static void assertEnough(ResolvedIndex index, String params) {
    assertThatCode(() -> IndexSpec.requireEnough(index, params(params), 10))
        .doesNotThrowAnyException();
  }

  @Test
  void anAutomaticIndexIsShownWithItsMetric() {
    ResolvedIndex built = IndexSpec.resolve(field(DataType.BINARY_VECTOR), params("index_type="));

    assertThat(IndexSpec.isAuto(params("index_type="))).isTrue();
    assertThat(IndexSpec.isAuto(params("index_type=HNSW"))).isFalse();
    assertThat(IndexSpec.automatic(built))
        .isEqualTo(Map.of("index_type", "AUTOINDEX", "metric_type", "HAMMING"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          rbq_bits_query=9   | Out of range in json: param 'rbq_bits_query' (9) should be in range [0, 8]
          rbq_query_bits=-1  | param 'rbq_query_bits' (-1) should be in range [0, 8]
          rbq_bits_query=6.0 | Type conflict in json: param 'rbq_bits_query' (6.0) should be integer
          """)
  void refusesASearchOfLists(String params, String text) {
    ResolvedIndex lists = new ResolvedIndex.Ivf(Metric.L2, 128, Codes.HALF_BYTES);

    assertThatThrownBy(() -> IndexSpec.searchEffort(lists, params(params), 10))
        .isInstanceOf(DbException.class)
        .hasMessageContaining(text);
  }

  @Test
  void filesAreOfTypesThatAreStructures() {
    assertThat(IndexSpec.hasFiles(params("index_type="), DataType.INT8_VECTOR)).isTrue();
    assertThat(IndexSpec.hasFiles(params("index_type=DISKANN"), DataType.FLOAT16_VECTOR)).isTrue();
    assertThat(IndexSpec.hasFiles(params("index_type=AUTOINDEX"), DataType.SPARSE_FLOAT_VECTOR))
        .isTrue();
    assertThat(IndexSpec.hasFiles(params("index_type=GPU_BRUTE_FORCE"), DataType.FLOAT_VECTOR))
        .isFalse();
    assertThat(IndexSpec.hasFiles(params("index_type=AUTOINDEX"), DataType.BINARY_VECTOR))
        .isFalse();
    assertThat(IndexSpec.hasFiles(params("index_type=HNSW"), DataType.SPARSE_FLOAT_VECTOR))
        .isFalse();
    assertThat(IndexSpec.hasFiles(params("index_type=MINHASH_LSH"), DataType.BINARY_VECTOR))
        .isTrue();
    assertThat(IndexSpec.hasFiles(params("metric_type=mhjaccard"), DataType.BINARY_VECTOR))
        .isTrue();
    assertThat(
            IndexSpec.hasFiles(
                params("index_type=BIN_FLAT metric_type=MHJACCARD"), DataType.BINARY_VECTOR))
        .isFalse();
  }

  @Test
  void aSearchOfListsLooksThroughSome() {
    ResolvedIndex lists = new ResolvedIndex.Ivf(Metric.L2, 128, Codes.NONE);

    assertThat(IndexSpec.searchEffort(lists, Map.of(), 100))
        .isEqualTo(new SearchEffort.Lists(8, 1));
    assertThat(IndexSpec.searchEffort(lists, Map.of("nprobe", "16", "ef", "1"), 100))
        .isEqualTo(new SearchEffort.Lists(16, 1));
    assertThatThrownBy(() -> IndexSpec.searchEffort(lists, Map.of("nprobe", "0"), 10))
        .hasMessageContaining("param 'nprobe' (0) should be in range [1, 65536]");
  }

  @Test
  void codesAreRefined() {
    ResolvedIndex codes = new ResolvedIndex.Ivf(Metric.L2, 128, Codes.BYTES);

    assertThat(IndexSpec.searchEffort(codes, Map.of("refine_k", "2.5"), 10))
        .isEqualTo(new SearchEffort.Lists(8, 2.5f));
    assertThat(IndexSpec.searchEffort(codes, Map.of("reorder_k", "60"), 20))
        .isEqualTo(new SearchEffort.Lists(8, 3));
    assertThat(IndexSpec.searchEffort(GRAPH, Map.of("refine_k", "x"), 10))
        .as("a graph of vectors has nothing to refine")
        .isEqualTo(new SearchEffort.Candidates(64, 1));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          refine_k=0.5 | Out of range in json: param 'refine_k' (0.5) should be in range [1.000000, 340282346638528859811704183484516925440.000000]
          refine_k=NaN | param 'refine_k' (NaN) should be in range
          refine_k=x   | Type conflict in json: param 'refine_k' (x) should be a number
          reorder_k=0  | param 'reorder_k' (0) should be in range [1, 2147483647]
          """)
  void refusesToRefine(String params, String text) {
    ResolvedIndex codes = new Hnsw(Metric.L2, 18, 240, Codes.HALF_BYTES, Breadth.EF);

    assertThatThrownBy(() -> IndexSpec.searchEffort(codes, params(params), 10))
        .isInstanceOf(DbException.class)
        .hasMessageContaining(text);
  }

  @Test
  void aScanNeedsNoCandidatesBeyondTheResult() {
    assertThat(IndexSpec.searchEffort(new Flat(Metric.L2), Map.of("ef", "x"), 7))
        .isEqualTo(new SearchEffort.All());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          index_type=MINHASH_LSH metric_type=MHJACCARD                                           | MinHash[elementBytes=1, bands=1]
          index_type=MINHASH_LSH metric_type=mhjaccard mh_element_bit_width=32 mh_lsh_band=8     | MinHash[elementBytes=4, bands=8]
          index_type=MINHASH_LSH metric_type=MHJACCARD mh_element_bit_width=64 mh_lsh_band=12    | MinHash[elementBytes=8, bands=12]
          index_type=MINHASH_LSH metric_type=MHJACCARD mh_element_bit_width=32 mh_lsh_band=0     | MinHash[elementBytes=4, bands=1]
          index_type=MINHASH_LSH metric_type=MHJACCARD mh_element_bit_width=128 mh_lsh_band=1000 | MinHash[elementBytes=16, bands=8]
          index_type=MINHASH_LSH metric_type=MHJACCARD with_raw_data=True mh_lsh_code_in_mem=1 mh_lsh_bloom_false_positive_prob=0.01 mh_lsh_aligned_block_size=4096 | MinHash[elementBytes=1, bands=1]
          index_type=AUTOINDEX metric_type=MHJACCARD                                             | MinHash[elementBytes=4, bands=8]
          index_type=BIN_FLAT metric_type=MHJACCARD mh_element_bit_width=16                      | FlatMinHash[elementBytes=2, elements=64]
          """)
  void signaturesAreFoundByTheirBands(String params, String expected) {
    assertThat(IndexSpec.resolve(bits(1024), params(params))).hasToString(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          index_type=MINHASH_LSH                        | metric type not set for vector index
          index_type=MINHASH_LSH metric_type=HAMMING    | metric type HAMMING not found or not supported, supported: [MHJACCARD]: invalid parameter[expected=valid index params]
          index_type=BIN_IVF_FLAT metric_type=MHJACCARD | metric type MHJACCARD not found or not supported, supported: [HAMMING JACCARD]
          index_type=MINHASH_LSH metric_type=L2         | binary vector index does not support metric type: L2
          index_type=MINHASH_LSH metric_type=MHJACCARD mh_element_bit_width=7   | Out of range in json: param 'mh_element_bit_width' (7) should be in range [8, 256]: invalid parameter
          index_type=MINHASH_LSH metric_type=MHJACCARD mh_element_bit_width=257 | param 'mh_element_bit_width' (257) should be in range [8, 256]
          index_type=MINHASH_LSH metric_type=MHJACCARD mh_element_bit_width=12  | mh_element_bit_width (12) should be a multiple of 8: invalid parameter
          index_type=MINHASH_LSH metric_type=MHJACCARD mh_element_bit_width=64  | Dimension:96, mh_element_bit_width:64: invalid parameter
          index_type=MINHASH_LSH metric_type=MHJACCARD mh_lsh_band=8.0          | wrong data type in json, key: 'mh_lsh_band', value: '8.0'
          index_type=MINHASH_LSH metric_type=MHJACCARD mh_lsh_band=x            | invalid integer value, key: 'mh_lsh_band', value: 'x'
          index_type=MINHASH_LSH metric_type=MHJACCARD with_raw_data=1          | Type conflict in json: param 'with_raw_data' ("1") should be a boolean: invalid parameter
          index_type=MINHASH_LSH metric_type=MHJACCARD mh_lsh_bloom_false_positive_prob=1.1 | param 'mh_lsh_bloom_false_positive_prob' (1.1) should be in range [0.000000, 1.000000]
          index_type=MINHASH_LSH metric_type=MHJACCARD mh_lsh_aligned_block_size=512        | param 'mh_lsh_aligned_block_size' (512) should be in range [4096, 2147483647]
          index_type=AUTOINDEX metric_type=MHJACCARD mh_lsh_band=8              | only metric type can be passed when use AutoIndex, but got mh_lsh_band
          """)
  void refusesAnIndexOfSignatures(String params, String text) {
    assertThatThrownBy(() -> IndexSpec.check(bits(96), params(params)))
        .isInstanceOf(DbException.class)
        .hasMessageContaining(text);
  }

  @Test
  void aSearchOfSignaturesIsByBandsOrByElements() {
    ResolvedIndex bands = new ResolvedIndex.MinHash(4, 8);
    ResolvedIndex flat = new ResolvedIndex.FlatMinHash(4, 32);

    assertThat(IndexSpec.searchEffort(bands, Map.of(), 10))
        .isEqualTo(IndexSpec.searchEffort(bands, Map.of("mh_search_with_jaccard", "False"), 10))
        .isEqualTo(new SearchEffort.Bands(4, 8, false));
    assertThat(
            IndexSpec.searchEffort(
                bands,
                params("mh_search_with_jaccard=true refine_k=50 mh_lsh_batch_search=true"),
                10))
        .isEqualTo(new SearchEffort.Bands(4, 8, true));
    assertThat(IndexSpec.searchEffort(flat, Map.of(), 10))
        .isEqualTo(new SearchEffort.Bands(4, 32, true));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          mh_search_with_jaccard=1 | Type conflict in json: param 'mh_search_with_jaccard' ("1") should be a boolean
          mh_lsh_batch_search=x    | Type conflict in json: param 'mh_lsh_batch_search' ("x") should be a boolean
          refine_k=0               | Out of range in json: param 'refine_k' (0) should be in range [1, 2147483647]
          metric_type=HAMMING      | metric type not match: invalid parameter[expected=MHJACCARD][actual=HAMMING]
          """)
  void refusesASearchOfSignatures(String params, String text) {
    for (ResolvedIndex index :
        List.of(new ResolvedIndex.MinHash(4, 8), new ResolvedIndex.FlatMinHash(4, 32))) {
      assertThatThrownBy(() -> IndexSpec.searchEffort(index, params(params), 10))
          .isInstanceOf(DbException.class)
          .hasMessageContaining(text);
    }
  }

  private static Field bits(int dimension) {
    return new Field(
        100,
        "f",
        "",
        DataType.BINARY_VECTOR,
        false,
        false,
        false,
        false,
        Map.of("dim", Integer.toString(dimension)));
  }

  private static Field field(DataType type) {
    return new Field(100, "f", "", type, false, false, false, false, Map.of("dim", "8"));
  }

  private static Map<String, String> params(String text) {
    Map<String, String> params = new LinkedHashMap<>();
    for (String pair : text.split(" ")) {
      int equals = pair.indexOf('=');
      params.put(pair.substring(0, equals), pair.substring(equals + 1));
    }
    return params;
  }
}
