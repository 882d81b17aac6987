package io.elanus.rootcoord;

import java.util.List;

/// How large the catalog is.
///
/// @param pins marks that are kept readable
/// @param collections without those that are being dropped, with so many `partitions` and `shards` in all
public record CatalogCounts(int databases, int collections, int partitions, int shards, int pins) {
  static CatalogCounts of(CatalogState state, int pins) {
    var active = state.collections().values().stream().filter(CatalogState::isActive).toList();
    return new CatalogCounts(
        state.databases().size(),
        active.size(),
        active.stream().map(c -> c.partitions()).mapToInt(List::size).sum(),
        active.stream().mapToInt(c -> c.shardCount()).sum(),
        pins);
  }
}
