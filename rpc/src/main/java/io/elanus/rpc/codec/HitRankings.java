package io.elanus.rpc.codec;

import io.elanus.common.model.Column.KeyColumn;
import io.elanus.common.model.Key;
import io.elanus.common.model.Metric;
import io.elanus.common.topk.Hit;
import io.elanus.common.topk.Ranking;
import io.elanus.common.topk.ScorePage;
import io.elanus.common.topk.ScoreRange;
import io.elanus.common.topk.TopK;
import io.elanus.proto.internal.SearchShardRequest;
import io.elanus.proto.internal.SearchShardResponse;
import java.util.ArrayList;
import java.util.List;

/// The hits in several answers to one search, ready for [io.elanus.common.topk.TopK].
public final class HitRankings {
  private HitRankings() {}

  /// A hit of one answer.
  ///
  /// @param row of the hit among the rows of all answers, answer after answer
  public record RowHit(Key key, int place, float score, int row) implements Hit {}

  /// By query, then by answer.
  ///
  /// @param keys of the rows of all answers, answer after answer
  /// @param request what was asked: an answer with fewer hits than its limit has no more, and one with ties has all
  ///     that can be among the hits of the page
  public static List<List<Ranking<RowHit>>> of(
      List<SearchShardResponse> answers, KeyColumn keys, SearchShardRequest request) {
    int queries = request.getVectorCount();
    int limit = request.getLimit();
    boolean withTies = request.getWithTies();
    List<List<Ranking<RowHit>>> rankings = new ArrayList<>();
    for (int query = 0; query < queries; query++) {
      rankings.add(new ArrayList<>());
    }
    int firstRow = 0;
    for (SearchShardResponse answer : answers) {
      int row = firstRow;
      for (int query = 0; query < queries; query++) {
        List<RowHit> hits = new ArrayList<>();
        for (int i = 0; i < answer.getHitCounts(query); i++, row++) {
          int at = row - firstRow;
          int place = answer.getPlacesCount() == 0 ? 0 : answer.getPlaces(at);
          hits.add(new RowHit(keys.key(row), place, answer.getScores(at), row));
        }
        rankings.get(query).add(new Ranking<>(hits, withTies || hits.size() < limit));
      }
      firstRow = row;
    }
    return rankings;
  }

  /// The places of hits, as an answer has them.
  public static List<Integer> places(List<? extends Hit> hits) {
    return hits.stream().anyMatch(hit -> hit.place() > 0)
        ? hits.stream().map(Hit::place).toList()
        : List.of();
  }

  /// The best hits of all answers, as many as `request` asks for.
  public static List<RowHit> merge(
      List<Ranking<RowHit>> answers, Metric metric, SearchShardRequest request) {
    int limit = request.getLimit();
    boolean withTies = request.getWithTies();
    Ranking<RowHit> merged = TopK.merge(answers, metric, withTies ? Integer.MAX_VALUE : limit);
    return new ScorePage(ScoreRange.ALL, limit, withTies).of(merged, metric).orElse(merged.hits());
  }
}
