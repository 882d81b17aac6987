package io.elanus.common.model;

import static io.elanus.common.model.IndexFields.field;
import static io.elanus.common.model.IndexFields.params;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.elanus.common.error.DbException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Definitions over sparse vectors, and searches by them.
class SparseSpecTest {
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
}
