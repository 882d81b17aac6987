package io.elanus.index;

import java.lang.foreign.MemorySegment;

/// Finds the sparse vectors of the greatest inner products by the rows of each term. Immutable; any number of threads
/// may search at once.
public final class SparseIndex implements Index {
  /// Of a search that leaves terms out: so many times more rows than wanted are scored with all terms.
  private static final int REFINED = 2;

  private final SparsePostings postings;
  private final SparseVectors vectors;

  private SparseIndex(SparsePostings postings, SparseVectors vectors) {
    this.postings = postings;
    this.vectors = vectors;
  }

  /// Opens the index in `file` over the `vectors` it was built from. Both are borrowed: their owner keeps them alive and
  /// unchanged while the index is in use.
  ///
  /// Reads every byte of the file once, and its structure again. Throws IndexCorruptException if a byte is not as
  /// written, if something leads nowhere, or if the index is over other numbers of vectors and entries.
  public static SparseIndex map(MemorySegment file, SparseVectors vectors) {
    IndexFile.verify(file);
    return open(file, vectors);
  }

  /// As [#map], of a file whose bytes are known to be as they were written: only its structure is looked at.
  public static SparseIndex open(MemorySegment file, SparseVectors vectors) {
    SparseHeader header = SparseHeader.read(file);
    long entries = entries(vectors);
    IndexFile.verify(
        header.count() == vectors.count() && header.postings() == entries,
        "index is over %d vectors of %d entries, opened with %d of %d",
        header.count(),
        header.postings(),
        vectors.count(),
        entries);
    return new SparseIndex(SparsePostings.read(header, file), vectors);
  }

  /// Uses an index just built, without a file.
  public static SparseIndex of(BuiltIndex built, SparseVectors vectors) {
    return open(built.file(), vectors);
  }

  private static long entries(SparseVectors vectors) {
    long bytes = 0;
    for (int row = 0; row < vectors.count(); row++) {
      bytes += vectors.length(row);
    }
    return bytes / SparseVectors.ENTRY_BYTES;
  }

  @Override
  public int count() {
    return vectors.count();
  }

  /// The nearest `k` accepted rows whose inner product with `query` is above 0: fewer only when there are no more. The
  /// scores and their order are those of a [SparseScan]; which rows are found, too, unless `params` leave terms out.
  ///
  /// `query` is a sparse vector and `k` >= 1, else IllegalArgumentException.
  public Neighbors search(byte[] query, int k, SearchParams params, AcceptedRows accepted) {
    Checks.require(k >= 1, "k %d is below 1", k);
    SparseQuery whole = SparseQuery.of(query);
    return switch (params) {
      case SearchParams.Sparse(float dropRatio) -> approximate(whole, dropRatio, k, accepted);
      case SearchParams.Exact _,
          SearchParams.Hnsw _,
          SearchParams.Walk _,
          SearchParams.Ivf _,
          SearchParams.Bands _ ->
          exact(whole, k, accepted);
    };
  }

  private Neighbors exact(SparseQuery query, int k, AcceptedRows accepted) {
    SparseWalk walk = new SparseWalk(postings, vectors.count(), query, accepted);
    return walk.isLongerThanScan(query.size())
        ? new SparseScan(vectors).nearest(query, k, accepted)
        : walk.nearest(k);
  }

  /// Rows that are near to the query's heaviest terms, by their inner products with the whole query.
  private Neighbors approximate(SparseQuery query, float dropRatio, int k, AcceptedRows accepted) {
    SparseQuery heaviest = query.without(dropRatio);
    int candidates = (int) Math.min((long) REFINED * k, Integer.MAX_VALUE - 8);
    Neighbors found = heaviest == query ? Neighbors.NONE : exact(heaviest, candidates, accepted);
    if (found.size() < k) {
      return exact(query, k, accepted);
    }
    NearestRows nearest = new NearestRows(k);
    for (int row : found.ordinals()) {
      float product = query.product(vectors, row);
      if (product > 0) {
        nearest.offer(NearKey.of(0f - product, row));
      }
    }
    return nearest.size() < k
        ? exact(query, k, accepted)
        : nearest.nearest(k, Metric.INNER_PRODUCT);
  }
}
