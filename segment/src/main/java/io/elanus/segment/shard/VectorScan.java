package io.elanus.segment.shard;

import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import io.elanus.common.model.DataType;
import io.elanus.common.model.Field;
import io.elanus.index.AcceptedRows;
import io.elanus.index.BinaryScan;
import io.elanus.index.BitVectors;
import io.elanus.index.FlatIndex;
import io.elanus.index.Index;
import io.elanus.index.Likeness;
import io.elanus.index.ListIndex;
import io.elanus.index.Metric;
import io.elanus.index.MinHashIndex;
import io.elanus.index.MinHashScan;
import io.elanus.index.NeighborCursor;
import io.elanus.index.Neighbors;
import io.elanus.index.RemoteLists;
import io.elanus.index.ScoreLimits;
import io.elanus.index.SearchParams;
import io.elanus.index.Signatures;
import io.elanus.index.SparseIndex;
import io.elanus.index.SparseScan;
import io.elanus.index.VectorIndex;
import io.elanus.index.VectorLists;
import io.elanus.segment.column.ColumnView;
import io.elanus.segment.column.ColumnView.ByteStrings;
import io.elanus.segment.column.ColumnView.ByteVectors;
import io.elanus.segment.column.ColumnView.Lists;
import io.elanus.segment.column.ColumnView.Nullables;
import io.elanus.segment.column.DenseColumn;
import io.elanus.segment.column.SparseRows;
import io.elanus.segment.file.SegmentReader;
import java.util.List;
import java.util.Optional;

/// What finds neighbours among the vectors of a block, whatever their type: the one place where the types of
/// vectors meet the library. Of a field that may be null it sees the vectors that are there, by rank. Where rows have lists of
/// vectors, a metric of lists has a list as query and finds rows; one of vectors finds vectors, by their place among all.
@FunctionalInterface
interface VectorScan {
  /// For each of `queries` its nearest `k` accepted vectors, or all of them when they are fewer. Such as the limits rule out need
  /// not be found.
  List<Neighbors> search(Queries queries, int k, AcceptedRows accepted, ScoreLimits limits);

  /// Whether vectors that were given before ([ScoreLimits#given]) are left out, as exact searches by an index do.
  default boolean leavesOutKnown() {
    return false;
  }

  /// The accepted vectors, those nearest to the one `query` first.
  ///
  /// @param count of all vectors
  /// @param order which of two scores is nearer
  default NeighborCursor cursor(Queries query, AcceptedRows accepted, int count, Metric order) {
    return NeighborCursor.repeating(
        (k, left) -> search(query, k, left, ScoreLimits.NONE).getFirst(), accepted, count, order);
  }

  /// What must be here before [#search] is asked the same.
  default Optional<ListsLacking.Lack> lacking(Queries queries, int k, AcceptedRows accepted) {
    return Optional.empty();
  }

  /// Over an index of dense vectors.
  record Dense(VectorIndex index, SearchParams params) implements VectorScan {
    @Override
    public List<Neighbors> search(
        Queries queries, int k, AcceptedRows accepted, ScoreLimits limits) {
      return index.searchBatch(dense(queries), k, params, accepted, limits);
    }

    @Override
    public boolean leavesOutKnown() {
      return params instanceof SearchParams.Exact;
    }

    @Override
    public NeighborCursor cursor(Queries query, AcceptedRows accepted, int count, Metric order) {
      return index.cursor(dense(query).getFirst(), params, accepted);
    }
  }

  /// Over an index of which only the head is here, and some of its lists.
  record ByLists(SegmentReader segment, long fieldId, RemoteLists lists, SearchParams params)
      implements VectorScan {
    @Override
    public Optional<ListsLacking.Lack> lacking(Queries queries, int k, AcceptedRows accepted) {
      List<RemoteLists.Range> missing = lists.missing(dense(queries), k, params, accepted);
      return missing.isEmpty()
          ? Optional.empty()
          : Optional.of(new ListsLacking.Lack(segment, fieldId, missing));
    }

    /// @throws ListsLacking when some are not here
    @Override
    public List<Neighbors> search(
        Queries queries, int k, AcceptedRows accepted, ScoreLimits limits) {
      return lists
          .search(dense(queries), k, params, accepted)
          .orElseThrow(() -> new ListsLacking(lacking(queries, k, accepted).stream().toList()));
    }
  }

  /// Of a segment whose vectors are not here.
  ///
  /// @throws DbException `SEGMENT_NOT_LOADED` when the head of the index is not, either
  static VectorScan byLists(SegmentReader segment, long fieldId, SearchParams params) {
    return segment
        .remoteIndexes()
        .flatMap(indexes -> indexes.lists(fieldId))
        .map(lists -> new ByLists(segment, fieldId, lists, params))
        .orElseThrow(() ->
            ErrorCode.SEGMENT_NOT_LOADED.because(
                "neither field %d of %s nor an index is here", fieldId, segment.entry().id()));
  }

  /// Whether `index` finds what `request` asks for: one that was asked for before may not.
  static boolean fits(Index index, SearchRequest request) {
    return switch (index) {
      case VectorIndex dense -> dense.metric() == metric(request.metric());
      case SparseIndex _ -> request.metric() == io.elanus.common.model.Metric.IP;
      case MinHashIndex minHash ->
          request.params() instanceof SearchParams.Bands(int elementBytes, int bands, Likeness _)
              && minHash.signatures().elementBytes() == elementBytes
              && minHash.signatures().bands() == bands;
    };
  }

  /// Over an index of the library, or a scan that behaves as one.
  ///
  /// @param index one that fits
  /// @param column that the index is over
  static VectorScan over(Index index, Field field, ColumnView column, SearchRequest request) {
    return switch (index) {
      case VectorIndex dense -> over(dense, field, column, request);
      case SparseIndex sparse ->
          (queries, k, accepted, _) ->
              encoded(queries).stream()
                  .map(query -> sparse.search(query, k, request.params(), accepted))
                  .toList();
      case MinHashIndex minHash -> {
        Likeness likeness = bands(request).likeness();
        yield (queries, k, accepted, _) ->
            encoded(queries).stream()
                .map(query -> minHash.search(query, k, likeness, accepted))
                .toList();
      }
    };
  }

  private static VectorScan over(
      VectorIndex index, Field field, ColumnView column, SearchRequest request) {
    return switch (column) {
      case Nullables nullables -> over(index, field, nullables.values(), request);
      case Lists lists when request.metric().isOfLists() -> {
        ListIndex rows = new ListIndex(index, DenseColumn.of(lists, field), rows(lists));
        yield (queries, k, accepted, _) ->
            rows.searchBatch(
                lists(queries).stream().map(VectorScan::dense).toList(),
                k,
                request.params(),
                accepted);
      }
      default -> new Dense(index, request.params());
    };
  }

  /// Of every vector of a column.
  static VectorScan exact(Field field, ColumnView column, SearchRequest request) {
    return switch (column) {
      case Nullables nullables -> exact(field, nullables.values(), request);
      case ByteVectors vectors when field.type() == DataType.BINARY_VECTOR ->
          request.metric() == io.elanus.common.model.Metric.MHJACCARD
              ? signatures(vectors, bands(request))
              : bits(vectors, request);
      case Lists lists when !request.metric().isOfLists() ->
          exact(field.element(), lists.elements(), request);
      case Lists lists when field.vectorType() == DataType.BINARY_VECTOR -> {
        BinaryScan scan = binary((ByteVectors) lists.elements(), request);
        yield (queries, k, accepted, _) ->
            lists(queries).stream()
                .map(query -> scan.search(encoded(query), rows(lists), k, accepted))
                .toList();
      }
      case ByteStrings sparse -> {
        SparseScan scan = new SparseScan(new SparseRows(sparse.bytes()));
        yield (queries, k, accepted, _) ->
            encoded(queries).stream().map(query -> scan.search(query, k, accepted)).toList();
      }
      default ->
          over(
              new FlatIndex(DenseColumn.of(column, field), metric(request.metric())),
              field,
              column,
              request);
    };
  }

  private static VectorScan bits(ByteVectors vectors, SearchRequest request) {
    BinaryScan scan = binary(vectors, request);
    return (queries, k, accepted, _) ->
        encoded(queries).stream().map(query -> scan.search(query, k, accepted)).toList();
  }

  private static VectorScan signatures(ByteVectors vectors, SearchParams.Bands bands) {
    MinHashScan scan =
        new MinHashScan(new Signatures(bits(vectors), bands.elementBytes(), bands.bands()));
    return (queries, k, accepted, _) ->
        encoded(queries).stream()
            .map(query -> scan.search(query, k, bands.likeness(), accepted))
            .toList();
  }

  private static SearchParams.Bands bands(SearchRequest request) {
    if (request.params() instanceof SearchParams.Bands bands) {
      return bands;
    }
    throw new IllegalArgumentException("bands of signatures expected");
  }

  private static BinaryScan binary(ByteVectors vectors, SearchRequest request) {
    return new BinaryScan(bits(vectors), bits(request.metric()));
  }

  private static BitVectors bits(ByteVectors vectors) {
    return new BitVectors(vectors.values(), vectors.rowCount(), vectors.rowBytes());
  }

  /// The lists as the library sees them.
  static VectorLists rows(Lists lists) {
    return new VectorLists(lists.starts(), lists.rowCount());
  }

  private static List<float[]> dense(Queries queries) {
    return switch (queries) {
      case Queries.Dense(List<float[]> vectors) -> vectors;
      case Queries.Encoded _, Queries.Lists _ ->
          throw new IllegalArgumentException("queries of floats expected");
    };
  }

  private static List<byte[]> encoded(Queries queries) {
    return switch (queries) {
      case Queries.Encoded(List<byte[]> vectors) -> vectors;
      case Queries.Dense _, Queries.Lists _ ->
          throw new IllegalArgumentException("queries of bytes expected");
    };
  }

  private static List<Queries> lists(Queries queries) {
    return switch (queries) {
      case Queries.Lists(List<Queries> lists) -> lists;
      case Queries.Dense _, Queries.Encoded _ ->
          throw new IllegalArgumentException("lists of vectors expected");
    };
  }

  /// The metric by the library's name, of lists that of their vectors. Their scores are the same.
  static Metric metric(io.elanus.common.model.Metric metric) {
    return DenseColumn.metric(metric.ofVectors())
        .orElseThrow(
            () -> ErrorCode.METRIC_NOT_FOUND.with("metric", metric, "vectors", "of numbers"));
  }

  private static BinaryScan.Metric bits(io.elanus.common.model.Metric metric) {
    return switch (metric) {
      case HAMMING, MAX_SIM_HAMMING -> BinaryScan.Metric.HAMMING;
      case JACCARD, MAX_SIM_JACCARD -> BinaryScan.Metric.JACCARD;
      case SUBSTRUCTURE -> BinaryScan.Metric.SUBSTRUCTURE;
      case SUPERSTRUCTURE -> BinaryScan.Metric.SUPERSTRUCTURE;
      case L2, IP, COSINE, MHJACCARD, MAX_SIM_L2, MAX_SIM_IP, MAX_SIM_COSINE ->
          throw ErrorCode.METRIC_NOT_FOUND.with("metric", metric, "vectors", "of bits");
    };
  }
}
