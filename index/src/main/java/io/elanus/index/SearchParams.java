package io.elanus.index;

/// How hard to search.
public sealed interface SearchParams {
  /// Score every accepted row: the true nearest neighbours.
  record Exact() implements SearchParams {}

  /// Walk the graph keeping the `ef` nearest rows met; `ef` is raised to k. More finds more and
  /// costs more. An index without a graph scans.
  record Hnsw(int ef) implements SearchParams {
    public Hnsw {
      Checks.require(ef >= 1, "ef %d is below 1", ef);
    }
  }
}
