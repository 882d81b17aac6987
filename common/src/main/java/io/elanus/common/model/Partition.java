package io.elanus.common.model;

/// A label of rows within a collection.
public record Partition(PartitionId id, String name, long createdTimestamp) {
  public static final String DEFAULT_NAME = "_default";
}
