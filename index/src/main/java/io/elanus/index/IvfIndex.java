package io.elanus.index;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.stream.IntStream;

/// Looks through the lists whose centres are nearest to the query. Immutable; any number of threads may search.
///
/// A list lies in one piece, so that looking through it is a scan. When less rows than wanted are found, because few
/// of the lists' rows are accepted, further lists are looked through; when few rows are accepted at all, they are scored
/// where they lie among the vectors, which costs no more and misses none.
final class IvfIndex implements VectorIndex {
  private static final int BLOCK_ROWS = 256;

  private final IvfHeader header;
  private final IvfLists lists;
  private final Distances centres;

  /// Of places: by the vectors there, or by codes of them.
  private final ListScoring places;

  private final ExactScan scan;

  private IvfIndex(IvfHeader header, IvfLists lists, MemorySegment file, DenseVectors vectors) {
    this.header = header;
    this.lists = lists;
    this.centres = Distances.of(header.centroids(file), KMeans.amongCentres(header.metric()));
    this.places =
        header.quantization().coded()
            ? header.readCodes(file, lists)
            : ListScoring.of(vectors(header, file));
    this.scan = new ExactScan(Distances.of(vectors, header.metric()));
  }

  /// Opens the lists in `file`, whose bytes are known to be as written, over the `vectors` they were built from. Both
  /// are borrowed: their owner keeps them alive and unchanged while the index is in use.
  ///
  /// Throws IndexCorruptException unless every row is in one list, and when the lists are of vectors of another count or
  /// dimension.
  static IvfIndex open(MemorySegment file, DenseVectors vectors) {
    IvfHeader header = IvfHeader.read(file);
    IndexFile.verifySameShape(file, vectors);
    return new IvfIndex(header, IvfLists.read(header, file), file, vectors);
  }

  private static Distances vectors(IvfHeader header, MemorySegment file) {
    Distances places = Distances.of(header.vectors(file), header.metric());
    return header.hasNorms() ? places.withInverseNorms(IvfLists.readNorms(header, file)) : places;
  }

  @Override
  public boolean readsVectorsAtRandom() {
    return header.quantization().coded();
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
    int probes = probes(params, accepted);
    return probes == 0
        ? scan.nearest(query, k, accepted, work)
        : probe(query, k, probes, params.refine(), accepted, Long.MAX_VALUE, work);
  }

  @Override
  public NeighborCursor cursor(float[] query, SearchParams params, AcceptedRows accepted) {
    Checks.requireDimension(query, dimension());
    int probes = probes(params, accepted);
    if (probes == 0) {
      return scan.cursor(query, accepted);
    }
    NeighborCursor inLists = new InLists(query, probes, accepted);
    Quantization quantization = header.quantization();
    return quantization.coded()
        ? new RefinedCursor(inLists, scan, query, quantization, params.refine())
        : inLists;
  }

  @Override
  public List<Neighbors> searchBatch(
      List<float[]> queries,
      int k,
      SearchParams params,
      AcceptedRows accepted,
      ScoreLimits limits) {
    Checks.require(k >= 1, "k %d is below 1", k);
    int probes = probes(params, accepted);
    return probes == 0
        ? scan.nearest(queries, k, accepted)
        : IntStream.range(0, queries.size())
            .mapToObj(q -> {
              long limit = limits.of(q, metric());
              return probe(
                  queries.get(q), k, probes, params.refine(), accepted, limit, new SearchWork());
            })
            .toList();
  }

  /// How many lists to look through; 0 to score the accepted rows instead.
  private int probes(SearchParams params, AcceptedRows accepted) {
    int probes =
        switch (params) {
          case SearchParams.Exact _ -> 0;
          case SearchParams.Ivf(int asked, float _) -> Math.min(asked, lists.count());
          case SearchParams.Hnsw _,
              SearchParams.Walk _,
              SearchParams.Sparse _,
              SearchParams.Bands _ ->
              Math.min(SearchParams.Ivf.DEFAULT_PROBES, lists.count());
        };
    long probed = (long) count() * probes / Math.max(1, lists.count());
    return accepted.cardinality(count()) <= probed ? 0 : probes;
  }

  private Neighbors probe(
      float[] query,
      int k,
      int probes,
      float refine,
      AcceptedRows accepted,
      long limit,
      SearchWork work) {
    int matching = accepted.cardinality(count());
    int wanted = Math.min(header.quantization().refined(k, refine), matching);
    NearestRows nearest = new NearestRows(wanted);
    Block block = new Block(places.from(query), accepted, nearest);
    int[] order = nearestLists(query, probes);
    for (int list : order) {
      block.offer(list);
    }
    int further = 0;
    if (nearest.size() < wanted) {
      int[] all = nearestLists(query, lists.count());
      while (order.length + further < all.length && nearest.size() < wanted) {
        block.offer(all[order.length + further++]);
      }
    }
    work.lookedThrough(order.length + further, block.scored);
    Neighbors found = nearest.nearest(wanted, metric());
    return header.quantization().coded()
        ? scan.refine(query, Math.min(k, matching), found, limit, work)
        : found;
  }

  /// Looks through list after list, the first `probes` of them before it gives a row. As many rows as these had are kept ahead of
  /// those given: so what is given later is as likely among the nearest.
  private final class InLists implements NeighborCursor {
    private final ListScorer scorer;
    private final AcceptedRows accepted;
    private final int[] order;
    private final Frontier found = new Frontier();
    private final int ahead;
    private int next;

    InLists(float[] query, int probes, AcceptedRows accepted) {
      this.scorer = places.from(query);
      this.accepted = accepted;
      this.order = nearestLists(query, lists.count());
      while (next < probes) {
        lookThrough(order[next++]);
      }
      this.ahead = found.size();
    }

    @Override
    public Neighbors next(int n) {
      Checks.require(n >= 1, "n %d is below 1", n);
      while (next < order.length && found.size() < Math.max(n, ahead)) {
        lookThrough(order[next++]);
      }
      return found.take(n, metric());
    }

    private void lookThrough(int list) {
      int size = lists.end(list) - lists.start(list);
      if (size > 0) {
        NearestRows rows = new NearestRows(size);
        new Block(scorer, accepted, rows).offer(list);
        rows.forEach(found::add);
      }
    }
  }

  private int[] nearestLists(float[] query, int size) {
    int[] all = IntStream.range(0, lists.count()).toArray();
    float[] scores = new float[all.length];
    centres.from(query).score(all, all.length, scores);
    NearestRows nearest = new NearestRows(size);
    nearest.offer(all, all.length, scores, 0);
    return nearest.nearest(size, centres.metric()).ordinals();
  }

  /// Scores accepted places, some at a time. One search.
  private final class Block {
    private final ListScorer scorer;
    private final AcceptedRows accepted;
    private final NearestRows nearest;
    private final int[] block = new int[BLOCK_ROWS];
    private final float[] scores = new float[BLOCK_ROWS];
    private int size;
    private long scored;

    Block(ListScorer scorer, AcceptedRows accepted, NearestRows nearest) {
      this.scorer = scorer;
      this.accepted = accepted;
      this.nearest = nearest;
    }

    void offer(int list) {
      int[] rows = lists.rows();
      boolean all = accepted instanceof AcceptedRows.All;
      for (int place = lists.start(list); place < lists.end(list); place++) {
        if (all || accepted.accepts(rows[place])) {
          block[size++] = place;
          if (size == BLOCK_ROWS) {
            score(list);
          }
        }
      }
      score(list);
    }

    private void score(int list) {
      scorer.score(list, lists.start(list), block, size, scores);
      scored += size;
      for (int i = 0; i < size; i++) {
        nearest.offer(NearKey.of(scores[i], lists.rows()[block[i]]));
      }
      size = 0;
    }
  }
}
