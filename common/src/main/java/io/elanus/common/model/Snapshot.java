package io.elanus.common.model;

import io.elanus.common.object.ObjectKey;
import java.util.List;

/// A collection as of a point of log order, kept until it is dropped, or the collection is.
///
/// It names a manifest of each shard that covers the point and can be read there: whatever is flushed, merged,
/// truncated or dropped afterwards leaves that manifest and all it names in the bucket.
///
/// @param name unique within the collection
/// @param collection as it was there, with nothing pending
/// @param indexes of the collection, at some instant between the call and its answer
/// @param mark its Mark is in the log of every shard
/// @param shards by shard index
public record Snapshot(
    long id,
    String name,
    String description,
    Collection collection,
    List<IndexDefinition> indexes,
    long mark,
    List<Image> shards) {
  public Snapshot {
    indexes = List.copyOf(indexes);
    shards = List.copyOf(shards);
    if (shards.size() != collection.shardCount()) {
      throw new IllegalArgumentException(
          "%d images of %d shards".formatted(shards.size(), collection.shardCount()));
    }
  }

  /// A shard as of the mark: what `manifest` has at `version`.
  public record Image(ObjectKey manifest, long version) {}

  public CollectionId of() {
    return collection.id();
  }
}
