package io.elanus.index;

/// How hard to search.
public sealed interface SearchParams {
  /// Score every accepted row: the true nearest neighbours.
  record Exact() implements SearchParams {}

  /// Choose rows without the terms of a sparse query that weigh least, `dropRatio` of them; what is chosen is scored with
  /// all terms. 0 is exact. Other indexes keep as many candidates, or look through as many lists, as by default.
  record Sparse(float dropRatio) implements SearchParams {
    public Sparse {
      Checks.require(
          dropRatio >= 0 && dropRatio < 1, "ratio %s of dropped terms is not in [0, 1)", dropRatio);
    }
  }

  /// Look through the `probes` lists nearest to the query. More finds more and costs more. An index without lists
  /// keeps as many candidates as by default, or scans.
  record Ivf(int probes) implements SearchParams {
    public static final int DEFAULT_PROBES = 8;

    public Ivf {
      Checks.require(probes >= 1, "probes %d is below 1", probes);
    }
  }

  /// Walk the graph keeping the `ef` nearest rows met; `ef` is raised to k. More finds more and
  /// costs more. An index without a graph looks through as many lists as by default, or scans.
  record Hnsw(int ef) implements SearchParams {
    /// At the 10 results that are asked for most, less would miss too many.
    public static final int DEFAULT_EF = 64;

    public Hnsw {
      Checks.require(ef >= 1, "ef %d is below 1", ef);
    }
  }
}
