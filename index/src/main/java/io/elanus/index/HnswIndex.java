package io.elanus.index;

import java.lang.foreign.MemorySegment;
import java.util.List;

/// Searches a graph over vectors that lie elsewhere. Immutable; any number of threads may search.
///
/// The links are used in place in the bytes of the file. What a walk needs besides is kept between
/// searches: about one byte per vector for each thread that ever searched at the same time.
final class HnswIndex implements VectorIndex {
  private final HnswLinks links;
  private final ExactScan scan;
  private final WalkPool walks;

  /// What walks look at: the vectors or codes of them.
  private final Scoring scoring;

  private HnswIndex(HnswHeader header, MemorySegment file, DenseVectors vectors) {
    this.links = new HnswLinks(file, header);
    Distances distances = distances(header, file, vectors);
    this.scan = new ExactScan(distances);
    this.walks = new WalkPool(links);
    this.scoring = header.quantization().coded() ? header.readCodes(file) : distances;
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
    return links.header().count();
  }

  @Override
  public int dimension() {
    return links.header().dimension();
  }

  @Override
  public Metric metric() {
    return links.header().metric();
  }

  @Override
  public Neighbors search(float[] query, int k, SearchParams params, AcceptedRows accepted) {
    Checks.require(k >= 1, "k %d is below 1", k);
    return switch (plan(params, k, accepted)) {
      case SearchPlan.Scan _ -> scan.nearest(query, k, accepted);
      case SearchPlan.Walk plan -> walk(query, k, plan, params.refine(), accepted);
    };
  }

  @Override
  public List<Neighbors> searchBatch(
      List<float[]> queries, int k, SearchParams params, AcceptedRows accepted) {
    Checks.require(k >= 1, "k %d is below 1", k);
    return switch (plan(params, k, accepted)) {
      case SearchPlan.Scan _ -> scan.nearest(queries, k, accepted);
      case SearchPlan.Walk plan ->
          queries.stream().map(query -> walk(query, k, plan, params.refine(), accepted)).toList();
    };
  }

  private SearchPlan plan(SearchParams params, int k, AcceptedRows accepted) {
    int candidates = quantization().candidates(k, params.refine());
    return SearchPlan.of(params, k, candidates, count(), accepted);
  }

  /// Walks the graph; scans after all when that gave less rows than there are.
  private Neighbors walk(
      float[] query, int k, SearchPlan.Walk plan, float refine, AcceptedRows accepted) {
    Scorer scorer = scoring.from(query);
    HnswWalk walk = walks.take();
    int wanted = Math.min(quantization().refined(k, refine), plan.ef());
    Neighbors found;
    try {
      int start = walk.descend(scorer, 0);
      found =
          switch (accepted) {
            case AcceptedRows.All _ -> walkAll(walk, scorer, start, wanted, plan);
            case AcceptedRows.Bitmap _ -> walkAccepted(walk, scorer, start, wanted, plan, accepted);
          };
    } finally {
      walks.giveBack(walk);
    }
    if (found.size() < plan.wanted()) {
      return scan.nearest(query, k, accepted);
    }
    return quantization().coded() ? scan.nearest(query, k, found.ordinals()) : found;
  }

  private Neighbors walkAll(HnswWalk walk, Scorer scorer, int start, int k, SearchPlan.Walk plan) {
    CandidatePool pool = walk.nearest(scorer, 0, start, plan.ef(), 0);
    return Neighbors.of(pool.keys(), Math.min(k, pool.size()), metric());
  }

  private Neighbors walkAccepted(
      HnswWalk walk, Scorer scorer, int start, int k, SearchPlan.Walk plan, AcceptedRows accepted) {
    NearestRows nearest = new NearestRows(plan.ef());
    boolean ended = walk.nearestAccepted(scorer, start, accepted, plan.budget(), nearest);
    return ended ? nearest.nearest(k, metric()) : Neighbors.NONE;
  }

  private Quantization quantization() {
    return links.header().quantization();
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
