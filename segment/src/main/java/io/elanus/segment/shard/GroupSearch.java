package io.elanus.segment.shard;

import io.elanus.common.expr.Literal;
import io.elanus.common.expr.Literal.BoolLiteral;
import io.elanus.common.expr.Literal.IntLiteral;
import io.elanus.common.expr.Literal.TextLiteral;
import io.elanus.common.memory.HeapShare;
import io.elanus.common.topk.Group;
import io.elanus.common.topk.GroupedHits;
import io.elanus.common.topk.Grouping;
import io.elanus.index.AcceptedRows;
import io.elanus.index.Metric;
import io.elanus.index.NearestGroups;
import io.elanus.index.NeighborCursor;
import io.elanus.index.Neighbors;
import io.elanus.index.RowGroups;
import io.elanus.segment.column.ColumnView;
import io.elanus.segment.column.KeyView;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// One search for groups over the parts of a snapshot, one after the other, the largest first: what is known after each is a limit for
/// the next ones. Of a part as many rows are looked at as it takes.
final class GroupSearch {
  private final SearchRequest request;
  private final GroupBy groupBy;
  private final List<VectorSource> sources;
  private final Cancellation cancellation;
  private final HeapShare heap;

  GroupSearch(
      SearchRequest request,
      GroupBy groupBy,
      List<VectorSource> sources,
      Cancellation cancellation,
      HeapShare heap) {
    this.request = request;
    this.groupBy = groupBy;
    this.sources = sources.stream().sorted(VectorSource.LARGEST_FIRST).toList();
    this.cancellation = cancellation;
    this.heap = heap;
  }

  List<List<Hit>> run() {
    int queries = request.queries().count();
    long rows = sources.stream().mapToLong(VectorSource::count).sum();
    heap.take(queries * Math.min(rows, (long) request.k() * groupBy.size()) * Hit.HEAP_BYTES);
    List<List<Hit>> answers = new ArrayList<>();
    for (int query = 0; query < queries; query++) {
      answers.add(answer(query));
    }
    return answers;
  }

  private List<Hit> answer(int query) {
    Grouping grouping = groupBy.grouping(query, request.k());
    GroupedHits<Hit> best = new GroupedHits<>(List.of(), false);
    for (VectorSource source : sources) {
      cancellation.check();
      List<GroupedHits.Of<Hit>> hits = new ArrayList<>(best.hits());
      hits.addAll(hits(query, source, grouping, best.worst()));
      best = GroupedHits.best(hits, request.metric(), grouping);
    }
    return best.ofAll();
  }

  private List<GroupedHits.Of<Hit>> hits(
      int query, VectorSource source, Grouping grouping, float worst) {
    Rows rows = new Rows(query, source);
    NearestGroups.Scope scope =
        new NearestGroups.Scope(
            accepted -> cursor(query, source, accepted), source.accepted(), source.all(), order());
    Neighbors found = nearest(grouping).search(scope, rows, worst);
    List<GroupedHits.Of<Hit>> hits = new ArrayList<>();
    for (int i = 0; i < found.size(); i++) {
      int ordinal = found.ordinals()[i];
      Hit hit = source.hit(ordinal, found.scores()[i]);
      hits.add(new GroupedHits.Of<>(hit, rows.valuesOf(ordinal)));
    }
    return hits;
  }

  private NeighborCursor cursor(int query, VectorSource source, AcceptedRows accepted) {
    Queries one = request.queries().only(query);
    NeighborCursor cursor = source.vectors().cursor(one, accepted, source.all(), order());
    return n -> {
      cancellation.check();
      return cursor.next(n);
    };
  }

  /// Of scores.
  private Metric order() {
    return request.metric().largerIsNearer() ? Metric.INNER_PRODUCT : Metric.L2;
  }

  private static NearestGroups nearest(Grouping grouping) {
    NearestGroups.Extent extent =
        switch (grouping.extent()) {
          case NEARER_THAN_LAST -> NearestGroups.Extent.NEARER_THAN_LAST;
          case FULL -> NearestGroups.Extent.FULL;
        };
    return new NearestGroups(grouping.groups(), grouping.size(), extent);
  }

  /// The groups of the rows of one source. Rows are ordered as hits are, and those of one key are one.
  private final class Rows implements RowGroups {
    private final int query;
    private final VectorSource source;
    private final KeyView keys;
    private final List<ColumnView> columns;

    Rows(int query, VectorSource source) {
      this.query = query;
      this.source = source;
      this.keys = source.part().block().keys();
      this.columns = groupBy.fieldIds().stream().map(source.part().block()::column).toList();
    }

    @Override
    public Object group(int ordinal) {
      Group group = valuesOf(ordinal);
      return groupBy.wants(query, group) ? group : NONE;
    }

    Group valuesOf(int ordinal) {
      int row = source.row(ordinal);
      return new Group(columns.stream().map(column -> value(column, row)).toList());
    }

    @Override
    public int compare(int ordinal, int other) {
      int byKey = keys.compareRows(source.row(ordinal), keys, source.row(other));
      int order = byKey != 0 ? byKey : Integer.compare(source.place(ordinal), source.place(other));
      return order != 0 ? order : valuesOf(ordinal).compareTo(valuesOf(other));
    }
  }

  private static Optional<Literal> value(ColumnView column, int row) {
    return switch (column) {
      case ColumnView.Nullables nullables ->
          nullables.validity().has(row)
              ? value(nullables.values(), nullables.validity().rank(row))
              : Optional.empty();
      case ColumnView.Bools bools -> Optional.of(new BoolLiteral(bools.get(row)));
      case ColumnView.Ints ints -> Optional.of(new IntLiteral(ints.get(row)));
      case ColumnView.Longs longs -> Optional.of(new IntLiteral(longs.get(row)));
      case ColumnView.Texts texts -> Optional.of(new TextLiteral(texts.get(row)));
      case ColumnView.Floats _,
          ColumnView.Doubles _,
          ColumnView.ByteStrings _,
          ColumnView.Vectors _,
          ColumnView.ByteVectors _,
          ColumnView.Lists _ ->
          throw new IllegalArgumentException(
              "rows are not grouped by " + ColumnView.formOf(column));
    };
  }
}
