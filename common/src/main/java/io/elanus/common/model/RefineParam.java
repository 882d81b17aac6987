package io.elanus.common.model;

import io.elanus.common.error.ErrorCode;
import java.util.Map;

/// How many rows an index of codes scores by their vectors for each one wanted. Errors in Milvus's words.
final class RefineParam {
  private static final FloatParam FACTOR = new FloatParam("refine_k", 1, Float.MAX_VALUE, true);
  private static final IntParam REORDERED = new IntParam("reorder_k", 1, Integer.MAX_VALUE, 1);

  private RefineParam() {}

  /// `reorder_k`, a number of rows, as SCANN has it; else `refine_k`, a factor.
  static float of(Map<String, String> params, int topK) {
    if (!params.containsKey(REORDERED.name())) {
      return (float) FACTOR.toSearch(params, 1);
    }
    int rows = REORDERED.toSearch(params);
    if (rows < topK) {
      throw ErrorCode.INVALID_PARAMETER.because(
          "reorder_k(%d) should be larger than k(%d)", rows, topK);
    }
    return (float) rows / topK;
  }
}
