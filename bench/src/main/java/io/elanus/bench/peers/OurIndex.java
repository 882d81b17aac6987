package io.elanus.bench.peers;

import io.elanus.index.IndexParams;
import io.elanus.index.Metric;
import io.elanus.index.Quantization;
import io.elanus.index.SearchParams;
import java.util.Locale;

/// Our indexes, by the names of `--ours`. One more is one more line.
enum OurIndex {
  HNSW(false, Quantization.NONE),
  HNSW_SQ7(false, Quantization.SQ7),
  HNSW_SQ4(false, Quantization.SQ4),
  HNSW_BIT(false, Quantization.BIT),
  IVF(true, Quantization.NONE),
  IVF_SQ7(true, Quantization.SQ7),
  IVF_SQ4(true, Quantization.SQ4),
  IVF_BIT(true, Quantization.BIT);

  private static final long SEED = 1;

  private final boolean lists;
  private final Quantization quantization;

  OurIndex(boolean lists, Quantization quantization) {
    this.lists = lists;
    this.quantization = quantization;
  }

  /// Throws IllegalArgumentException where there is none of that name.
  static OurIndex parse(String name) {
    return valueOf(name.toUpperCase(Locale.ROOT).replace('-', '_'));
  }

  IndexParams params(Metric metric, Shape shape) {
    return lists
        ? new IndexParams.Ivf(metric, shape.lists, quantization, SEED)
        : new IndexParams.Hnsw(metric, shape.m, shape.efConstruction, quantization, SEED);
  }

  /// @param effort lists to look through, or ef
  SearchParams search(int effort) {
    return lists ? new SearchParams.Ivf(effort) : new SearchParams.Hnsw(effort);
  }
}
