package io.elanus.segment.shard;

import io.elanus.common.expr.Expr;
import io.elanus.common.model.Metric;
import io.elanus.common.model.PartitionId;
import io.elanus.common.topk.ScorePage;
import io.elanus.common.topk.ScoreRange;
import io.elanus.index.SearchParams;
import java.util.Optional;
import java.util.Set;

/// The nearest `k` distinct keys to each of `queries`, or the nearest rows of the nearest `k` groups of rows.
///
/// @param queries of the kind of the field
/// @param filter [Expr#ALWAYS] for none
/// @param partitions all when empty
/// @param range only hits with scores in here
/// @param withTies hits that score as the last one does come too, beyond `k`
/// @param groups empty for rows; else whatever the scores, and without ties
public record SearchRequest(
    long fieldId,
    Metric metric,
    Queries queries,
    int k,
    SearchParams params,
    Expr filter,
    Set<PartitionId> partitions,
    ScoreRange range,
    boolean withTies,
    Optional<GroupBy> groups) {
  public SearchRequest {
    partitions = Set.copyOf(partitions);
    if (k < 1) {
      throw new IllegalArgumentException("k %d is below 1".formatted(k));
    }
  }

  /// Whatever the scores.
  public SearchRequest(
      long fieldId,
      Metric metric,
      Queries queries,
      int k,
      SearchParams params,
      Expr filter,
      Set<PartitionId> partitions) {
    this(fieldId, metric, queries, k, params, filter, partitions, ScoreRange.ALL, false);
  }

  /// Of rows.
  public SearchRequest(
      long fieldId,
      Metric metric,
      Queries queries,
      int k,
      SearchParams params,
      Expr filter,
      Set<PartitionId> partitions,
      ScoreRange range,
      boolean withTies) {
    this(
        fieldId, metric, queries, k, params, filter, partitions, range, withTies, Optional.empty());
  }

  /// Which part of a ranking is the answer.
  public ScorePage page() {
    return new ScorePage(range, k, withTies);
  }

  /// Whether the first `k` hits are the answer.
  boolean isPlain() {
    return range.equals(ScoreRange.ALL) && !withTies;
  }
}
