package io.elanus.index;

import io.elanus.index.kernel.Kernel;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/// Searches a graph over vectors that lie elsewhere. Immutable; any number of threads may search.
///
/// The links are used in place in the bytes of the file. What a walk needs besides is kept between
/// searches: about one byte per vector for each thread that ever searched at the same time.
final class HnswIndex implements VectorIndex {
  private final HnswHeader header;
  private final ExactScan scan;
  private final GraphSearch graph;

  private HnswIndex(HnswHeader header, MemorySegment file, DenseVectors vectors) {
    Distances distances = distances(header, file, vectors);
    HnswLinks links = new HnswLinks(file, header);
    this.header = header;
    this.scan = new ExactScan(distances);
    this.graph =
        switch (header.quantization()) {
          case NONE -> new LinkSearch(links, distances, scan);
          case SQ7, SQ4 -> new LinkSearch(links, header.readCodes(file), scan);
          case BIT -> new LinkedBitsSearch(links, inRecords(header, file, distances), file);
        };
  }

  /// Opens the graph in `file`, whose bytes are known to be as written, over the `vectors` it was built from. Both are
  /// borrowed: their owner keeps them alive and unchanged while the index is in use.
  ///
  /// Throws IndexCorruptException if a link leads nowhere, or if the graph is over vectors of another count or
  /// dimension.
  static HnswIndex open(MemorySegment file, DenseVectors vectors) {
    HnswHeader header = HnswFormat.verifyHeader(file);
    IndexFile.verifySameShape(file, vectors);
    HnswLinkCheck.verifyLinks(file, header);
    return new HnswIndex(header, file, vectors);
  }

  @Override
  public boolean readsAtRandom() {
    return true;
  }

  @Override
  public int count() {
    return header.count();
  }

  @Override
  public int dimension() {
    return header.dimension();
  }

  @Override
  public Metric metric() {
    return header.metric();
  }

  @Override
  public Neighbors search(
      float[] query, int k, SearchParams params, AcceptedRows accepted, SearchWork work) {
    Checks.require(k >= 1, "k %d is below 1", k);
    return switch (plan(params, k, accepted)) {
      case SearchPlan.Scan _ -> scan.nearest(query, k, accepted, work);
      case SearchPlan.Walk plan ->
          walk(query, k, plan, params.refine(), accepted, Long.MAX_VALUE, work)
              .orElseGet(() -> scan.nearest(query, k, accepted, work));
    };
  }

  @Override
  public NeighborCursor cursor(float[] query, SearchParams params, AcceptedRows accepted) {
    Checks.requireDimension(query, dimension());
    return switch (plan(params, 1, accepted)) {
      case SearchPlan.Scan _ -> scan.cursor(query, accepted);
      case SearchPlan.Walk plan ->
          switch (graph) {
            case LinkSearch links ->
                new CursorThenScan(
                    links.cursor(query, plan, params.refine(), accepted), scan, query, accepted);
            case LinkedBitsSearch _ ->
                NeighborCursor.repeating(
                    (k, left) -> search(query, k, params, left), accepted, count(), metric());
          };
    };
  }

  @Override
  public List<Neighbors> searchBatch(
      List<float[]> queries,
      int k,
      SearchParams params,
      AcceptedRows accepted,
      ScoreLimits limits) {
    Checks.require(k >= 1, "k %d is below 1", k);
    return switch (plan(params, k, accepted)) {
      case SearchPlan.Scan _ -> scan.nearest(queries, k, accepted, limits);
      case SearchPlan.Walk plan -> walks(queries, k, plan, params.refine(), accepted, limits);
    };
  }

  /// Of several queries; those whose walks are given up are scanned for together.
  private List<Neighbors> walks(
      List<float[]> queries,
      int k,
      SearchPlan.Walk plan,
      float refine,
      AcceptedRows accepted,
      ScoreLimits limits) {
    List<Optional<Neighbors>> found = new ArrayList<>();
    List<float[]> givenUp = new ArrayList<>();
    for (int q = 0; q < queries.size(); q++) {
      float[] query = queries.get(q);
      long limit = limits.of(q, metric());
      found.add(walk(query, k, plan, refine, accepted, limit, new SearchWork()));
      if (found.getLast().isEmpty()) {
        givenUp.add(query);
      }
    }
    Iterator<Neighbors> scanned = scan.nearest(givenUp, k, accepted, limits).iterator();
    return found.stream().map(walked -> walked.orElseGet(scanned::next)).toList();
  }

  private SearchPlan plan(SearchParams params, int k, AcceptedRows accepted) {
    float refine = params.refine();
    return SearchPlan.of(
        params, k, graph.candidates(k, refine), graph.refined(k, refine), count(), accepted);
  }

  /// Walks the graph. Empty when a scan is the better way after all, or that gave less rows than there are.
  private Optional<Neighbors> walk(
      float[] query,
      int k,
      SearchPlan.Walk plan,
      float refine,
      AcceptedRows accepted,
      long limit,
      SearchWork work) {
    Checks.requireDimension(query, dimension());
    return graph
        .nearest(query, k, plan, refine, accepted, limit, work)
        .filter(found -> found.size() >= plan.wanted() || limit < Long.MAX_VALUE);
  }

  private static Distances inRecords(HnswHeader header, MemorySegment file, Distances distances) {
    return header.paged()
        ? distances.over(
            Kernel.of(
                header.rowsInRecords(file), header.dimension(), header.type(), header.baseStride()))
        : distances;
  }

  private static Distances distances(HnswHeader header, MemorySegment file, DenseVectors vectors) {
    Distances distances = Distances.of(vectors, header.metric());
    if (header.metric() != Metric.COSINE) {
      return distances;
    }
    float[] norms = new float[header.count()];
    MemorySegment.copy(file, IndexFile.FLOAT, header.normsStart(), norms, 0, norms.length);
    return distances.withInverseNorms(norms);
  }
}
