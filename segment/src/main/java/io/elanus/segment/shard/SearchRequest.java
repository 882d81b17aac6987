package io.elanus.segment.shard;

import io.elanus.common.expr.Expr;
import io.elanus.common.model.Metric;
import io.elanus.common.model.PartitionId;
import io.elanus.index.SearchParams;
import java.util.Set;

/// The nearest `k` distinct keys to each of `queries`.
///
/// @param queries of the kind of the field
/// @param filter [Expr#ALWAYS] for none
/// @param partitions all when empty
public record SearchRequest(
    long fieldId,
    Metric metric,
    Queries queries,
    int k,
    SearchParams params,
    Expr filter,
    Set<PartitionId> partitions) {
  public SearchRequest {
    partitions = Set.copyOf(partitions);
    if (k < 1) {
      throw new IllegalArgumentException("k %d is below 1".formatted(k));
    }
  }
}
