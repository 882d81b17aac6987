package io.elanus.common.model;

import io.elanus.common.error.ErrorCode;
import io.elanus.common.model.ResolvedIndex.Codes;
import java.util.Map;

/// The parameters of product quantization, and the codes that walks look at instead: of no fewer bits a value. Errors in
/// Milvus's words.
final class ProductParams {
  private static final IntParam PARTS = new IntParam("m", 1, 65536, 32);
  private static final IntParam RESIDUAL_PARTS = new IntParam("m", 1, 65536, 2);
  private static final IntParam BITS = new IntParam("nbits", 1, 24, 8);
  private static final IntParam RESIDUALS = new IntParam("nrq", 1, 16, 2);

  private ProductParams() {}

  /// Of `HNSW_PQ`.
  ///
  /// @throws io.elanus.common.error.DbException `INVALID_PARAMETER`
  static Codes ofGraph(int dimension, Map<String, String> params) {
    return codes(dimension, parts(PARTS, dimension, params, "the", " "), BITS.toBuild(params));
  }

  /// Of `HNSW_PRQ`.
  ///
  /// @throws io.elanus.common.error.DbException `INVALID_PARAMETER`
  static Codes ofResiduals(int dimension, Map<String, String> params) {
    long bits = (long) BITS.toBuild(params) * RESIDUALS.toBuild(params);
    return codes(dimension, parts(RESIDUAL_PARTS, dimension, params, "a", ""), bits);
  }

  /// Of `IVF_PQ`.
  ///
  /// @throws io.elanus.common.error.DbException `INVALID_PARAMETER`
  static Codes ofLists(int dimension, Map<String, String> params) {
    return codes(dimension, parts(PARTS, dimension, params, "a", ""), BITS.toBuild(params));
  }

  private static int parts(
      IntParam param, int dimension, Map<String, String> params, String article, String space) {
    int parts = param.toBuild(params);
    if (dimension % parts != 0) {
      throw ErrorCode.INVALID_PARAMETER.because(
          "The dimension of %s vector (dim) should be a multiple of the number of subquantizers (m). "
              + "Dimension:%s%d, m:%s%d: %s",
          article, space, dimension, space, parts, ErrorCode.INVALID_PARAMETER.text());
    }
    return parts;
  }

  private static Codes codes(int dimension, int parts, long bits) {
    return parts * bits <= 4L * dimension ? Codes.HALF_BYTES : Codes.BYTES;
  }
}
