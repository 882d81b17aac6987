package io.elanus.common.model;

import static io.elanus.common.model.IndexFields.bits;
import static io.elanus.common.model.IndexFields.params;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.elanus.common.error.DbException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Definitions over MinHash signatures, and searches by them.
class MinHashSpecTest {
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
          index_type=BIN_IVF_FLAT metric_type=SUBSTRUCTURE | metric type SUBSTRUCTURE not found or not supported, supported: [HAMMING JACCARD]
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
}
