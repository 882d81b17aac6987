package io.elanus.common.model;

import io.elanus.common.error.ErrorCode;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// How an index of codes scores rows by their vectors. Errors in Milvus's words.
final class RefineParam {
  private static final FloatParam FACTOR = new FloatParam("refine_k", 1, Float.MAX_VALUE, true);
  private static final IntParam REORDERED = new IntParam("reorder_k", 1, Integer.MAX_VALUE, 1);

  private static final BoolParam WHETHER = new BoolParam("refine");
  private static final String TYPE = "refine_type";
  private static final List<String> TYPES = List.of("sq6", "sq8", "fp16", "bf16", "fp32", "flat");
  private static final List<String> TYPES_OVER_SCALARS =
      List.of("sq4u", "sq6", "sq8", "fp16", "bf16", "fp32", "flat");

  private RefineParam() {}

  /// What is built does not depend on them: it is always refined, by the vectors themselves.
  ///
  /// @throws io.elanus.common.error.DbException `INVALID_PARAMETER`
  static void checkToBuild(Map<String, String> params) {
    check(params, TYPES);
  }

  /// As [#checkToBuild], of scalar codes.
  static void checkScalarToBuild(Map<String, String> params) {
    check(params, TYPES_OVER_SCALARS);
  }

  private static void check(Map<String, String> params, List<String> types) {
    WHETHER.checkToBuild(params);
    String type = params.getOrDefault(TYPE, "");
    if (IntParam.isGiven(params, TYPE) && !types.contains(type.toLowerCase(Locale.ROOT))) {
      throw ErrorCode.INVALID_PARAMETER.because(
          "invalid refine type : %s, optional types are [%s]: %s",
          type, String.join(", ", types), ErrorCode.INVALID_PARAMETER.text());
    }
  }

  /// So many rows for each one wanted: `reorder_k`, a number of rows, as SCANN has it; else `refine_k`, a factor.
  static float of(Map<String, String> params, int topK) {
    return params.containsKey(REORDERED.name())
        ? (float) Math.max(REORDERED.toSearch(params), topK) / topK
        : (float) FACTOR.toSearch(params, 1);
  }

  /// @throws io.elanus.common.error.DbException `INVALID_PARAMETER` for a `reorder_k` below `topK`
  static void requireAtLeast(int topK, Map<String, String> params) {
    REORDERED.requireAtLeast(topK, params);
  }
}
