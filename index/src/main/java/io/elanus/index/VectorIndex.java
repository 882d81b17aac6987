package io.elanus.index;

import java.lang.foreign.MemorySegment;
import java.util.List;

/// Finds the nearest of `count` vectors. Immutable; any number of threads may search at once.
public sealed interface VectorIndex extends Index permits FlatIndex, HnswIndex, IvfIndex {
  /// Opens the index in `file`, of whichever kind, over the `vectors` it was built from. Both are borrowed: their
  /// owner keeps them alive and unchanged while the index is in use.
  ///
  /// Reads every byte of the file once, and its structure again. Throws IndexCorruptException if a byte is not as
  /// written, if something leads nowhere, or if the index is over vectors of another count, dimension
  /// or type of values.
  static VectorIndex map(MemorySegment file, DenseVectors vectors) {
    IndexFile.verify(file);
    return open(file, vectors);
  }

  /// As [#map], of a file whose bytes are known to be as they were written: only its structure is looked at.
  static VectorIndex open(MemorySegment file, DenseVectors vectors) {
    return switch (IndexFile.kind(file)) {
      case HNSW, HNSW_SQ, HNSW_BIT, HNSW_PAGED -> HnswIndex.open(file, vectors);
      case IVF_FLAT, IVF_SQ, IVF_BIT -> IvfIndex.open(file, vectors);
      case SPARSE_INVERTED ->
          throw new IndexCorruptException("the index is over sparse vectors, not over dense ones");
      case MINHASH_LSH ->
          throw new IndexCorruptException("the index is over vectors of bits, not of numbers");
    };
  }

  /// Uses an index just built, without a file.
  static VectorIndex of(BuiltIndex built, DenseVectors vectors) {
    return open(built.file(), vectors);
  }

  /// Whether searches read a few bytes of the file here and a few there.
  default boolean readsAtRandom() {
    return false;
  }

  /// Whether they read so of the vectors that the index is over.
  default boolean readsVectorsAtRandom() {
    return readsAtRandom();
  }

  int dimension();

  Metric metric();

  /// The nearest `k` accepted rows, or all accepted rows when they are fewer: a result is shorter
  /// than `k` only if less than `k` rows are accepted.
  ///
  /// `query` has `dimension()` values and `k` >= 1, else IllegalArgumentException.
  default Neighbors search(float[] query, int k, SearchParams params, AcceptedRows accepted) {
    return search(query, k, params, accepted, new SearchWork());
  }

  /// As above.
  ///
  /// @param work is told what is done for it
  Neighbors search(
      float[] query, int k, SearchParams params, AcceptedRows accepted, SearchWork work);

  /// The accepted rows nearest first, for who does not know yet how many are enough. `query` is borrowed until the last is given; it
  /// has `dimension()` values, else IllegalArgumentException.
  NeighborCursor cursor(float[] query, SearchParams params, AcceptedRows accepted);

  /// Answers many queries, in their order, each exactly as `search` would. An index that scans
  /// reads its rows once for all of them.
  default List<Neighbors> searchBatch(
      List<float[]> queries, int k, SearchParams params, AcceptedRows accepted) {
    return searchBatch(queries, k, params, accepted, ScoreLimits.NONE);
  }

  /// As above, but rows that the limits rule out need not be found: any of them may be missing, and a result is shorter then. A search
  /// with [SearchParams.Exact] leaves out all that were given before.
  List<Neighbors> searchBatch(
      List<float[]> queries, int k, SearchParams params, AcceptedRows accepted, ScoreLimits limits);
}
