package io.elanus.segment.shard;

import io.elanus.common.model.Metric;
import io.elanus.common.topk.Ranking;
import io.elanus.common.topk.TopK;
import io.elanus.index.AcceptedRows;
import io.elanus.index.Neighbors;
import io.elanus.index.VectorIndex;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// One search over the parts of a snapshot.
///
/// Each part ranks its nearest rows, and [TopK] merges the rankings into the nearest keys. Because
/// a key may have several rows, a ranking can run dry before there are k keys: then its part is
/// asked for twice as many.
final class VectorSearch {
  private final SearchRequest request;
  private final List<Source> sources;
  private final Cancellation cancellation;
  private final Metric metric;
  private final Comparator<io.elanus.common.topk.Hit> order;

  VectorSearch(SearchRequest request, List<Source> sources, Cancellation cancellation) {
    this.request = request;
    this.sources = sources;
    this.cancellation = cancellation;
    this.metric = ranked(request.metric());
    this.order = TopK.order(metric);
  }

  /// The metric of the index library by the product's name. Their scores are the same.
  private static Metric ranked(io.elanus.index.Metric metric) {
    return switch (metric) {
      case L2 -> Metric.L2;
      case INNER_PRODUCT -> Metric.IP;
      case COSINE -> Metric.COSINE;
    };
  }

  /// @param rows that may be found; as in [io.elanus.segment.column.RowBits]
  /// @param count of them, at least one
  record Source(Part part, long[] rows, int count) {
    AcceptedRows accepted() {
      return count == part.block().rowCount()
          ? AcceptedRows.ALL
          : new AcceptedRows.Bitmap(rows, count);
    }

    /// Rows of equal score come in the order of their ordinals. Where that is the order of keys, k
    /// rows are enough; elsewhere one more shows whether rows as good as the last are held back.
    int firstWanted(int k) {
      int wanted = part.block().sortedByKey() ? k : k + 1;
      return Math.min(wanted, count);
    }
  }

  /// What a source gave for one query when asked for `wanted` rows.
  private record Given(Source source, VectorIndex index, int wanted, Ranking<Hit> ranking) {}

  List<List<Hit>> run() {
    List<List<Given>> byQuery = new ArrayList<>();
    request.queries().forEach(_ -> byQuery.add(new ArrayList<>()));
    for (Source source : sources) {
      cancellation.check();
      VectorIndex index = source.part().index(request.fieldId(), request.metric());
      int wanted = source.firstWanted(request.k());
      List<Neighbors> found =
          index.searchBatch(request.queries(), wanted, request.params(), source.accepted());
      for (int q = 0; q < found.size(); q++) {
        byQuery.get(q).add(new Given(source, index, wanted, ranking(source, found.get(q), wanted)));
      }
    }
    List<List<Hit>> answers = new ArrayList<>();
    for (int q = 0; q < byQuery.size(); q++) {
      answers.add(answer(request.queries().get(q), byQuery.get(q)));
    }
    return answers;
  }

  private List<Hit> answer(float[] query, List<Given> given) {
    List<Given> current = new ArrayList<>(given);
    while (true) {
      Ranking<Hit> merged =
          TopK.merge(current.stream().map(Given::ranking).toList(), metric, request.k());
      if (merged.answers(request.k())) {
        return merged.hits();
      }
      int dry = firstToRunDry(current);
      current.set(dry, askForMore(query, current.get(dry)));
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

  private Given askForMore(float[] query, Given given) {
    cancellation.check();
    Source source = given.source();
    int wanted = (int) Math.min(2L * given.wanted(), source.count());
    Neighbors rows = given.index().search(query, wanted, request.params(), source.accepted());
    return new Given(source, given.index(), wanted, ranking(source, rows, wanted));
  }

  /// The rows in the order of hits. Where ordinals are not in the order of keys, rows as good as
  /// the last one may be held back that come before it: those of its score are left for the next
  /// time.
  private Ranking<Hit> ranking(Source source, Neighbors rows, int wanted) {
    boolean exhausted = rows.size() < wanted || rows.size() == source.count();
    boolean sorted = source.part().block().sortedByKey();
    int sure = exhausted || sorted ? rows.size() : firstOfLastScore(rows);
    List<Hit> hits = new ArrayList<>(sure);
    for (int i = 0; i < sure; i++) {
      hits.add(new Hit(source.part().address(rows.ordinals()[i]), rows.scores()[i]));
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
