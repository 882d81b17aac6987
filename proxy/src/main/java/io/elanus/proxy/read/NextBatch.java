package io.elanus.proxy.read;

import io.elanus.common.model.Metric;
import io.elanus.proto.milvus.SearchIteratorV2Results;
import io.elanus.proxy.Invalid;
import java.util.Optional;
import java.util.UUID;

/// A page of a search iterator of the second kind. What the client brings back is all there is of the iterator: no
/// node has to remember it.
///
/// @param token names the iterator to its client
/// @param size rows of a page, but for those that are as near as its last one
/// @param lastBound the score of the last row that the client has; empty on the first page
record NextBatch(Optional<String> token, long size, Optional<Float> lastBound) {
  /// @return empty when the search is none
  /// @throws io.elanus.common.error.DbException `INVALID_PARAMETER`
  static Optional<NextBatch> of(ReadParams params) {
    if (!params.flag("search_iter_v2")) {
      return Optional.empty();
    }
    if (!params.flag("iterator")) {
      throw Invalid.parameter("both iterator and iterator_v2 must be set in the SDK");
    }
    if (params.number("offset").filter(offset -> offset != 0).isPresent()) {
      throw Invalid.parameter("Setting an offset is not permitted when using a search iterator v2");
    }
    long size =
        params
            .number("search_iter_batch_size")
            .orElseThrow(() -> Invalid.parameter("batch size is required"));
    Optional<String> token = params.text("search_iter_id");
    token.ifPresent(NextBatch::requireUuid);
    return Optional.of(new NextBatch(token, size, params.decimal("search_iter_last_bound")));
  }

  private static void requireUuid(String token) {
    try {
      UUID.fromString(token);
    } catch (IllegalArgumentException _) {
      throw Invalid.parameter("invalid token format: %s", token);
    }
  }

  /// What the client is to bring back for the page after one that ends with `lastScore`.
  ///
  /// @param fresh a token, should there be none yet
  /// @param lastScore empty after a page without rows
  SearchIteratorV2Results next(UUID fresh, Metric metric, Optional<Float> lastScore) {
    float beforeAll = metric.largerIsNearer() ? Float.MAX_VALUE : -Float.MAX_VALUE;
    return SearchIteratorV2Results.newBuilder()
        .setToken(token.orElseGet(fresh::toString))
        .setLastBound(lastScore.or(this::lastBound).orElse(beforeAll))
        .build();
  }
}
