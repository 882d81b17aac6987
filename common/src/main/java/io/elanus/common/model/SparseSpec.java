package io.elanus.common.model;

import java.util.List;
import java.util.Map;

/// The parameters of indexes over sparse vectors. Errors in Milvus's words.
final class SparseSpec {
  private static final String ALGORITHM = "inverted_index_algo";

  /// By Milvus's names: we have one, which is exact as they are.
  private static final List<String> ALGORITHMS =
      List.of(
          "TAAT_NAIVE",
          "DAAT_WAND",
          "DAAT_MAXSCORE",
          "BLOCK_MAX_MAXSCORE",
          "BLOCK_MAX_WAND",
          "SINDI");

  /// Does nothing, in Milvus neither.
  private static final FloatParam DROP_RATIO_BUILD =
      new FloatParam("drop_ratio_build", 0, 1, false);

  private static final FloatParam DROP_RATIO_SEARCH =
      new FloatParam("drop_ratio_search", 0, 1, false);

  /// Of algorithms whose bounds may be wrong: ours has none.
  private static final FloatParam DIM_MAX_SCORE_RATIO =
      new FloatParam("dim_max_score_ratio", 0.5, 1.3, true);

  private SparseSpec() {}

  /// @throws io.elanus.common.error.DbException `INVALID_PARAMETER`
  static void checkToBuild(Map<String, String> params) {
    String algorithm = params.get(ALGORITHM);
    if (algorithm != null && !ALGORITHMS.contains(algorithm)) {
      throw IndexSpec.invalidIndexParams(
          "sparse inverted index algo %s not found or not supported, supported: [%s]"
              .formatted(algorithm, String.join(" ", ALGORITHMS)));
    }
    DROP_RATIO_BUILD.checkToBuild(params);
  }

  /// @throws io.elanus.common.error.DbException `INVALID_PARAMETER`
  static SearchEffort effort(Map<String, String> params) {
    DIM_MAX_SCORE_RATIO.toSearch(params, 1);
    float dropRatio = (float) DROP_RATIO_SEARCH.toSearch(params, 0);
    return dropRatio == 0
        ? new SearchEffort.All()
        : new SearchEffort.Terms(Math.min(dropRatio, Math.nextDown(1f)));
  }
}
