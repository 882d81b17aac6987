package io.elanus.common.model;

/// A label of rows within a collection.
public record Partition(PartitionId id, String name, long createdTimestamp) {
  public static final String DEFAULT_NAME = "_default";

  /// The name of a partition that holds rows by their partition key.
  public static String keyed(int index) {
    return "%s_%d".formatted(DEFAULT_NAME, index);
  }
}
