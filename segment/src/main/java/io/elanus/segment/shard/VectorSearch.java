package io.elanus.segment.shard;

import io.elanus.common.model.Key;
import io.elanus.index.AcceptedRows;
import io.elanus.index.Neighbors;
import io.elanus.index.VectorIndex;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// One search over the parts of a snapshot.
///
/// Each part gives its nearest rows; together they give the nearest keys. Because a key may have
/// several rows, and a part may hold back rows as good as those it gave, parts that could still
/// change the answer are asked for more until none can.
final class VectorSearch {
  private final SearchRequest request;
  private final List<Source> sources;
  private final Cancellation cancellation;

  VectorSearch(SearchRequest request, List<Source> sources, Cancellation cancellation) {
    this.request = request;
    this.sources = sources;
    this.cancellation = cancellation;
  }

  /// @param rows that may be found; as in [io.elanus.segment.column.RowBits]
  /// @param count of them, at least one
  record Source(Part part, long[] rows, int count) {
    AcceptedRows accepted() {
      return count == part.block().rowCount()
          ? AcceptedRows.ALL
          : new AcceptedRows.Bitmap(rows, count);
    }

    boolean sorted() {
      return part.block().sortedByKey();
    }
  }

  /// What a source gave for one query when asked for `wanted` rows.
  private record Given(Source source, VectorIndex index, Neighbors rows, int wanted) {
    boolean exhausted() {
      return rows.size() < wanted || rows.size() == source.count();
    }

    float lastScore() {
      return rows.scores()[rows.size() - 1];
    }

    Key lastKey() {
      return source.part().block().keys().key(rows.ordinals()[rows.size() - 1]);
    }
  }

  List<List<Hit>> run() {
    List<List<Given>> byQuery = new ArrayList<>();
    request.queries().forEach(_ -> byQuery.add(new ArrayList<>()));
    for (Source source : sources) {
      cancellation.check();
      VectorIndex index = source.part().index(request.fieldId(), request.metric());
      int wanted = firstWanted(source);
      List<Neighbors> found =
          index.searchBatch(request.queries(), wanted, request.params(), source.accepted());
      for (int q = 0; q < found.size(); q++) {
        byQuery.get(q).add(new Given(source, index, found.get(q), wanted));
      }
    }
    List<List<Hit>> answers = new ArrayList<>();
    for (int q = 0; q < byQuery.size(); q++) {
      answers.add(answer(request.queries().get(q), byQuery.get(q)));
    }
    return answers;
  }

  /// Rows of equal score come in the order of their ordinals. Where that is the order of keys, k
  /// rows are enough; elsewhere one more shows whether a row was held back that is as good as the
  /// last.
  private int firstWanted(Source source) {
    int wanted = source.sorted() ? request.k() : request.k() + 1;
    return Math.min(wanted, source.count());
  }

  private List<Hit> answer(float[] query, List<Given> given) {
    List<Given> current = given;
    while (true) {
      List<Hit> hits = merge(current);
      List<Given> next = new ArrayList<>();
      boolean asked = false;
      for (Given one : current) {
        boolean more = mayChange(one, hits);
        next.add(more ? askForMore(query, one) : one);
        asked |= more;
      }
      if (!asked) {
        return hits;
      }
      current = next;
    }
  }

  private List<Hit> merge(List<Given> given) {
    List<Hit> all = new ArrayList<>();
    for (Given one : given) {
      for (int i = 0; i < one.rows().size(); i++) {
        int row = one.rows().ordinals()[i];
        all.add(new Hit(one.source().part().address(row), one.rows().scores()[i]));
      }
    }
    all.sort(ScoreOrder.hits(request.metric()));
    Set<Key> seen = new HashSet<>();
    return all.stream().filter(hit -> seen.add(hit.key())).limit(request.k()).toList();
  }

  /// Whether a row that `given` held back could belong to the answer.
  private boolean mayChange(Given given, List<Hit> hits) {
    if (given.exhausted()) {
      return false;
    }
    if (hits.size() < request.k()) {
      return true;
    }
    Hit last = hits.getLast();
    int order = ScoreOrder.compare(request.metric(), given.lastScore(), last.score());
    if (order != 0) {
      return order < 0;
    }
    return !given.source().sorted() || given.lastKey().compareTo(last.key()) < 0;
  }

  private Given askForMore(float[] query, Given given) {
    cancellation.check();
    Source source = given.source();
    int wanted = (int) Math.min(2L * given.wanted(), source.count());
    Neighbors rows = given.index().search(query, wanted, request.params(), source.accepted());
    return new Given(source, given.index(), rows, wanted);
  }
}
