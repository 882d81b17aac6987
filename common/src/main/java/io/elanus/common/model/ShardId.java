package io.elanus.common.model;

import java.util.Comparator;

/// One shard of a collection.
///
/// @param index from 0; fixed when the collection is created
public record ShardId(CollectionId collection, int index) implements Comparable<ShardId> {
  private static final Comparator<ShardId> ORDER =
      Comparator.comparing(ShardId::collection).thenComparingInt(ShardId::index);

  @Override
  public int compareTo(ShardId other) {
    return ORDER.compare(this, other);
  }

  @Override
  public String toString() {
    return collection + "/" + index;
  }
}
