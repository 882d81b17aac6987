package io.elanus.common.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import io.elanus.common.model.ResolvedIndex.Codes;
import io.elanus.common.model.ResolvedIndex.Flat;
import io.elanus.common.model.ResolvedIndex.Hnsw;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IndexSpecTest {
  private static final Hnsw GRAPH = new Hnsw(Metric.COSINE, 18, 240, Codes.NONE);

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          index_type=FLAT metric_type=L2               | Flat[metric=L2]
          index_type=HNSW metric_type=IP               | Hnsw[metric=IP, m=30, efConstruction=360, codes=NONE]
          index_type=HNSW metric_type=ip M=2           | Hnsw[metric=IP, m=2, efConstruction=360, codes=NONE]
          index_type=HNSW metric_type=L2 M=2048 efConstruction=1 | Hnsw[metric=L2, m=2048, efConstruction=1, codes=NONE]
          index_type=HNSW metric_type=L2 M=None efConstruction=null | Hnsw[metric=L2, m=30, efConstruction=360, codes=NONE]
          index_type=HNSW metric_type=L2 other=thing   | Hnsw[metric=L2, m=30, efConstruction=360, codes=NONE]
          index_type=IVF_FLAT metric_type=L2           | Ivf[metric=L2, lists=128, codes=NONE]
          index_type=IVF_FLAT metric_type=IP nlist=65536 | Ivf[metric=IP, lists=65536, codes=NONE]
          index_type=HNSW_SQ metric_type=L2            | Hnsw[metric=L2, m=30, efConstruction=360, codes=BYTES]
          index_type=HNSW_SQ metric_type=L2 M=8 sq_type=sq4u refine=true | Hnsw[metric=L2, m=8, efConstruction=360, codes=HALF_BYTES]
          index_type=HNSW_SQ metric_type=L2 sq_type=BF16 | Hnsw[metric=L2, m=30, efConstruction=360, codes=NONE]
          index_type=IVF_SQ8 metric_type=L2 nlist=16   | Ivf[metric=L2, lists=16, codes=BYTES]
          index_type=SCANN metric_type=COSINE with_raw_data=true | Ivf[metric=COSINE, lists=128, codes=HALF_BYTES]
          index_type=AUTOINDEX                         | Hnsw[metric=COSINE, m=18, efConstruction=240, codes=NONE]
          index_type=AUTOINDEX metric_type=L2          | Hnsw[metric=L2, m=18, efConstruction=240, codes=NONE]
          index_type=AUTOINDEX mmap.enabled=true       | Hnsw[metric=COSINE, m=18, efConstruction=240, codes=NONE]
          metric_type=IP                               | Hnsw[metric=IP, m=18, efConstruction=240, codes=NONE]
          index_type=                                  | Hnsw[metric=COSINE, m=18, efConstruction=240, codes=NONE]
          """)
  void resolves(String params, String expected) {
    ResolvedIndex index = IndexSpec.check(field(DataType.FLOAT_VECTOR), params(params));

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
          index_type=IVF_PQ metric_type=L2 | index type IVF_PQ is not served yet
          index_type=HNSW_SQ metric_type=L2 sq_type=SQ9 | invalid scalar quantizer type: SQ9, optional types are [BF16, FP16, SQ4U, SQ6, SQ8]
          index_type=HNSW_SQ metric_type=L2 M=2049 | param 'M' (2049) should be in range [2, 2048]
          index_type=IVF_FLAT metric_type=L2 nlist=65537 | param 'nlist' (65537) should be in range [1, 65536]
          index_type=DISKANN metric_type=L2 | index type DISKANN is not served yet
          index_type=STL_SORT metric_type=L2 | data type FloatVector can't build with this index STL_SORT
          index_type=AUTOINDEX M=16 | only metric type can be passed when use AutoIndex
          """)
  void refuses(String params, String text) {
    assertThatThrownBy(() -> IndexSpec.check(field(DataType.FLOAT_VECTOR), params(params)))
        .isInstanceOfSatisfying(
            DbException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_PARAMETER))
        .hasMessageContaining(text);
  }

  @Test
  void otherFieldsAreRefused() {
    assertThatThrownBy(
            () -> IndexSpec.check(field(DataType.INT64), Map.of("index_type", "STL_SORT")))
        .hasMessage("index type STL_SORT on field f of type Int64 is not served yet");
    assertThatThrownBy(() -> IndexSpec.check(field(DataType.INT64), Map.of()))
        .hasMessage("index type AUTOINDEX on field f of type Int64 is not served yet");
    assertThatThrownBy(
            () -> IndexSpec.check(field(DataType.INT64), params("index_type=HNSW metric_type=L2")))
        .hasMessage("data type Int64 can't build with this index HNSW");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          FLOAT16_VECTOR      | index_type=HNSW metric_type=L2                  | Flat[metric=L2]
          BFLOAT16_VECTOR     | index_type=IVF_FLAT metric_type=IP nlist=8      | Flat[metric=IP]
          INT8_VECTOR         | index_type=AUTOINDEX                            | Flat[metric=COSINE]
          BINARY_VECTOR       | index_type=AUTOINDEX                            | Flat[metric=HAMMING]
          BINARY_VECTOR       | index_type=BIN_IVF_FLAT metric_type=JACCARD     | Flat[metric=JACCARD]
          """)
  void otherVectorsAreScanned(DataType type, String params, String expected) {
    assertThat(IndexSpec.check(field(type), params(params))).hasToString(expected);
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
    assertThat(IndexSpec.check(field(DataType.SPARSE_FLOAT_VECTOR), params(params)))
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
          BINARY_VECTOR       | index_type=MINHASH_LSH metric_type=HAMMING   | index type MINHASH_LSH is not served yet
          ARRAY_OF_VECTOR     | index_type=HNSW metric_type=L2               | index type HNSW on field f of type ArrayOfVector is not served yet
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
          ef=9             | ef(9) should be larger than k(10)
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
          refine_k=0.5 | Out of range in json: param 'refine_k' (0.5) should be in range [1.000000, 340282346638528860000000000000000000000.000000]
          refine_k=NaN | param 'refine_k' (NaN) should be in range
          refine_k=x   | Type conflict in json: param 'refine_k' (x) should be a number
          reorder_k=9  | reorder_k(9) should be larger than k(10)
          reorder_k=0  | param 'reorder_k' (0) should be in range [1, 2147483647]
          """)
  void refusesToRefine(String params, String text) {
    ResolvedIndex codes = new Hnsw(Metric.L2, 18, 240, Codes.HALF_BYTES);

    assertThatThrownBy(() -> IndexSpec.searchEffort(codes, params(params), 10))
        .isInstanceOf(DbException.class)
        .hasMessageContaining(text);
  }

  @Test
  void aScanNeedsNoCandidatesBeyondTheResult() {
    assertThat(IndexSpec.searchEffort(new Flat(Metric.L2), Map.of("ef", "x"), 7))
        .isEqualTo(new SearchEffort.All());
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
