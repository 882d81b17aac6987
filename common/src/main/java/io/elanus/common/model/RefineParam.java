package io.elanus.common.model;

import io.elanus.common.error.ErrorCode;
import java.util.Map;

/// How many rows an index of codes scores by their vectors for each one wanted. Errors in Milvus's words.
final class RefineParam {
  private static final String NAME = "refine_k";
  private static final IntParam REORDERED = new IntParam("reorder_k", 1, Integer.MAX_VALUE, 1);

  private RefineParam() {}

  /// `refine_k`, a factor; or `reorder_k` of a SCANN index, a number of rows.
  static float of(Map<String, String> params, int topK) {
    if (params.containsKey(REORDERED.name())) {
      int rows = REORDERED.toSearch(params);
      if (rows < topK) {
        throw ErrorCode.INVALID_PARAMETER.because(
            "reorder_k(%d) should be larger than k(%d)", rows, topK);
      }
      return (float) rows / topK;
    }
    return params.containsKey(NAME) ? factor(params.get(NAME)) : 1;
  }

  private static float factor(String text) {
    float factor;
    try {
      factor = Float.parseFloat(text);
    } catch (NumberFormatException _) {
      throw ErrorCode.INVALID_PARAMETER.because(
          "Type conflict in json: param '%s' (%s) should be a number", NAME, text);
    }
    if (!(factor >= 1) || Float.isInfinite(factor)) {
      throw ErrorCode.INVALID_PARAMETER.because(
          "Out of range in json: param '%s' (%s) should be in range [1.000000, %f]",
          NAME, text, Float.MAX_VALUE);
    }
    return factor;
  }
}
