package io.elanus.segment.shard;

import io.elanus.common.memory.HeapShare;
import io.elanus.common.model.Metric;
import io.elanus.common.topk.Ranking;
import io.elanus.common.topk.TopK;
import io.elanus.index.Neighbors;
import io.elanus.index.ScoreLimits;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// One search over the parts of a snapshot.
///
/// Each part ranks its nearest rows, and [TopK] merges the rankings into the nearest keys. Because
/// a key may have several rows, a ranking can run dry before there are k keys: then its part is
/// asked for twice as many. So it is when what is wanted are not the very nearest ones.
///
/// Queries go through the parts together, so many at a time that their rankings stay small, the largest part first: what it has is
/// a limit for the others ([BestSoFar]).
final class VectorSearch {
  /// Of all rankings at a time: some 6 MB, and a piece of work that is soon done.
  private static final long MAX_RANKED = 50_000;

  /// Enough to share a scan of the rows.
  private static final int MAX_TOGETHER = 64;

  private final SearchRequest request;
  private final List<VectorSource> sources;
  private final Cancellation cancellation;
  private final HeapShare heap;
  private final Metric metric;
  private final Comparator<io.elanus.common.topk.Hit> order;
  private final Stretch stretch;

  /// Of all sources.
  private final long count;

  /// Rows beyond the first ones that heap was taken for: as many as the query had ranked that needed most.
  private long grown;

  VectorSearch(
      SearchRequest request,
      List<VectorSource> sources,
      Cancellation cancellation,
      HeapShare heap) {
    this(request, sources, Stretch.TO_PAGE, cancellation, heap);
  }

  VectorSearch(
      SearchRequest request,
      List<VectorSource> sources,
      Stretch stretch,
      Cancellation cancellation,
      HeapShare heap) {
    this.request = request;
    this.sources = sources.stream().sorted(VectorSource.LARGEST_FIRST).toList();
    this.cancellation = cancellation;
    this.heap = heap;
    this.metric = request.metric();
    this.order = TopK.order(metric);
    this.stretch = stretch;
    this.count = sources.stream().mapToLong(VectorSource::count).sum();
  }

  /// From where to where hits are ranked.
  ///
  /// @param leftOut what need not be ranked, though it comes first
  /// @param ahead hits after those of the page that are wanted, too, more or less
  record Stretch(ScoreLimits leftOut, int ahead) {
    static final Stretch TO_PAGE = new Stretch(ScoreLimits.NONE, 0);
  }

  /// What a source gave for one query when asked for `wanted` rows.
  private record Given(VectorSource source, int wanted, Ranking<Hit> ranking) {}

  List<List<Hit>> run() {
    requireLists();
    int queries = request.queries().count();
    long ranked = sources.stream().mapToLong(this::firstWanted).sum();
    int together = (int) Math.clamp(MAX_RANKED / Math.max(1, ranked), 1, MAX_TOGETHER);
    long kept = queries * Math.min(ranked, request.k());
    heap.take((Math.min(together, queries) * ranked + kept) * Hit.HEAP_BYTES);
    List<List<Hit>> answers = new ArrayList<>();
    for (int from = 0; from < queries; from += together) {
      Queries some = request.queries().some(from, Math.min(queries, from + together));
      answers.addAll(answers(some));
    }
    return answers;
  }

  /// The ranking of the one query, as far as it has to be known for the page, and some hits ahead.
  Ranking<Hit> ranking() {
    requireLists();
    heap.take(sources.stream().mapToLong(this::firstWanted).sum() * Hit.MERGED_HEAP_BYTES);
    List<Given> found = new ArrayList<>();
    for (VectorSource source : sources) {
      found.add(askFor(firstWanted(source), request.queries(), source));
    }
    return rankToPage(request.queries(), found);
  }

  /// Ahead, of each source its share of all rows.
  private int firstWanted(VectorSource source) {
    long share = count == 0 ? 0 : Math.ceilDiv((long) stretch.ahead() * source.count(), count);
    return source.firstWanted(Math.addExact(request.k(), (int) share));
  }

  private List<List<Hit>> answers(Queries queries) {
    List<List<Given>> byQuery = new ArrayList<>();
    for (int q = 0; q < queries.count(); q++) {
      byQuery.add(new ArrayList<>());
    }
    BestSoFar best = new BestSoFar(queries.count(), request);
    for (VectorSource source : sources) {
      cancellation.check();
      int wanted = firstWanted(source);
      List<Neighbors> found =
          source.vectors().search(queries, wanted, source.accepted(), best.limits());
      for (int q = 0; q < found.size(); q++) {
        Ranking<Hit> ranking = ranking(source, found.get(q), wanted);
        byQuery.get(q).add(new Given(source, wanted, ranking));
        best.add(q, ranking);
      }
    }
    List<List<Hit>> answers = new ArrayList<>();
    for (int q = 0; q < byQuery.size(); q++) {
      answers.add(answer(queries.only(q), byQuery.get(q)));
    }
    return answers;
  }

  /// For all queries and of all sources at once, before anything is searched: so that what is lacking comes at once.
  private void requireLists() {
    List<ListsLacking.Lack> lacks = new ArrayList<>();
    for (VectorSource source : sources) {
      lacking(source).ifPresent(lacks::add);
    }
    if (!lacks.isEmpty()) {
      throw new ListsLacking(lacks);
    }
  }

  private Optional<ListsLacking.Lack> lacking(VectorSource source) {
    int queries = request.queries().count();
    int wanted = firstWanted(source);
    Optional<ListsLacking.Lack> lack = Optional.empty();
    for (int from = 0; from < queries; from += MAX_TOGETHER) {
      cancellation.check();
      Queries some = request.queries().some(from, Math.min(queries, from + MAX_TOGETHER));
      Optional<ListsLacking.Lack> more = source.vectors().lacking(some, wanted, source.accepted());
      lack = lack.isPresent() ? lack.map(all -> more.map(all::with).orElse(all)) : more;
    }
    return lack;
  }

  private List<Hit> answer(Queries query, List<Given> given) {
    Ranking<Hit> ranking = rankToPage(query, given);
    return List.copyOf( // and no longer all that was ranked for it
        request.page().of(ranking, metric).orElseThrow());
  }

  /// As far as it has to be known for the page.
  private Ranking<Hit> rankToPage(Queries query, List<Given> given) {
    List<Given> current = new ArrayList<>(given);
    long more = 0;
    int k = request.isPlain() ? request.k() : Integer.MAX_VALUE;
    while (true) {
      Ranking<Hit> merged = TopK.merge(current.stream().map(Given::ranking).toList(), metric, k);
      if (request.page().of(merged, metric).isPresent()) {
        return merged;
      }
      int dry = firstToRunDry(current);
      Given before = current.get(dry);
      int wanted = (int) Math.min(2L * before.wanted(), before.source().count());
      more += wanted - before.wanted();
      takeHeap(more);
      current.set(dry, askFor(wanted, query, before.source()));
    }
  }

  /// Of the rankings that go on, the one whose known part ends first.
  private int firstToRunDry(List<Given> given) {
    int first = -1;
    for (int i = 0; i < given.size(); i++) {
      boolean goesOn = !given.get(i).ranking().exhausted();
      if (goesOn && (first < 0 || endsBefore(given.get(i), given.get(first)))) {
        first = i;
      }
    }
    return first;
  }

  private boolean endsBefore(Given a, Given b) {
    List<Hit> aHits = a.ranking().hits();
    List<Hit> bHits = b.ranking().hits();
    if (aHits.isEmpty() || bHits.isEmpty()) {
      return aHits.isEmpty() && !bHits.isEmpty();
    }
    return order.compare(aHits.getLast(), bHits.getLast()) < 0;
  }

  /// Queries rank more rows one after the other, so what is taken for the one that needs most is enough for all.
  private void takeHeap(long more) {
    if (more > grown) {
      heap.take((more - grown) * Hit.MERGED_HEAP_BYTES);
      grown = more;
    }
  }

  private Given askFor(int wanted, Queries query, VectorSource source) {
    cancellation.check();
    ScoreLimits limits = stretch.leftOut();
    Neighbors rows = source.vectors().search(query, wanted, source.accepted(), limits).getFirst();
    return new Given(source, wanted, ranking(source, rows, wanted));
  }

  /// The rows in the order of hits. Where ordinals are not in the order of keys, rows as good as
  /// the last one may be held back that come before it: those of its score are left for the next
  /// time.
  private Ranking<Hit> ranking(VectorSource source, Neighbors rows, int wanted) {
    boolean exhausted = rows.size() < wanted || rows.size() == source.count();
    boolean sorted = source.part().block().sortedByKey();
    int sure = exhausted || sorted ? rows.size() : firstOfLastScore(rows);
    List<Hit> hits = new ArrayList<>(sure);
    for (int i = 0; i < sure; i++) {
      hits.add(source.hit(rows.ordinals()[i], rows.scores()[i]));
    }
    if (!sorted) {
      hits.sort(order);
    }
    return new Ranking<>(hits, exhausted);
  }

  private int firstOfLastScore(Neighbors rows) {
    float[] scores = rows.scores();
    int first = scores.length - 1;
    while (first > 0 && metric.compareScores(scores[first - 1], scores[scores.length - 1]) == 0) {
      first--;
    }
    return first;
  }
}
