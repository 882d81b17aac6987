package io.elanus.segment.shard;

import io.elanus.common.model.DataType;
import io.elanus.common.model.Field;
import io.elanus.index.AcceptedRows;
import io.elanus.index.BuildControl;
import io.elanus.index.BuildMemory;
import io.elanus.index.DenseVectors;
import io.elanus.index.FlatIndex;
import io.elanus.index.IndexBuilder;
import io.elanus.index.IndexParams;
import io.elanus.index.Metric;
import io.elanus.index.NeighborCursor;
import io.elanus.index.Neighbors;
import io.elanus.index.Quantization;
import io.elanus.index.ScoreLimits;
import io.elanus.index.SearchParams;
import io.elanus.index.VectorIndex;
import io.elanus.segment.column.ColumnView;
import io.elanus.segment.column.ColumnView.Nullables;
import io.elanus.segment.column.DenseColumn;
import io.elanus.segment.tail.TailBlock;
import io.elanus.segment.tail.TailIndex;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;

/// The vectors of one field of a block of the tail that gets no more rows. They are looked through one by one until so many searches
/// did that a graph is worth making ([TailIndex]); whoever has a thread to spare makes it then.
///
/// So the graph of a tail grows by some thousand rows at a time, while rows come and searches run: neither waits for it.
///
/// @param vectors those of the block that are not null
public record TailGraph(TailIndex index, DenseVectors vectors, Metric metric) {
  /// Links of a row; as many as Milvus's default.
  private static final int M = 16;

  /// A graph over few rows is good by less than one over many.
  private static final int EF_CONSTRUCTION = 100;

  private static final long SEED = 1;

  /// Searches for so many rows each that say whether a graph is any good, and what part of them they have to find.
  private static final int PROBES = 32;

  private static final int PROBED = 10;
  private static final double ENOUGH = 0.9;

  private static final Set<DataType> TYPES =
      EnumSet.of(
          DataType.FLOAT_VECTOR,
          DataType.FLOAT16_VECTOR,
          DataType.BFLOAT16_VECTOR,
          DataType.INT8_VECTOR);

  /// A scan for several queries scores a row for four of them in the time of one.
  private static final int TOGETHER = 4;

  /// @param block that gets no more rows
  /// @return empty for vectors that there are no such graphs of: of bits, sparse ones, and lists of vectors
  static Optional<TailGraph> of(
      TailBlock block, Field field, io.elanus.common.model.Metric metric) {
    return DenseColumn.metric(metric)
        .filter(_ -> TYPES.contains(field.type()))
        .map(by -> new TailGraph(block.index(field.id(), by), vectors(block, field), by));
  }

  private static DenseVectors vectors(TailBlock block, Field field) {
    ColumnView column = block.column(field.id());
    return DenseColumn.of(
        column instanceof Nullables(ColumnView values, _) ? values : column, field);
  }

  /// Whether there is none yet that would be worth making.
  public boolean isDue() {
    return index.isDue(vectors.count());
  }

  /// Makes it, for all searches from now on: over codes, or over the vectors where codes find too little, as they do when few rows are much longer than all
  /// others. Any thread, but one at a time.
  ///
  /// Throws CancellationException when cancelled, OutOfMemoryError when there is no direct memory for it.
  public void make(BuildControl control) {
    if (!make(Quantization.SQ7, control)) {
      make(Quantization.NONE, control);
    }
  }

  /// @return false when codes find too little; nothing is kept then
  private boolean make(Quantization codes, BuildControl control) {
    AtomicLong bytes = new AtomicLong();
    BuildMemory counted =
        (size, alignment) -> {
          bytes.addAndGet(size);
          return control.memory().allocate(size, alignment);
        };
    IndexParams params = new IndexParams.Hnsw(metric, M, EF_CONSTRUCTION, codes, SEED);
    VectorIndex graph =
        VectorIndex.of(IndexBuilder.build(vectors, params, control.in(counted)), vectors);
    boolean good = codes == Quantization.NONE || findsEnough(graph, control.cancelled());
    if (good) {
      index.make(graph, bytes.get());
    }
    return good;
  }

  /// Looked at by some of its rows as queries.
  ///
  /// @param pause asked between two of them
  private boolean findsEnough(VectorIndex graph, BooleanSupplier pause) {
    VectorIndex scan = new FlatIndex(vectors, metric);
    SearchParams walk = new SearchParams.Walk(SearchParams.Hnsw.DEFAULT_EF);
    int found = 0;
    int wanted = 0;
    for (int i = 0; i < PROBES && !pause.getAsBoolean(); i++) {
      float[] query = vectors.row((int) ((long) i * vectors.count() / PROBES));
      float[] exact =
          scan.search(query, PROBED, new SearchParams.Exact(), AcceptedRows.ALL).scores();
      float farthest = metric.distance(exact[exact.length - 1]);
      for (float score : graph.search(query, PROBED, walk, AcceptedRows.ALL).scores()) {
        found += metric.distance(score) <= farthest ? 1 : 0;
      }
      wanted += exact.length;
    }
    return found >= ENOUGH * wanted;
  }

  /// It could not be made, and is not due any more.
  public void giveUp() {
    index.giveUp();
  }

  /// Whether there is one that is walked for `k` rows.
  boolean serves(SearchParams params, int k) {
    return isWalked(params, k, AcceptedRows.ALL) && index.over(vectors.count()).isPresent();
  }

  /// By the graph if there is one, else by `exact`, which is counted. Empty when none would be walked.
  Optional<VectorScan> scan(VectorScan exact, SearchParams params, int k) {
    if (!isWalked(params, k, AcceptedRows.ALL)) {
      return Optional.empty();
    }
    return Optional.of(
        index
            .over(vectors.count())
            .<VectorScan>map(graph -> new VectorScan.Dense(graph, params))
            .orElseGet(() -> new Missing(this, exact, params)));
  }

  private boolean isWalked(SearchParams params, int k, AcceptedRows accepted) {
    return params instanceof SearchParams.Hnsw walk
        && walk.walks(Quantization.SQ7, k, vectors.count(), accepted);
  }

  private record Missing(TailGraph graph, VectorScan exact, SearchParams params)
      implements VectorScan {
    @Override
    public List<Neighbors> search(
        Queries queries, int k, AcceptedRows accepted, ScoreLimits limits) {
      graph.missed(queries, k, accepted, params);
      return exact.search(queries, k, accepted, limits);
    }

    @Override
    public NeighborCursor cursor(Queries query, AcceptedRows accepted, int count, Metric order) {
      graph.missed(query, 1, accepted, params);
      return exact.cursor(query, accepted, count, order);
    }
  }

  private void missed(Queries queries, int k, AcceptedRows accepted, SearchParams params) {
    if (isWalked(params, k, accepted)) {
      long passes = Math.ceilDiv(queries.count(), TOGETHER);
      index.missed(passes * accepted.cardinality(vectors.count()));
    }
  }
}
