package io.elanus.querynode;

import io.elanus.common.expr.Expr;
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
    List<RowAddress> addresses = snapshot.query(filter, partitions, limit(request), cancellation);
    addresses.forEach(address -> response.addVersions(address.version()));
    ShardRows rows = ShardRows.fetch(snapshot, addresses, request.getOutputFieldIdsList());
    return response
        .setRowCount(addresses.size())
        .setKeys(rows.keys())
        .addAllColumns(rows.columns())
        .build();
  }

  private static int limit(QueryShardRequest request) {
    return request.getLimit() == 0
        ? Integer.MAX_VALUE
        : Math.toIntExact(Math.min(request.getLimit(), Integer.MAX_VALUE));
  }
}
