package io.elanus.common.model;

import io.elanus.common.error.ErrorCode;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// The parameters of indexes over MinHash signatures, which are fields of bits with the metric `MHJACCARD`. Errors in Milvus's
/// words. What searches find is in docs/decisions/0141-minhash.md.
final class MinHashSpec {
  static final String LSH = "MINHASH_LSH";

  private static final Map<String, List<Metric>> METRICS =
      Map.of(
          LSH,
          List.of(Metric.MHJACCARD),
          "BIN_FLAT",
          List.of(
              Metric.HAMMING,
              Metric.JACCARD,
              Metric.SUBSTRUCTURE,
              Metric.SUPERSTRUCTURE,
              Metric.MHJACCARD),
          "BIN_IVF_FLAT",
          List.of(Metric.HAMMING, Metric.JACCARD));

  private static final IntParam ELEMENT_BITS = new IntParam("mh_element_bit_width", 8, 256, 8);

  /// As in Milvus any number is taken: 1 band at least, and as many as there are elements at most.
  private static final IntParam BANDS =
      new IntParam("mh_lsh_band", Integer.MIN_VALUE, Integer.MAX_VALUE, 1);

  /// Of a layout that is not ours: their ranges alone are looked at.
  private static final IntParam BLOCK_BYTES =
      new IntParam("mh_lsh_aligned_block_size", 4096, Integer.MAX_VALUE, 4096);

  private static final FloatParam FALSE_POSITIVES =
      new FloatParam("mh_lsh_bloom_false_positive_prob", 0, 1, true);

  /// The vectors are there in any case.
  private static final BoolParam WITH_VECTORS = new BoolParam("with_raw_data");

  private static final BoolParam JACCARD = new BoolParam("mh_search_with_jaccard");

  /// All candidates are ranked, however many there are.
  private static final IntParam REFINED = new IntParam("refine_k", 1, Integer.MAX_VALUE, 1);

  private static final BoolParam BATCH = new BoolParam("mh_lsh_batch_search");

  /// As the MinHash function makes them.
  private static final int AUTO_ELEMENT_BITS = 32;

  /// Of 32 bands of so many, texts that are alike by 70 % share one nearly always, texts alike by 30 % one time in four.
  private static final int AUTO_ELEMENTS_OF_A_BAND = 4;

  private MinHashSpec() {}

  static boolean isMetric(Map<String, String> params) {
    String name = params.getOrDefault(IndexSpec.METRIC_TYPE, "");
    return Metric.ofName(name).filter(metric -> metric == Metric.MHJACCARD).isPresent();
  }

  /// @throws io.elanus.common.error.DbException `INVALID_PARAMETER` when an index of this type over bits has not this metric
  static void checkMetric(String type, Metric metric) {
    List<Metric> supported = METRICS.getOrDefault(type, List.of());
    if (!supported.contains(metric)) {
      String names = supported.stream().map(Metric::name).collect(Collectors.joining(" "));
      throw IndexSpec.invalidIndexParams(
          "metric type %s not found or not supported, supported: [%s]".formatted(metric, names));
    }
  }

  /// @throws io.elanus.common.error.DbException `INVALID_PARAMETER`
  static ResolvedIndex resolve(String type, int dimension, Map<String, String> params) {
    int bits = ELEMENT_BITS.toBuild(params);
    int elements = elements(dimension, bits);
    int bands = Math.clamp(BANDS.toBuild(params), 1, elements);
    BLOCK_BYTES.toBuild(params);
    FALSE_POSITIVES.checkToBuild(params);
    WITH_VECTORS.checkToBuild(params);
    return type.equals(LSH)
        ? new ResolvedIndex.MinHash(bits / Byte.SIZE, bands)
        : new ResolvedIndex.FlatMinHash(bits / Byte.SIZE, elements);
  }

  /// @throws io.elanus.common.error.DbException `INVALID_PARAMETER`
  static ResolvedIndex auto(int dimension) {
    int elements = elements(dimension, AUTO_ELEMENT_BITS);
    return new ResolvedIndex.MinHash(
        AUTO_ELEMENT_BITS / Byte.SIZE, Math.ceilDiv(elements, AUTO_ELEMENTS_OF_A_BAND));
  }

  private static int elements(int dimension, int bits) {
    if (bits % Byte.SIZE != 0) {
      throw ErrorCode.INVALID_PARAMETER.because(
          "mh_element_bit_width (%d) should be a multiple of %d: %s",
          bits, Byte.SIZE, ErrorCode.INVALID_PARAMETER.text());
    }
    if (dimension % bits != 0) {
      throw ErrorCode.INVALID_PARAMETER.because(
          "The dimension of a MinHash vector (dim) should be a multiple of mh_element_bit_width. "
              + "Dimension:%d, mh_element_bit_width:%d: %s",
          dimension, bits, ErrorCode.INVALID_PARAMETER.text());
    }
    return dimension / bits;
  }

  /// @throws io.elanus.common.error.DbException `INVALID_PARAMETER`
  static SearchEffort effort(int elementBytes, int bands, Map<String, String> params) {
    REFINED.toSearch(params);
    BATCH.toSearch(params);
    return new SearchEffort.Bands(elementBytes, bands, JACCARD.toSearch(params));
  }

  /// Every row that has an element of the query, which is a band then, by how many there are.
  ///
  /// @throws io.elanus.common.error.DbException `INVALID_PARAMETER`
  static SearchEffort effortOfAll(int elementBytes, int elements, Map<String, String> params) {
    effort(elementBytes, elements, params);
    return new SearchEffort.Bands(elementBytes, elements, true);
  }
}
