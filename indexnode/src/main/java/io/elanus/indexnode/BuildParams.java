package io.elanus.indexnode;

import io.elanus.common.error.ErrorCode;
import io.elanus.common.model.ResolvedIndex;
import io.elanus.index.IndexParams;
import io.elanus.index.Metric;
import io.elanus.index.Quantization;
import io.elanus.segment.column.DenseColumn;

/// From the product's words for an index to the library's.
final class BuildParams {
  /// Users may ask for any number, as of Milvus; more than this finds nothing more, and each row that is inserted would see a large part
  /// of all.
  private static final int MAX_EF_CONSTRUCTION = 8192;

  private BuildParams() {}

  /// @param seed the same segment gets the same index
  static IndexParams of(ResolvedIndex index, long seed) {
    return switch (index) {
      case ResolvedIndex.Hnsw hnsw ->
          new IndexParams.Hnsw(
              metric(hnsw.metric()),
              hnsw.m(),
              Math.min(hnsw.efConstruction(), MAX_EF_CONSTRUCTION),
              quantization(hnsw.codes()),
              seed);
      case ResolvedIndex.Paged paged ->
          new IndexParams.Paged(
              metric(paged.metric()), paged.maxDegree(), paged.efConstruction(), seed);
      case ResolvedIndex.Ivf ivf ->
          new IndexParams.Ivf(metric(ivf.metric()), ivf.lists(), quantization(ivf.codes()), seed);
      case ResolvedIndex.Sparse _ -> new IndexParams.Sparse();
      case ResolvedIndex.MinHash(int elementBytes, int bands) ->
          new IndexParams.MinHash(elementBytes, bands);
      case ResolvedIndex.Flat _, ResolvedIndex.FlatMinHash _ ->
          throw ErrorCode.INDEX_NOT_SUPPORTED.because("a FLAT index has no file to build");
    };
  }

  private static Quantization quantization(ResolvedIndex.Codes codes) {
    return switch (codes) {
      case NONE -> Quantization.NONE;
      case BYTES -> Quantization.SQ7;
      case HALF_BYTES -> Quantization.SQ4;
      case BITS -> Quantization.BIT;
    };
  }

  /// Of an index over lists of vectors that of the vectors: it is over all of them.
  private static Metric metric(io.elanus.common.model.Metric metric) {
    return DenseColumn.metric(metric.ofVectors())
        .orElseThrow(() ->
            ErrorCode.INDEX_NOT_SUPPORTED.because("an index of numbers has no metric %s", metric));
  }
}
