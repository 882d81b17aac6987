package io.elanus.segment.shard;

import io.elanus.common.memory.HeapShare;
import io.elanus.common.model.Key;
import io.elanus.common.topk.Ranking;
import io.elanus.common.topk.ScoreRange;
import io.elanus.index.ScoreLimits;
import io.elanus.index.SearchParams;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/// A search for hits from a score on, as the pages of an iterator are, and for what comes after them.
///
/// What was on the pages before is left out where rows are scored, so that a page costs the same however many there were. A key
/// that has several rows counts where its best one is, and that may have been left out: so it is looked whether a key that was found has
/// others. If one has, all is ranked from the beginning.
///
/// ```
///  a, b at 1    c at 2   |   d at 3    a again at 4    e at 5        from 2 on: d, e
/// ```
final class PageSearch {
  private final SearchRequest request;
  private final List<VectorSource> sources;
  private final int ahead;
  private final Cancellation cancellation;
  private final HeapShare heap;

  /// @param request of one query
  /// @param ahead hits after those of the page that are wanted, too, more or less
  PageSearch(
      SearchRequest request,
      List<VectorSource> sources,
      int ahead,
      Cancellation cancellation,
      HeapShare heap) {
    this.request = request;
    this.sources = sources;
    this.ahead = ahead;
    this.cancellation = cancellation;
    this.heap = heap;
  }

  /// From where the page begins.
  Ranking<Hit> run() {
    if (goesOn()) {
      Ranking<Hit> rest = search(ScoreLimits.after(last(request.range())));
      if (areSingle(rest.hits())) {
        return rest;
      }
    }
    return search(ScoreLimits.NONE);
  }

  private boolean goesOn() {
    return request.range().from().isPresent()
        && request.params() instanceof SearchParams.Exact
        && sources.stream().allMatch(source -> source.lists().isEmpty());
  }

  /// The score before the range.
  private float last(ScoreRange range) {
    float from = range.from().orElseThrow();
    float nearer = request.metric().largerIsNearer() ? Math.nextUp(from) : Math.nextDown(from);
    return range.fromExclusive() ? from : nearer;
  }

  private Ranking<Hit> search(ScoreLimits leftOut) {
    Ranking<Hit> ranking =
        new VectorSearch(request, sources, leftOut, ahead, cancellation, heap).ranking();
    List<Hit> hits = ranking.hits();
    int from = 0;
    while (from < hits.size()
        && request.range().startsBehind(request.metric(), hits.get(from).score())) {
      from++;
    }
    return new Ranking<>(hits.subList(from, hits.size()), ranking.exhausted());
  }

  private boolean areSingle(List<Hit> hits) {
    Set<Key> keys = hits.stream().map(Hit::key).collect(Collectors.toSet());
    long rows = 0;
    for (VectorSource source : sources) {
      cancellation.check();
      rows += source.rowsOf(keys);
      if (rows > keys.size()) {
        return false;
      }
    }
    return true;
  }
}
