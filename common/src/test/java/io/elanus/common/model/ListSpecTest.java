package io.elanus.common.model;

import static io.elanus.common.model.IndexFields.field;
import static io.elanus.common.model.IndexFields.params;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.elanus.common.error.DbException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Definitions over lists of vectors.
class ListSpecTest {
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
}
