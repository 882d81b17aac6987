package io.elanus.index;

/// Builds what [VectorIndex#map] opens.
public final class IndexBuilder {
  private IndexBuilder() {}

  /// Builds an index over `vectors`.
  ///
  /// Throws CancellationException when cancelled, IllegalArgumentException for [IndexParams.Flat], of which there is
  /// nothing to build.
  public static BuiltIndex build(FloatVectors vectors, IndexParams params, BuildControl control) {
    return switch (params) {
      case IndexParams.Hnsw hnsw -> HnswBuilder.build(vectors, hnsw, control);
      case IndexParams.Ivf ivf -> IvfBuilder.build(vectors, ivf, control);
      case IndexParams.Flat _ -> throw new IllegalArgumentException("a flat index is not built");
    };
  }
}
