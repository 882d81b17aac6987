package io.elanus.segment.shard;

import io.elanus.common.memory.HeapShare;
import io.elanus.common.model.Key;
import io.elanus.common.topk.Ranking;
import io.elanus.common.topk.ScoreRange;
import io.elanus.index.ScoreLimits;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
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
  /// Where equally near hits belong to one page, the next one shows that it is over.
  private static final int ONE_BEHIND = 1;

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
    Optional<Float> known = lastBefore(request.range());
    if (known.isPresent() && sources.stream().allMatch(VectorSource::leavesOutKnown)) {
      Ranking<Hit> rest = search(ScoreLimits.after(known.get()));
      if (areSingle(rest.hits())) {
        return rest;
      }
    }
    return search(ScoreLimits.NONE);
  }

  /// The worst score before the range; empty when there is none.
  private Optional<Float> lastBefore(ScoreRange range) {
    if (range.fromExclusive()) {
      return range.from();
    }
    return range
        .from()
        .filter(Float::isFinite)
        .map(request.metric().largerIsNearer() ? Math::nextUp : Math::nextDown);
  }

  private Ranking<Hit> search(ScoreLimits leftOut) {
    VectorSearch.Stretch stretch = new VectorSearch.Stretch(leftOut, ahead + ONE_BEHIND);
    Ranking<Hit> all = new VectorSearch(request, sources, stretch, cancellation, heap).ranking();
    Ranking<Hit> rest = request.page().onwards(all, request.metric());
    int page = request.page().of(rest, request.metric()).orElseThrow().size();
    return rest.first(page + ahead + ONE_BEHIND);
  }

  /// Whether each key that is in the range has one row only.
  private boolean areSingle(List<Hit> hits) {
    Set<Key> keys =
        hits.stream()
            .takeWhile(hit -> !request.range().endsBefore(request.metric(), hit.score()))
            .map(Hit::key)
            .sorted()
            .collect(Collectors.toCollection(LinkedHashSet::new));
    if (keys.isEmpty()) {
      return true;
    }
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
