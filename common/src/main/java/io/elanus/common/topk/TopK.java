package io.elanus.common.topk;

import io.elanus.common.model.Key;
import io.elanus.common.model.Metric;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Set;

/// Merges rankings into the best k, one hit per key, or per key and place where hits are vectors in lists.
///
/// The nearer score comes first, of equal scores the smaller key, of equal keys the smaller place, so that pages of one
/// search are slices of one list. Of several rows with one key only the best is kept, wherever they lie.
/// Because duplicates shrink the result, a source may run dry before k hits are found although it
/// has more: the result then stops there, and [Ranking#answers] says so.
///
/// ```
/// k = 3    a: 9(x) 7(y) 5(z) ...     b: 9(x) 8(x) end     ->  9(x) 7(y) 5(z)
/// k = 3    a: 9(x) 7(x) 6(x) ...     b: 5(y) end          ->  9(x), no answer yet: a may have 5.5(z)
/// ```
public final class TopK {
  private TopK() {}

  /// Best first.
  public static Comparator<Hit> order(Metric metric) {
    return (a, b) -> {
      int byScore = metric.compareScores(a.score(), b.score());
      int byKey = byScore != 0 ? byScore : a.key().compareTo(b.key());
      return byKey != 0 ? byKey : Integer.compare(a.place(), b.place());
    };
  }

  /// What is found once.
  private record Found(Key key, int place) {}

  /// The best `k` of all sources; fewer when there are no more, or when it is not certain which
  /// come next.
  ///
  /// @throws IllegalArgumentException for a ranking that is not in order
  public static <H extends Hit> Ranking<H> merge(List<Ranking<H>> sources, Metric metric, int k) {
    Comparator<Hit> order = order(metric);
    PriorityQueue<Cursor<H>> heads = new PriorityQueue<>(Cursor.order(order));
    for (int i = 0; i < sources.size(); i++) {
      Cursor<H> cursor = new Cursor<>(sources.get(i), i);
      if (cursor.hasHit()) {
        heads.add(cursor);
      } else if (!cursor.exhausted()) {
        return new Ranking<>(List.of(), false);
      }
    }
    return merge(heads, order, k);
  }

  private static <H extends Hit> Ranking<H> merge(
      PriorityQueue<Cursor<H>> heads, Comparator<Hit> order, int k) {
    List<H> best = new ArrayList<>();
    Set<Found> found = new HashSet<>();
    while (best.size() < k && !heads.isEmpty()) {
      Cursor<H> head = heads.remove();
      if (found.add(new Found(head.hit().key(), head.hit().place()))) {
        best.add(head.hit());
      }
      head.advance(order);
      if (head.hasHit()) {
        heads.add(head);
      } else if (!head.exhausted()) {
        return new Ranking<>(best, false);
      }
    }
    return new Ranking<>(best, heads.isEmpty());
  }

  /// A place in one source.
  private static final class Cursor<H extends Hit> {
    private final Ranking<H> ranking;
    private final int source;
    private int at;

    Cursor(Ranking<H> ranking, int source) {
      this.ranking = ranking;
      this.source = source;
    }

    /// Equal hits in the order of the sources, so that a merge is repeatable.
    static <H extends Hit> Comparator<Cursor<H>> order(Comparator<Hit> hits) {
      return (a, b) -> {
        int byHit = hits.compare(a.hit(), b.hit());
        return byHit != 0 ? byHit : Integer.compare(a.source, b.source);
      };
    }

    boolean exhausted() {
      return ranking.exhausted();
    }

    boolean hasHit() {
      return at < ranking.hits().size();
    }

    H hit() {
      return ranking.hits().get(at);
    }

    void advance(Comparator<Hit> order) {
      H passed = hit();
      at++;
      if (hasHit() && order.compare(passed, hit()) > 0) {
        throw new IllegalArgumentException(
            "source %d is not in order: %s before %s".formatted(source, passed, hit()));
      }
    }
  }
}
