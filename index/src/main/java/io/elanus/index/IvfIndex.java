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
  private final IvfHeader header;
  private final IvfLists lists;
  private final NearestLists nearestLists;

  /// Of places: by the vectors there, or by codes of them.
  private final ListScoring places;

  private final ExactScan scan;

  private IvfIndex(IvfHeader header, IvfLists lists, MemorySegment file, DenseVectors vectors) {
    this.header = header;
    this.lists = lists;
    this.nearestLists = NearestLists.of(header, lists, file);
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
    int probes = nearestLists.probes(params, accepted);
    return probes == 0
        ? scan.nearest(query, k, accepted, work)
        : probe(query, k, probes, params.refine(), accepted, Long.MAX_VALUE, work);
  }

  @Override
  public NeighborCursor cursor(float[] query, SearchParams params, AcceptedRows accepted) {
    Checks.requireDimension(query, dimension());
    int probes = nearestLists.probes(params, accepted);
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
    int probes = nearestLists.probes(params, accepted);
    return probes == 0
        ? scan.nearest(queries, k, accepted, limits)
        : IntStream.range(0, queries.size())
            .mapToObj(q -> {
              long limit = limits.of(q, metric());
              return probe(
                  queries.get(q), k, probes, params.refine(), accepted, limit, new SearchWork());
            })
            .toList();
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
    ListProbe probe = new ListProbe(lists, places.from(query), accepted, nearest);
    int[] order = nearestLists.enough(query, probes, wanted, accepted);
    for (int list : order) {
      probe.lookThrough(list);
    }
    work.lookedThrough(order.length, probe.scored());
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
      this.order = nearestLists.nearest(query, lists.count());
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
      int size = lists.size(list);
      if (size > 0) {
        NearestRows rows = new NearestRows(size);
        new ListProbe(lists, scorer, accepted, rows).lookThrough(list);
        rows.forEach(found::add);
      }
    }
  }
}
