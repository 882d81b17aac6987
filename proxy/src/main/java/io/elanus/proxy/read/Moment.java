package io.elanus.proxy.read;

import io.elanus.common.expr.Expr;
import io.elanus.proto.internal.Freshness;
import io.elanus.proto.internal.QueryShardRequest;
import io.elanus.proto.internal.SearchShardRequest;
import io.elanus.rpc.codec.ExprCodec;

/// What state of the shards is read.
sealed interface Moment {
  /// A leader waits for the mark, whatever freshness is asked for.
  Freshness ANY = Freshness.newBuilder().setLevel(Freshness.Level.EVENTUALLY).build();

  /// As fresh as the request asks for.
  record Present() implements Moment {}

  record AsOf(long mark) implements Moment {}

  /// No rows at all.
  record Nothing() implements Moment {}

  default QueryShardRequest.Builder of(QueryShardRequest request) {
    QueryShardRequest.Builder read = request.toBuilder();
    return switch (this) {
      case Present _ -> read;
      case AsOf(long mark) -> read.setAsOf(mark).setFreshness(ANY);
      case Nothing _ -> read.setFilter(ExprCodec.encode(Expr.NEVER)).setFreshness(ANY);
    };
  }

  default SearchShardRequest.Builder of(SearchShardRequest request) {
    SearchShardRequest.Builder read = request.toBuilder();
    return switch (this) {
      case Present _ -> read;
      case AsOf(long mark) -> read.setAsOf(mark).setFreshness(ANY);
      case Nothing _ -> read.setFilter(ExprCodec.encode(Expr.NEVER)).setFreshness(ANY);
    };
  }
}
