package io.elanus.querynode;

import io.elanus.common.error.ErrorCode;
import io.elanus.common.expr.Expr;
import io.elanus.common.model.CollectionSchema;
import io.elanus.common.model.PartitionId;
import io.elanus.proto.internal.QueryShardRequest;
import io.elanus.proto.internal.QueryShardResponse;
import io.elanus.rpc.codec.ExprCodec;
import io.elanus.segment.shard.Cancellation;
import io.elanus.segment.shard.RowAddress;
import io.elanus.segment.shard.ShardSnapshot;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/// A query on its way through a snapshot: decodes the plan, counts or selects, fetches the fields.
final class ShardQuery {
  /// As much as the proxy sends to a client, per shard; looked at before anything is copied.
  private static final long MAX_ANSWER_BYTES = 100L << 20;

  /// Key, version and address of a row; an estimate.
  private static final long ROW_BYTES = 32;

  /// A scalar's value; an estimate that errs on the small side, the proxy counts exactly.
  private static final long FIELD_BYTES = 8;

  private ShardQuery() {}

  static QueryShardResponse run(
      QueryShardRequest request, ShardSnapshot snapshot, Cancellation cancellation) {
    Expr filter = request.hasFilter() ? ExprCodec.decode(request.getFilter()) : Expr.ALWAYS;
    Set<PartitionId> partitions =
        request.getPartitionIdsList().stream().map(PartitionId::new).collect(Collectors.toSet());
    QueryShardResponse.Builder response =
        QueryShardResponse.newBuilder().setReadVersion(snapshot.version());
    if (request.getCountOnly()) {
      return response.setRowCount(snapshot.count(filter, partitions, cancellation)).build();
    }
    int most = mostRows(request, snapshot.schema());
    List<RowAddress> addresses =
        snapshot.query(filter, partitions, limit(request, most), cancellation);
    if (addresses.size() > most) {
      throw ErrorCode.PARAMETER_TOO_LARGE.because(
          "query results exceed the limit of %d bytes, about %d rows of these fields: use a limit",
          MAX_ANSWER_BYTES, most);
    }
    addresses.forEach(address -> response.addVersions(address.version()));
    ShardRows rows = ShardRows.fetch(snapshot, addresses, request.getOutputFieldIdsList());
    return response
        .setRowCount(addresses.size())
        .setKeys(rows.keys())
        .addAllColumns(rows.columns())
        .build();
  }

  /// Rows of the fields asked for that fit an answer.
  private static int mostRows(QueryShardRequest request, CollectionSchema schema) {
    long rowBytes =
        ROW_BYTES
            + request.getOutputFieldIdsList().stream()
                .map(schema::requireField)
                .mapToLong(field -> field.type().isVector() ? 4L * field.dimension() : FIELD_BYTES)
                .sum();
    return (int) (MAX_ANSWER_BYTES / rowBytes);
  }

  /// Without a limit one row more than fits, so that it shows.
  private static int limit(QueryShardRequest request, int most) {
    long limit = request.getLimit() == 0 ? Long.MAX_VALUE : request.getLimit();
    return (int) Math.min(limit, most + 1L);
  }
}
