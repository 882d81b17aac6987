package io.elanus.common.model;

import io.elanus.common.error.ErrorCode;
import io.elanus.common.model.ResolvedIndex.Codes;
import java.util.Locale;
import java.util.Map;

/// `sq_type`, and what walks look at then: at least that exact. Errors in Milvus's words.
final class ScalarParam {
  private static final String NAME = "sq_type";

  /// Codes of six bits would be packed over the ends of bytes, and a value of 16 bits is read no faster than one of 32.
  private static final Map<String, Codes> CODES =
      Map.of(
          "SQ4U", Codes.HALF_BYTES,
          "SQ6", Codes.BYTES,
          "SQ8", Codes.BYTES,
          "BF16", Codes.NONE,
          "FP16", Codes.NONE);

  private ScalarParam() {}

  /// @throws io.elanus.common.error.DbException `INVALID_PARAMETER`
  static Codes codes(Map<String, String> params) {
    String type = IntParam.isGiven(params, NAME) ? params.getOrDefault(NAME, "") : "SQ8";
    Codes codes = CODES.get(type.toUpperCase(Locale.ROOT));
    if (codes == null) {
      throw ErrorCode.INVALID_PARAMETER.because(
          "invalid scalar quantizer type: %s", ErrorCode.INVALID_PARAMETER.text());
    }
    return codes;
  }
}
