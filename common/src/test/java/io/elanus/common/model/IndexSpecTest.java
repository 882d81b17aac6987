package io.elanus.common.model;

import static io.elanus.common.model.IndexFields.field;
import static io.elanus.common.model.IndexFields.params;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Definitions over vectors: what they resolve to, and what is refused.
class IndexSpecTest {
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

  @Test
  void anAutomaticIndexIsShownWithItsMetric() {
    ResolvedIndex built = IndexSpec.resolve(field(DataType.BINARY_VECTOR), params("index_type="));

    assertThat(IndexSpec.isAuto(params("index_type="))).isTrue();
    assertThat(IndexSpec.isAuto(params("index_type=HNSW"))).isFalse();
    assertThat(IndexSpec.automatic(built, params("index_type=")))
        .isEqualTo(Map.of("index_type", "AUTOINDEX", "metric_type", "HAMMING"));
    assertThat(IndexSpec.automatic(built, params("metric_type=hamming")))
        .isEqualTo(Map.of("index_type", "AUTOINDEX", "metric_type", "hamming"));
  }

  @Test
  void theSameIndexMayBeAskedForInOtherWords() {
    Field vectors = field(DataType.FLOAT_VECTOR);
    Field json = field(DataType.JSON);

    assertThat(IndexSpec.meaning(vectors, params("index_type=")))
        .isEqualTo(IndexSpec.meaning(vectors, params("index_type=AUTOINDEX metric_type=cosine")))
        .isNotEqualTo(IndexSpec.meaning(vectors, params("metric_type=L2")));
    assertThat(IndexSpec.meaning(vectors, params("index_type=HNSW metric_type=L2 M=8")))
        .isEqualTo(
            IndexSpec.meaning(vectors, params("M=8 mmap.enabled=1 metric_type=L2 index_type=HNSW")))
        .isNotEqualTo(IndexSpec.meaning(vectors, params("index_type=HNSW metric_type=L2")));
    assertThat(IndexSpec.meaning(json, params("index_type=INVERTED json_path=f")))
        .isEqualTo(IndexSpec.meaning(json, params("index_type=INVERTED")))
        .isNotEqualTo(IndexSpec.meaning(json, params("index_type=INVERTED json_path=/a")));
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
          BINARY_VECTOR       | index_type=BIN_FLAT metric_type=substructure    | Flat[metric=SUBSTRUCTURE]
          BINARY_VECTOR       | index_type=BIN_FLAT metric_type=SUPERSTRUCTURE  | Flat[metric=SUPERSTRUCTURE]
          """)
  void resolvesOverOtherVectors(DataType type, String params, String expected) {
    assertThat(IndexSpec.resolve(field(type), params(params))).hasToString(expected);
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
}
