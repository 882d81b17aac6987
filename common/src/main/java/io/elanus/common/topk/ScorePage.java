package io.elanus.common.topk;

import io.elanus.common.model.Metric;
import java.util.List;
import java.util.Optional;

/// Which part of a ranking answers a search: the first `k` hits within a range of scores.
///
/// An iterator goes on behind the score of its last hit, and that score is all it tells. So its pages take all hits
/// that score as their last one does: none is in two pages, and none is left out.
///
/// ```
///  k = 2, range from 3    2(a) 3(b) 4(c) 4(d) 5(e)   ->  3(b) 4(c), with ties 3(b) 4(c) 4(d)
/// ```
///
/// @param k hits, when there are so many
public record ScorePage(ScoreRange range, int k, boolean withTies) {
  /// The hits of the page.
  ///
  /// @return empty when the ranking has to go on for it
  public <H extends Hit> Optional<List<H>> of(Ranking<H> ranking, Metric metric) {
    List<H> hits = ranking.hits();
    int from = begin(hits, metric);
    int to = from;
    while (to < hits.size() && !isOver(hits, from, to, metric)) {
      to++;
    }
    boolean over = to < hits.size() || ranking.exhausted() || to - from >= k && !withTies;
    return over ? Optional.of(hits.subList(from, to)) : Optional.empty();
  }

  /// A ranking from where the page begins.
  public <H extends Hit> Ranking<H> onwards(Ranking<H> ranking, Metric metric) {
    List<H> hits = ranking.hits();
    return new Ranking<>(hits.subList(begin(hits, metric), hits.size()), ranking.exhausted());
  }

  private <H extends Hit> int begin(List<H> hits, Metric metric) {
    int from = 0;
    while (from < hits.size() && range.startsBehind(metric, hits.get(from).score())) {
      from++;
    }
    return from;
  }

  /// Whether the page that begins at `from` ends before the hit at `at`.
  private <H extends Hit> boolean isOver(List<H> hits, int from, int at, Metric metric) {
    float score = hits.get(at).score();
    if (range.endsBefore(metric, score)) {
      return true;
    }
    boolean full = at - from >= k;
    boolean tied = withTies && full && metric.compareScores(score, hits.get(at - 1).score()) == 0;
    return full && !tied;
  }
}
