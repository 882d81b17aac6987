package io.elanus.index;

/// Builds what [VectorIndex#map], [SparseIndex#map] and [MinHashIndex#map] open.
public final class IndexBuilder {
  private IndexBuilder() {}

  /// Builds an index over `vectors`.
  ///
  /// Throws CancellationException when cancelled, IllegalArgumentException for [IndexParams.Flat], of which there is
  /// nothing to build.
  public static BuiltIndex build(DenseVectors vectors, IndexParams params, BuildControl control) {
    return switch (params) {
      case IndexParams.Hnsw hnsw -> HnswBuilder.build(vectors, hnsw, control);
      case IndexParams.Paged paged -> LinkedBitsBuilder.build(vectors, paged, control);
      case IndexParams.Ivf ivf -> IvfBuilder.build(vectors, ivf, control);
      case IndexParams.Flat _ -> throw new IllegalArgumentException("a flat index is not built");
      case IndexParams.Sparse _, IndexParams.MinHash _ ->
          throw new IllegalArgumentException("no index %s over dense vectors".formatted(params));
    };
  }

  /// Builds an index over sparse `vectors`: what [SparseIndex#map] opens.
  ///
  /// Throws CancellationException when cancelled, IllegalArgumentException for indexes of dense vectors.
  public static BuiltIndex build(SparseVectors vectors, IndexParams params, BuildControl control) {
    return switch (params) {
      case IndexParams.Sparse _ -> SparseBuilder.build(vectors, control);
      case IndexParams.Hnsw _,
          IndexParams.Paged _,
          IndexParams.Ivf _,
          IndexParams.Flat _,
          IndexParams.MinHash _ ->
          throw new IllegalArgumentException("no index %s over sparse vectors".formatted(params));
    };
  }

  /// Builds an index over `vectors` of bits: what [MinHashIndex#map] opens.
  ///
  /// Throws CancellationException when cancelled, IllegalArgumentException for indexes of other vectors.
  public static BuiltIndex build(BitVectors vectors, IndexParams params, BuildControl control) {
    return switch (params) {
      case IndexParams.MinHash(int elementBytes, int bands) ->
          MinHashBuilder.build(new Signatures(vectors, elementBytes, bands), control);
      case IndexParams.Hnsw _,
          IndexParams.Paged _,
          IndexParams.Ivf _,
          IndexParams.Flat _,
          IndexParams.Sparse _ ->
          throw new IllegalArgumentException("no index %s over bits".formatted(params));
    };
  }
}
